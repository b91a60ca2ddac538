"""Black boxes over a photo, as fractions of its sides, drawn or chosen from a grid; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

BOXES_MOST = 60
COLUMNS, ROWS = 8, 6
"""The grid by which boxes are chosen without a script."""


@dataclass(frozen=True)
class Box:
    """A black box as fractions of a picture's width and height, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def pixels(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Left, top, right and bottom pixel, the last two included; never smaller than what was drawn."""
        across, down = size
        right, bottom = (self.x + self.width) * across, (self.y + self.height) * down
        return (
            int(self.x * across),
            int(self.y * down),
            min(across - 1, int(-(-right // 1))),
            min(down - 1, int(-(-bottom // 1))),
        )


def boxes_from(drawn: Any, cells: Iterable[int] = ()) -> tuple[Box, ...]:
    """The boxes of a list of `[x, y, width, height]` and of the grid's cells (from 1). Raises ValueError."""
    if not isinstance(drawn, Sequence) or isinstance(drawn, str):
        raise ValueError("a list of boxes")  # noqa: TRY004 - one kind of fault for whatever was sent
    found = [_box(one) for one in drawn] + [_cell(number) for number in dict.fromkeys(cells)]
    if len(found) > BOXES_MOST:
        raise ValueError("too many boxes")
    return tuple(found)


def _box(drawn: Any) -> Box:
    if not isinstance(drawn, list) or len(drawn) != 4:  # noqa: PLR2004 - x, y, width, height
        raise ValueError("a box is four numbers")
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 1 for one in drawn):
        raise ValueError("fractions of the picture")
    x, y, width, height = drawn
    if not (width and height and x < 1 and y < 1):
        raise ValueError("an empty box")
    return Box(x, y, min(width, 1 - x), min(height, 1 - y))


def _cell(number: int) -> Box:
    if not 1 <= number <= COLUMNS * ROWS:
        raise ValueError("no such cell")
    row, column = divmod(number - 1, COLUMNS)
    return Box(column / COLUMNS, row / ROWS, 1 / COLUMNS, 1 / ROWS)
