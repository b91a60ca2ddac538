"""Stickers for doors, lifts and gates: one by one, or as sheets to cut."""

from collections.abc import Sequence

from server.core.errors import Invalid
from server.estates.fonts import Face
from server.estates.paper.draw import PosterSpec, draw
from server.estates.paper.layout import load_layout
from server.estates.paper.pdf import PdfCanvas
from server.estates.paper.png import PngCanvas
from server.estates.paper.svg import SvgCanvas

LAYOUT = "sticker"
SHEET = (210.0, 297.0)
CUT = "#c8ccd0"
HAIR = 0.15


def stickers_pdf(specs: Sequence[PosterSpec], *, face: Face) -> bytes:
    """A4 sheets of as many stickers as fit, with lines to cut along; Invalid as for posters."""
    if not specs:
        raise Invalid("没有可以打印的贴纸。")
    layout, corners = load_layout(LAYOUT), sheet_corners()
    with PdfCanvas(*SHEET, face=face, title=f"{specs[0].county_name} 码上办贴纸") as canvas:
        for number, spec in enumerate(specs):
            if number % len(corners) == 0:
                canvas.new_sheet()
            at = corners[number % len(corners)]
            draw(layout, spec, canvas, face=face, at=at)
            _cut_lines(canvas, at, layout.width, layout.height)
        return canvas.finished()


def sticker_png(spec: PosterSpec, *, face: Face) -> bytes:
    """One sticker at 300 dpi."""
    layout = load_layout(LAYOUT)
    canvas = PngCanvas(layout.width, layout.height, face=face)
    draw(layout, spec, canvas, face=face)
    return canvas.finished()


def sticker_svg(spec: PosterSpec, *, face: Face) -> bytes:
    """One sticker as vectors."""
    layout = load_layout(LAYOUT)
    canvas = SvgCanvas(layout.width, layout.height, face=face, title=f"{spec.estate_name} 码上办贴纸")
    draw(layout, spec, canvas, face=face)
    return canvas.finished()


def sheet_corners() -> list[tuple[float, float]]:
    """The upper left corners of the stickers of one sheet, the whole in its middle."""
    layout = load_layout(LAYOUT)
    columns, rows = int(SHEET[0] // layout.width), int(SHEET[1] // layout.height)
    left, top = (SHEET[0] - columns * layout.width) / 2, (SHEET[1] - rows * layout.height) / 2
    return [(left + x * layout.width, top + y * layout.height) for y in range(rows) for x in range(columns)]


def _cut_lines(canvas: PdfCanvas, at: tuple[float, float], width: float, height: float) -> None:
    x, y = at
    for shift in (0.0, height):
        canvas.rect(x, y + shift, width, HAIR, colour=CUT)
    for shift in (0.0, width):
        canvas.rect(x + shift, y, HAIR, height, colour=CUT)
