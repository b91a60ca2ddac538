"""How people write down buildings: `1-12号楼`, `1、2、3号楼`, `西24栋(1-3单元),25栋(2单元)`."""

import re
import unicodedata
from dataclasses import dataclass

MOST_BUILDINGS = 400
MOST_UNITS = 40
RANGE = r"[-~—–－～至到]+"
BETWEEN = re.compile(r"[,、;\s]+(?![^()]*\))")
ITEM = re.compile(
    rf"""(?P<prefix>[^\d()#~—–\-]{{0,8}}?) (?P<first>\d{{1,4}}) (?P<letter>[A-Z甲乙丙丁]?) (?P<early>号楼|号|楼|栋|幢|座|\#楼|\#)?
    (?: {RANGE} [^\d()]{{0,8}}? (?P<last>\d{{1,4}}) )? (?P<suffix>号楼|号|楼|栋|幢|座|\#楼|\#)? (?: \( (?P<units>[^()]*) \) )?""",
    re.VERBOSE,
)
LETTERED = re.compile(r"(?P<name>[A-Z]{1,2}(?:座|栋|幢|楼|号楼)) (?: \( (?P<units>[^()]*) \) )?", re.VERBOSE)
UNITS = re.compile(rf"(?:共)?(?P<first>\d{{1,2}})(?:{RANGE}(?P<last>\d{{1,2}}))?(?:个)?(?:单元)?")
SPOKEN = {"号": "号楼", "楼": "号楼", "#": "号楼", "#楼": "号楼"}


@dataclass(frozen=True, slots=True)
class Building:
    """One building and its units, by the names on their walls."""

    name: str
    units: tuple[str, ...] = ()


class Unreadable(Exception):
    """The text does not name buildings; the message says what is wrong, in Chinese."""


def parse_buildings(text: str) -> tuple[Building, ...]:
    """The buildings a cell names, in order; `(3单元)` means three of them, `(2-3单元)` these two. Raises Unreadable."""
    items = [item for item in BETWEEN.split(_even(text)) if item]
    found: list[Building] = []
    suffix = ""
    for item in reversed(items):
        buildings, suffix = _parse_item(item, suffix)
        found[:0] = buildings
        if len(found) > MOST_BUILDINGS:
            raise Unreadable(f"楼栋太多，最多 {MOST_BUILDINGS} 栋")
    names = [building.name for building in found]
    for name in names:
        if names.count(name) > 1:
            raise Unreadable(f"“{name}”写了两次")
    return tuple(found)


def _even(text: str) -> str:
    """The text with Latin brackets, commas and capitals, without blanks inside brackets or around range signs."""
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = re.sub(rf"\s*({RANGE})\s*|\s+(?=[号楼栋幢座#(])", r"\1", plain)
    return re.sub(r"\(([^()]*)\)", lambda inside: "(" + re.sub(r"\s", "", inside[1]) + ")", plain).strip()


def _parse_item(item: str, later: str) -> tuple[list[Building], str]:
    """The buildings of one item, and the word for building that items before it may have left out."""
    lettered = LETTERED.fullmatch(item)
    if lettered:
        return [Building(lettered["name"], _units(lettered["units"]))], later
    match = ITEM.fullmatch(item)
    word = match and (match["suffix"] or match["early"] or later)
    if not match or not word:
        raise Unreadable("请写成“1-12号楼”或“1号楼,2号楼(3单元)”")
    first, last = int(match["first"]), int(match["last"] or match["first"])
    if last < first or last - first >= MOST_BUILDINGS or (match["letter"] and match["last"]):
        raise Unreadable(f"“{item}”的起止号不对")
    units, called = _units(match["units"]), SPOKEN.get(word, word)
    return [
        Building(f"{match['prefix']}{n}{match['letter']}{called}", units) for n in range(first, last + 1)
    ], word


def _units(text: str | None) -> tuple[str, ...]:
    if not text:
        return ()
    numbers: list[int] = []
    parts = [part for part in re.split(r"[,、;]", text) if part]
    for part in parts:
        match = UNITS.fullmatch(part)
        if not match:
            raise Unreadable(f"“({text})”里应写单元，例如“(3单元)”")
        first = int(match["first"])
        alone = len(parts) == 1 and not match["last"]
        numbers += range(1, first + 1) if alone else range(first, int(match["last"] or first) + 1)
    if not numbers or len(numbers) > MOST_UNITS or len(set(numbers)) < len(numbers):
        raise Unreadable(f"“({text})”里的单元数不对")
    return tuple(f"{number}单元" for number in numbers)
