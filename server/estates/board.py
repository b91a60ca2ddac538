"""The contact board of an estate, A4 or A3: who does what, whom to call, and the estate's code (奇政办发〔2023〕28号 三(一)3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.core.errors import Invalid
from server.estates.fonts import Face
from server.estates.paper.canvas import POINT
from server.estates.paper.draw import PosterSpec, draw
from server.estates.paper.layout import load_layout
from server.estates.paper.pdf import PdfCanvas
from server.estates.paper.table import Grid, Row, pages

HEADINGS = ("部门", "职责", "联系人", "电话")
COLUMNS = (40.0, 72.0, 28.0, 40.0)
SIZES = (15, 14, 13, 12, 11, 10, 9)
LEFT, TOP, ROOM = 15.0, 40.0, 180.0
LINE, GREEN, INK, WHITE = "#c8ccd0", "#06793c", "#1a1a1a", "#ffffff"
HAIR = 0.3


class Paper(StrEnum):
    """The two sizes a board is hung in."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True, slots=True)
class Contact:
    """One row of a board."""

    department: str
    duty: str
    contact: str
    phone: str

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The row in the order of the headings."""
        return self.department, self.duty, self.contact, self.phone


@dataclass(frozen=True, slots=True)
class BoardSpec:
    """What one board says; `confirmed_on` is the day somebody last made sure of it."""

    place: PosterSpec
    contacts: tuple[Contact, ...]
    confirmed_on: date


def board_pdf(spec: BoardSpec, *, face: Face, paper: Paper = Paper.A4) -> bytes:
    """The board, on one page where nine points still fit; Invalid without a row or for letters the font lacks."""
    if not spec.contacts:
        raise Invalid("公示牌还没有联系人，请先填写再打印。")
    for contact in spec.contacts:
        face.check(line for cell in contact.cells for line in cell.splitlines())
    layout = load_layout("board")
    grid, head, sheets = _fitted(spec.contacts, face=face)
    title = f"{spec.place.estate_name} 联系公示牌"
    with PdfCanvas(layout.width, layout.height, face=face, title=title, enlarged=_enlarged(paper)) as canvas:
        for number, rows in enumerate(sheets, start=1):
            canvas.new_sheet()
            draw(layout, spec.place, canvas, face=face)
            _table(canvas, grid, [head, *rows])
            _foot(canvas, spec.confirmed_on, f"第 {number} 页，共 {len(sheets)} 页")
        return canvas.finished()


def _fitted(contacts: Sequence[Contact], *, face: Face) -> tuple[Grid, Row, list[list[Row]]]:
    """The largest letters with which all rows stand on one page, else the smallest on several."""
    for points in SIZES:
        grid = Grid(COLUMNS, points * POINT)
        head = grid.row(HEADINGS, face=face)
        sheets = pages([grid.row(one.cells, face=face) for one in contacts], room=ROOM - head.height)
        if len(sheets) == 1:
            break
    return grid, head, sheets


def _table(canvas: PdfCanvas, grid: Grid, rows: Sequence[Row]) -> None:
    width, y = sum(COLUMNS), TOP
    canvas.rect(LEFT, y, width, rows[0].height, colour=GREEN)
    for number, row in enumerate(rows):
        grid.draw(row, canvas, LEFT, y, colour=INK if number else WHITE, bold=not number)
        y += row.height
        canvas.rect(LEFT, y, width, HAIR, colour=LINE)
    for edge in range(len(COLUMNS) + 1):
        canvas.rect(LEFT + sum(COLUMNS[:edge]), TOP, HAIR, y - TOP, colour=LINE)


def _foot(canvas: PdfCanvas, confirmed_on: date, page: str) -> None:
    words = f"{confirmed_on.year}年{confirmed_on.month}月{confirmed_on.day}日核对  {page}"
    canvas.text(80, 287, words, size=10 * POINT, colour="#5c6066")


def _enlarged(paper: Paper) -> float:
    """A3 is the same sheet, enlarged: it is read from farther away."""
    return 297 / 210 if paper is Paper.A3 else 1.0
