"""The list of buildings as somebody types it, one line each: `1号楼 3单元`; pure."""

import re

from server.estates.buildings import MOST_BUILDINGS, MOST_UNITS, Building, Unreadable, parse_buildings

LINE = re.compile(r"(?P<name>.*?\S)(?:\s*[(（]?\s*(?:共\s*)?(?P<units>\d{1,3})\s*个?单元\s*[)）]?)?")
LONGEST = 40


def read_lines(text: str) -> list[tuple[str, int]]:
    """Names and units of the buildings; `1-12号楼 3单元` is twelve. Raises Unreadable with the line's number."""
    found: list[tuple[str, int]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found += _line(line.strip(), number)
    names = [name for name, _ in found]
    for name in names:
        if names.count(name) > 1:
            raise Unreadable(f"“{name}”写了两次，请删掉一个。")
    if len(found) > MOST_BUILDINGS:
        raise Unreadable(f"楼栋太多，最多 {MOST_BUILDINGS} 栋。")
    return found


def _line(line: str, number: int) -> list[tuple[str, int]]:
    match = LINE.fullmatch(line)
    name = match["name"] if match else line
    units = int(match["units"] or 0) if match else 0
    if units > MOST_UNITS:
        raise Unreadable(f"第 {number} 行：单元最多 {MOST_UNITS} 个，现在是 {units}。")
    try:
        many = parse_buildings(name)
    except Unreadable as unreadable:
        # 综合楼 or 会所 is a building too; only what looks like numbers must be readable.
        if re.search(r"[-~—–－～,，、]", name):
            raise Unreadable(f"第 {number} 行：{unreadable}，现为“{line}”。") from unreadable
        many = (Building(name),)
    if any(len(one.name) > LONGEST for one in many):
        raise Unreadable(f"第 {number} 行：名称太长，最多 {LONGEST} 个字。")
    return [(one.name, units or units_of(one)) for one in many]


def units_of(building: Building) -> int:
    """How many units a building has: the highest number on its doors."""
    return max((int(unit.removesuffix("单元")) for unit in building.units), default=0)


def as_lines(buildings: list[tuple[str, int]]) -> str:
    """The list as it is shown for editing."""
    return "\n".join(f"{name} {units}单元" if units else name for name, units in buildings)
