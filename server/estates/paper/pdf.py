"""Sheets as one PDF: vector codes, selectable words, the font's used letters embedded once."""

from typing import Self

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from server.estates.fonts import Face
from server.estates.paper.canvas import BOLD_STROKE, POINT, rgb
from server.estates.qr import Code


class PdfCanvas:
    """A PDF of sheets of one size, printed `enlarged` times as large; used in a `with`, `new_sheet` before each."""

    def __init__(self, width: float, height: float, *, face: Face, title: str, enlarged: float = 1) -> None:
        self.enlarged = enlarged
        self.pdf = _Paper(unit=enlarged / POINT, format=(width, height))
        self.pdf.set_auto_page_break(auto=False)
        self.pdf.set_title(title)
        self.pdf.set_lang("zh-CN")
        self.pdf.add_font("face", "", face.path, collection_font_number=face.number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        font = self.pdf.fonts["face"]
        if isinstance(font, TTFFont):
            # fpdf2 leaves the font's file open.
            font.ttfont.close()

    def new_sheet(self) -> None:
        """Begin the next page."""
        self.pdf.add_page()
        self.pdf.set_font("face", "", 12)

    def rect(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """A filled rectangle."""
        self.pdf.set_fill_color(*rgb(colour))
        self.pdf.rect(x, y, width, height, style="F")

    def text(self, x: float, y: float, words: str, *, size: float, colour: str, bold: bool = False) -> None:
        """One line of words from its left end on its baseline."""
        self.pdf.set_font_size(size * self.pdf.k)
        self.pdf.set_text_color(*rgb(colour))
        self.pdf.set_draw_color(*rgb(colour))
        # There is one weight in the font that comes along: bold is the outline drawn as well.
        self.pdf.text_mode = TextMode.FILL_STROKE if bold else TextMode.FILL
        self.pdf.set_line_width(size * BOLD_STROKE * self.pdf.k)
        self.pdf.text(x, y, words)

    def code(self, x: float, y: float, side: float, code: Code) -> None:
        """A QR code, quiet zone included, as one filled path."""
        self.rect(x, y, side, side, colour="#ffffff")
        self.pdf.set_fill_color(0, 0, 0)
        self.pdf.blocks(x, y, side / code.side, code)

    def finished(self) -> bytes:
        """The whole file."""
        return bytes(self.pdf.output())


class _Paper(FPDF):
    def blocks(self, x: float, y: float, module: float, code: Code) -> None:
        """All dark blocks as one path: one fill leaves no hairline between neighbours."""
        left, top, unit = x * self.k, (self.h - y) * self.k, module * self.k
        path = (
            f"{left + b.x * unit:.3f} {top - (b.y + b.height) * unit:.3f} {b.width * unit:.3f} {b.height * unit:.3f} re"
            for b in code.blocks
        )
        self._out(" ".join((*path, "f")))
