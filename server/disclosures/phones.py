"""Numbers that may hang on a wall: office lines, service numbers, confirmed mobiles; pure."""

import re
import unicodedata

from server.core.masks import MOBILE, phone_digits

SHORT = re.compile(r"(?:1\d{2}|1[02]\d{3}|9[56]\d{3,4})", re.ASCII)
"""Service numbers: 110, 12345, 96119."""
FREE = re.compile(r"[48]00\d{7}", re.ASCII)


def board_phone(text: str) -> str | None:
    """A number in one spelling, or None when it is none that everybody can dial."""
    plain = phone_digits(unicodedata.normalize("NFKC", text))
    if plain:
        return plain
    digits = re.sub(r"[\s()\-·.]", "", unicodedata.normalize("NFKC", text))
    return digits if SHORT.fullmatch(digits) or FREE.fullmatch(digits) else None


def is_mobile(phone: str) -> bool:
    """Whether a number in one spelling is a mobile one, which may be somebody's own."""
    return bool(MOBILE.match(phone))
