"""Showing that a number is there without showing it; and taking numbers in."""

import re

MOBILE = re.compile(r"1[3-9]\d{9}\Z")
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(?:-\d{1,5})?\Z")
FULL_WIDTH = str.maketrans("０１２３４５６７８９－＋（）", "0123456789-+()")


def phone_digits(text: str) -> str | None:
    """A Chinese phone number in one spelling, or None when it is none."""
    plain = re.sub(r"[\s()·.]", "", text.translate(FULL_WIDTH))
    plain = re.sub(r"^(\+?86|0086)-?(?=1[3-9])", "", plain)
    mobile = plain.replace("-", "")
    if MOBILE.match(mobile):
        return mobile
    return plain if LANDLINE.match(plain) else None


def masked(phone: str) -> str:
    """138****1234; short numbers keep their last two digits."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else f"****{phone[-2:]}"  # noqa: PLR2004
