"""QR codes as modules and as few rectangles as will do; where they are drawn is another file's matter."""

from dataclasses import dataclass
from enum import IntEnum

import qrcode
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_Q

QUIET = 4
"""Light modules around the code, as the standard asks."""


class Level(IntEnum):
    """How much of a code may be lost: about 8 percent of its area indoors, 10 outdoors."""

    INDOORS = ERROR_CORRECT_Q
    OUTDOORS = ERROR_CORRECT_H


@dataclass(frozen=True, slots=True)
class Block:
    """A dark rectangle, in modules from the upper left corner of the quiet zone."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Code:
    """One code: modules on a side with its quiet zone, and its dark blocks, none overlapping."""

    side: int
    blocks: tuple[Block, ...]


def encode(text: str, *, level: Level = Level.INDOORS) -> Code:
    """The code of an ordinary ASCII address; ValueError for other letters, which scanners read differently."""
    if not text.isascii():
        raise ValueError("a QR code of ours holds ASCII only")
    code = qrcode.QRCode(error_correction=level, border=0)
    code.add_data(text)
    code.make()
    rows = [[bool(module) for module in row] for row in code.get_matrix()]
    return Code(len(rows) + 2 * QUIET, tuple(merged(rows)))


def merged(rows: list[list[bool]]) -> list[Block]:
    """The dark modules as blocks: runs along a row, joined with equal runs right below."""
    done: list[Block] = []
    growing: dict[tuple[int, int], int] = {}
    for y, row in enumerate([*rows, []]):
        runs = _runs(row)
        done += [
            Block(x + QUIET, top + QUIET, width, y - top)
            for (x, width), top in growing.items()
            if (x, width) not in runs
        ]
        growing = {run: growing.get(run, y) for run in runs}
    return done


def _runs(row: list[bool]) -> dict[tuple[int, int], None]:
    """Start and length of each run of dark modules."""
    runs: dict[tuple[int, int], None] = {}
    start = -1
    for x, dark in enumerate([*row, False]):
        if dark and start < 0:
            start = x
        elif not dark and start >= 0:
            runs[start, x - start] = None
            start = -1
    return runs
