"""What a sheet can do, whatever it is made of. All lengths are millimetres from the upper left corner."""

from typing import Protocol

from server.estates.qr import Code

POINT = 25.4 / 72
"""One typographic point in millimetres."""
BOLD_STROKE = 0.035
"""How much a bold letter is thickened, as a part of its size."""


class Canvas(Protocol):
    """A sheet of paper; colours are `#rrggbb`."""

    def rect(self, x: float, y: float, width: float, height: float, *, colour: str) -> None:
        """A filled rectangle."""

    def text(self, x: float, y: float, words: str, *, size: float, colour: str, bold: bool = False) -> None:
        """One line of words; x is its left end, y its baseline, size in millimetres."""

    def code(self, x: float, y: float, side: float, code: Code) -> None:
        """A QR code, black on white, quiet zone included, at most `side` wide and high."""


def rgb(colour: str) -> tuple[int, int, int]:
    """The three numbers of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
