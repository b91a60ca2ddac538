"""Posters for the wall, A4: one estate or a whole county."""

from collections.abc import Sequence

from server.core.errors import Invalid
from server.estates.fonts import Face
from server.estates.paper.draw import PosterSpec, draw
from server.estates.paper.layout import load_layout
from server.estates.paper.pdf import PdfCanvas
from server.estates.paper.png import PngCanvas
from server.estates.paper.svg import SvgCanvas

LAYOUT = "poster_a4"


def posters_pdf(specs: Sequence[PosterSpec], *, face: Face) -> bytes:
    """One A4 page a poster; Invalid for none at all, or for words that cannot be printed."""
    if not specs:
        raise Invalid("没有可以打印的小区。")
    layout = load_layout(LAYOUT)
    title = f"{specs[0].county_name} 码上办海报"
    with PdfCanvas(layout.width, layout.height, face=face, title=title) as canvas:
        for spec in specs:
            canvas.new_sheet()
            draw(layout, spec, canvas, face=face)
        return canvas.finished()


def poster_png(spec: PosterSpec, *, face: Face) -> bytes:
    """One A4 poster at 300 dpi."""
    layout = load_layout(LAYOUT)
    canvas = PngCanvas(layout.width, layout.height, face=face)
    draw(layout, spec, canvas, face=face)
    return canvas.finished()


def poster_svg(spec: PosterSpec, *, face: Face) -> bytes:
    """One A4 poster as vectors."""
    layout = load_layout(LAYOUT)
    canvas = SvgCanvas(layout.width, layout.height, face=face, title=f"{spec.estate_name} 码上办海报")
    draw(layout, spec, canvas, face=face)
    return canvas.finished()
