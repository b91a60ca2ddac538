"""One sheet as SVG whose words are outlines, so that it looks right where no Chinese font is installed."""

from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from server.estates.fonts import Face
from server.estates.paper.canvas import BOLD_STROKE
from server.estates.qr import Code


class SvgCanvas:
    """One sheet of vectors; each line of words keeps its text as a label for search and screen readers."""

    def __init__(self, width: float, height: float, *, face: Face, title: str) -> None:
        self.size, self.face, self.title = (width, height), face, title
        self.marks: list[str] = []
        self.used: dict[str, None] = {}

    def rect(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """A filled rectangle."""
        self.marks.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{colour}"/>'
        )

    def text(self, x: float, y: float, words: str, *, size: float, colour: str, bold: bool = False) -> None:
        """One line of words from its left end on its baseline."""
        stroke = f' stroke="{colour}" stroke-width="{BOLD_STROKE:g}"' if bold else ""
        letters, at = [], 0.0
        for letter in words:
            if outline(self.face, letter):
                self.used[letter] = None
                letters.append(f'<use href="#g{ord(letter):x}" x="{at:g}"/>')
            at += self.face.width(letter, 1)
        self.marks.append(
            f'<g role="img" aria-label={quoteattr(words)} fill="{colour}"{stroke} '
            f'transform="translate({x:g} {y:g}) scale({size:g})">{"".join(letters)}</g>'
        )

    def code(self, x: float, y: float, side: float, code: Code) -> None:
        """A QR code, quiet zone included, as one path."""
        self.rect(x, y, side, side, colour="#ffffff")
        path = "".join(f"M{b.x} {b.y}h{b.width}v{b.height}h-{b.width}z" for b in code.blocks)
        self.marks.append(
            f'<path fill="#000000" shape-rendering="crispEdges" '
            f'transform="translate({x:g} {y:g}) scale({side / code.side:.6g})" d="{path}"/>'
        )

    def finished(self) -> bytes:
        """The whole file."""
        width, height = self.size
        letters = "".join(f'<path id="g{ord(one):x}" d="{outline(self.face, one)}"/>' for one in self.used)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
            f'viewBox="0 0 {width:g} {height:g}"><title>{escape(self.title)}</title>'
            f'<defs>{letters}</defs><rect width="{width:g}" height="{height:g}" fill="#ffffff"/>'
            f"{''.join(self.marks)}</svg>"
        ).encode()


@lru_cache(maxsize=4096)
def outline(face: Face, letter: str) -> str:
    """The outline of a letter one unit high, its baseline at nought, downwards positive; empty for a space."""
    font = _glyphs(face)
    part = 1 / font["head"].unitsPerEm
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.4g}")
    font.getGlyphSet()[font.getBestCmap()[ord(letter)]].draw(TransformPen(pen, (part, 0, 0, -part, 0, 0)))
    return str(pen.getCommands())


@lru_cache(maxsize=4)
def _glyphs(face: Face) -> TTFont:
    return TTFont(BytesIO(face.path.read_bytes()), fontNumber=face.number, lazy=True)
