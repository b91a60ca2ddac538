"""What a new revision changes against the released one, line by line; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.disclosures.contents import Charges, Content, Income
from server.disclosures.money import yuan


class Mark(StrEnum):
    """What happened to a line."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Change:
    """One line: what it is called, what it said, what it says now."""

    mark: Mark
    name: str
    before: str
    after: str


def lines_of(content: Content) -> list[tuple[str, str]]:
    """A content as named lines in its own order."""
    if isinstance(content, Income):
        return [
            ("期初结余", yuan(content.opening)),
            *((f"收入 · {one.name}", yuan(one.amount)) for one in content.income),
            *((f"支出 · {one.name}", yuan(one.amount)) for one in content.spending),
            ("期末结余", yuan(content.closing)),
        ]
    if isinstance(content, Charges):
        return [(one.name, _joined(one.price, one.unit, one.basis)) for one in content.items]
    return [(f"{one.department} · {one.duty}", _joined(one.contact, one.phone)) for one in content.items]


def changes(before: Content | None, after: Content) -> list[Change]:
    """Every line of either, the new order first, then what is gone; a name that repeats is paired in order."""
    old = _numbered(lines_of(before)) if before else {}
    new = _numbered(lines_of(after))
    found = [_change(name, old.get((name, nth)), value) for (name, nth), value in new.items()]
    gone = [Change(Mark.REMOVED, key[0], value, "") for key, value in old.items() if key not in new]
    return found + gone


def _change(name: str, before: str | None, after: str) -> Change:
    if before is None:
        return Change(Mark.ADDED, name, "", after)
    return Change(Mark.SAME if before == after else Mark.CHANGED, name, before, after)


def _numbered(lines: Sequence[tuple[str, str]]) -> dict[tuple[str, int], str]:
    """The lines by name and by how often the name came before."""
    found: dict[tuple[str, int], str] = {}
    for name, value in lines:
        nth = 0
        while (name, nth) in found:
            nth += 1
        found[name, nth] = value
    return found


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
