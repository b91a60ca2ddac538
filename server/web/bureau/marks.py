"""Codes shown on a page, to be scanned from the screen."""

from markupsafe import Markup

from server.estates import qr

PIXELS = 220


def qr_mark(text: str, words: str) -> Markup:
    """A QR code as SVG, black on white whatever the page's colours; `words` say what it is."""
    code = qr.encode(text)
    path = "".join(f"M{b.x} {b.y}h{b.width}v{b.height}h-{b.width}z" for b in code.blocks)
    return Markup(
        '<svg role="img" aria-label="{words}" width="{px}" height="{px}" viewBox="0 0 {side} {side}" '
        'shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"></rect>'
        '<path d="{path}" fill="#000"></path></svg>'
    ).format(words=words, px=PIXELS, side=code.side, path=path)
