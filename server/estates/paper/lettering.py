"""Words into lines: Chinese breaks between any two letters, a number or Latin word stays whole, no line starts with a stop."""

import re
from collections.abc import Callable
from dataclasses import dataclass

PIECES = re.compile(r"[A-Za-z0-9@#.:/_+\-]+|\s+|.", re.DOTALL)
NEVER_FIRST = frozenset("，。、；：！？）》】”’〉」』%,.;:!?)]}·")
NEVER_LAST = frozenset("（《【“‘〈「『([{")
LEADING = 1.3
"""From one baseline to the next, as a part of the size."""
STEP = 0.94

Measure = Callable[[str, float], float]


@dataclass(frozen=True, slots=True)
class Setting:
    """How some words fit into a box: the lines and their size."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """How high the lines stand together."""
        return len(self.lines) * self.size * LEADING


def fit(
    words: str, *, width: float, height: float, size: float, least: float, measure: Measure
) -> Setting | None:
    """The words in the largest size between `size` and `least` that fits the box; None where even the least does not."""
    while size >= least:
        lines = wrap(words, width=width, size=size, measure=measure)
        setting = Setting(tuple(lines), size)
        if setting.height <= height and all(measure(line, size) <= width for line in lines):
            return setting
        size *= STEP
    return None


def wrap(words: str, *, width: float, size: float, measure: Measure) -> list[str]:
    """The words in lines no longer than the width; a piece longer than a line is cut."""
    lines: list[str] = []
    for paragraph in words.splitlines() or [""]:
        line = ""
        for piece in _pieces(paragraph, width=width, size=size, measure=measure):
            if line and measure((line + piece).rstrip(), size) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return lines


def _pieces(words: str, *, width: float, size: float, measure: Measure) -> list[str]:
    """What must not be torn apart: words, and stops with the letter before them."""
    glued: list[str] = []
    for piece in PIECES.findall(words):
        if glued and (piece[0] in NEVER_FIRST or glued[-1][-1] in NEVER_LAST):
            glued[-1] += piece
        else:
            glued.append(piece)
    return [part for piece in glued for part in ([piece] if measure(piece, size) <= width else piece)]
