"""What each cell of the estates' table may hold; pure."""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from server.estates.buildings import Building, Unreadable, parse_buildings
from server.estates.import_columns import Column

MOST_HOUSEHOLDS = 100_000
MOST_AREA = 100_000_000
TEN_THOUSAND = 10_000
PHONE_DIGITS = 3
CATEGORIES = {one: str(n) for n, names in enumerate(("1一ⅠI", "2二Ⅱ", "3三Ⅲ"), 1) for one in names} | {
    "II": "2",
    "III": "3",
}


class Wrong(Exception):
    """A cell cannot be taken; the message continues the sentence."""


def plain(text: str) -> str:
    """A name without blanks, wide letters and capitals, for comparing."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _name(text: str) -> str:
    if not text:
        raise Wrong("没有填写")
    return _text(60)(re.sub(r"\s+", "", text) if not text.isascii() else " ".join(text.split()))


def _text(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise Wrong(f"太长了，最多 {most} 个字，现在是 {len(text)} 个字")
        return text

    return read


def _category(text: str) -> str:
    known = CATEGORIES.get(re.sub("[类第]", "", plain(text)).upper())
    if text and not known:
        raise Wrong(f"应为 1、2、3 之一，现为“{text}”")
    return known or ""


def _phone(text: str) -> str:
    if text and sum(letter.isdigit() for letter in text) < PHONE_DIGITS:
        raise Wrong(f"应为电话号码，现为“{text}”")
    return _text(60)(text)


def _households(text: str) -> int | None:
    digits = plain(text).removesuffix("户").replace(",", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()):
        raise Wrong(f"应为整数，现为“{text}”")
    if len(digits) > len(str(MOST_HOUSEHOLDS)) or int(digits) > MOST_HOUSEHOLDS:
        raise Wrong(f"最多 {MOST_HOUSEHOLDS}，现为“{text}”")
    return int(digits)


def _area(text: str) -> Decimal | None:
    if not text:
        return None
    match = re.fullmatch(
        r"([\d,]{1,15}(?:\.\d{1,9})?)(万)?(?:平方米|平米|m2|㎡|平方)?", plain(text), re.ASCII
    )
    try:
        area = Decimal(match[1].replace(",", "")) * (TEN_THOUSAND if match[2] else 1) if match else None
    except InvalidOperation:
        area = None
    if area is None or area > MOST_AREA:
        raise Wrong(f"应为平方米数，例如 52000，现为“{text}”")
    return area


def _buildings(text: str) -> tuple[Building, ...]:
    try:
        return parse_buildings(text)
    except Unreadable as unreadable:
        raise Wrong(f"{unreadable}，现为“{text}”") from unreadable


READERS: dict[str, tuple[Column, Callable[[str], Any]]] = {
    "township": (Column.TOWNSHIP, _name),
    "community": (Column.COMMUNITY, _name),
    "name": (Column.NAME, _name),
    "category": (Column.CATEGORY, _category),
    "company": (Column.COMPANY, _text(100)),
    "nature": (Column.NATURE, _text(60)),
    "since": (Column.SINCE, _text(60)),
    "service": (Column.SERVICE, _text(500)),
    "manager": (Column.MANAGER, _text(60)),
    "phone": (Column.PHONE, _phone),
    "note": (Column.NOTE, _text(500)),
    "households": (Column.HOUSEHOLDS, _households),
    "area": (Column.AREA, _area),
    "buildings": (Column.BUILDINGS, _buildings),
}
