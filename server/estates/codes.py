"""Scan codes: sixty random bits in letters that nobody mistakes for another."""

import re
import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
BITS_A_LETTER = 5
MISTAKEN = str.maketrans("OIL", "011")
FILLING = re.compile(r"[\s\-\u2010-\u2015\u2212_.·]+")


def new_code(randbytes: Callable[[int], bytes]) -> str:
    """A new code of 60 random bits from a source such as `secrets.token_bytes`."""
    bits = int.from_bytes(randbytes(8))
    return "".join(ALPHABET[bits >> BITS_A_LETTER * place & 0b11111] for place in range(LENGTH))


def normalise(text: str) -> str | None:
    """The code somebody typed, in either case, with or without hyphens, O for 0, I or L for 1; None if it is none."""
    letters = FILLING.sub("", unicodedata.normalize("NFKC", text)).upper().translate(MISTAKEN)
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return None
    return letters


def printed(code: str) -> str:
    """The code as it stands under the picture: XXXX-XXXX-XXXX."""
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def url(base: str, code: str) -> str:
    """What the picture says: `base/e/<code>`, plain enough for any camera."""
    return f"{base.rstrip('/')}/e/{code}"
