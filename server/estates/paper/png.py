"""One sheet as PNG, for sending in a chat or printing in a copy shop."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from server.estates.fonts import Face
from server.estates.paper.canvas import BOLD_STROKE
from server.estates.qr import Code

DPI = 300
PIXELS = DPI / 25.4


class PngCanvas:
    """One sheet of pixels at 300 dpi."""

    def __init__(self, width: float, height: float, *, face: Face) -> None:
        self.face = face
        self.image = Image.new("RGB", (round(width * PIXELS), round(height * PIXELS)), "white")
        self.pen = ImageDraw.Draw(self.image)

    def rect(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """A filled rectangle."""
        box = [round(x * PIXELS), round(y * PIXELS), round((x + width) * PIXELS) - 1]
        self.pen.rectangle((*box, max(box[1], round((y + height) * PIXELS) - 1)), fill=colour)

    def text(self, x: float, y: float, words: str, *, size: float, colour: str, bold: bool = False) -> None:
        """One line of words from its left end on its baseline."""
        self.pen.text(
            (x * PIXELS, y * PIXELS),
            words,
            font=_font(self.face, size * PIXELS),
            fill=colour,
            anchor="ls",
            stroke_width=size * PIXELS * BOLD_STROKE / 2 if bold else 0,
        )

    def code(self, x: float, y: float, side: float, code: Code) -> None:
        """A QR code of whole pixels a module, in the middle of its box."""
        self.rect(x, y, side, side, colour="#ffffff")
        unit = int(side * PIXELS / code.side)
        margin = (side * PIXELS - unit * code.side) / 2
        left, top = round(x * PIXELS + margin), round(y * PIXELS + margin)
        for b in code.blocks:
            corner = (left + b.x * unit, top + b.y * unit)
            self.pen.rectangle(
                (*corner, corner[0] + b.width * unit - 1, corner[1] + b.height * unit - 1), fill="#000000"
            )

    def finished(self) -> bytes:
        """The whole file."""
        out = BytesIO()
        self.image.save(out, "PNG", dpi=(DPI, DPI))
        return out.getvalue()


@lru_cache(maxsize=64)
def _font(face: Face, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.path, pixels, index=face.number, layout_engine=ImageFont.Layout.BASIC)
