"""Showing that a number is there without showing it; and taking numbers in."""

import re

from server.core.mask_digits import find_numbers
from server.core.mask_glance import worth_a_look
from server.core.mask_plain import Span, plain, spoken
from server.core.mask_words import find_doors, find_words

NUMBER = "〔号码已隐去〕"
DOOR = "〔门牌已隐去〕"

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


def mask_numbers(text: str) -> str:
    """A text without the numbers that lead to whoever wrote it; masking twice changes nothing more.

    Of a number nothing stays, not even its last digits: two reports must not be told to be one person's.
    """
    shown, end = [], 0
    for start, stop, words in _found(text):
        if start < end:
            continue
        shown += [text[end:start], words]
        end = stop
    return "".join([*shown, text[end:]]) if shown else text


def has_numbers(text: str) -> bool:
    """Whether there is something to mask."""
    return bool(_found(text))


def _found(text: str) -> list[tuple[int, int, str]]:
    return find_all(text) if worth_a_look(text) else []


def find_all(text: str) -> list[tuple[int, int, str]]:
    """What to mask, from left to right, looked for in every way; of two that overlap the earlier, then the longer one."""
    seen = plain(text)
    heard = spoken(seen)
    numbers: list[Span] = [*find_numbers(seen.text), *find_numbers(heard.text)]
    numbers += [*find_words(seen.text), *find_words(heard.text)]
    found = {(*seen.origin(span), NUMBER) for span in numbers}
    found |= {(*seen.origin(span), DOOR) for span in find_doors(seen.text)}
    return sorted(found, key=lambda one: (one[0], -one[1]))
