"""Tables: cells wrapped to their columns, rows spread over as few pages as will do."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.estates.fonts import Face
from server.estates.paper.canvas import Canvas
from server.estates.paper.draw import ASCENT
from server.estates.paper.lettering import LEADING, wrap

PADDING = 0.45
"""Around the words of a cell, as a part of their size."""


@dataclass(frozen=True, slots=True)
class Row:
    """The lines of each cell, and how high the row is in millimetres."""

    cells: tuple[tuple[str, ...], ...]
    height: float


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's columns in millimetres and the size of its letters."""

    columns: tuple[float, ...]
    size: float

    def row(self, cells: Sequence[str], *, face: Face) -> Row:
        """One row, its cells wrapped."""
        pad = 2 * PADDING * self.size
        lines = tuple(
            tuple(wrap(cell, width=column - pad, size=self.size, measure=face.width))
            for cell, column in zip(cells, self.columns, strict=True)
        )
        return Row(lines, max(map(len, lines)) * self.size * LEADING + pad)

    def draw(self, row: Row, canvas: Canvas, x: float, y: float, *, colour: str, bold: bool = False) -> None:
        """The words of a row whose upper left corner is at x, y."""
        for lines, column in zip(row.cells, self.columns, strict=True):
            top = y + (row.height - len(lines) * self.size * LEADING) / 2 + (LEADING - 1) / 2 * self.size
            for number, line in enumerate(lines):
                baseline = top + (number * LEADING + ASCENT) * self.size
                canvas.text(x + PADDING * self.size, baseline, line, size=self.size, colour=colour, bold=bold)
            x += column


def pages(rows: Sequence[Row], *, room: float) -> list[list[Row]]:
    """The rows in order, page by page, each page filled up to its room; a row higher than a page has its own."""
    done: list[list[Row]] = [[]]
    left = room
    for row in rows:
        if done[-1] and row.height > left:
            done.append([])
            left = room
        done[-1].append(row)
        left -= row.height
    return done
