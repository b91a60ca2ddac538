"""What must hold between the parts of a book, and that every figure says where it comes from (pure)."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from server.policy.check_handling import check_handling
from server.policy.clocks import OTHER
from server.policy.model import BodyRole, Book, FirstHand, Kind
from server.policy.naming import check_names
from server.policy.reader import Faults
from server.policy.spans import UNITS

URGENT = "urgent"


def check_book(book: Book, faults: Faults) -> None:
    """Write down every name that leads nowhere and every kind that contradicts itself."""
    check_names(faults, ("county", "bureau"), (book.bureau,), book.bodies, "bodies")
    bureau = book.bodies.get(book.bureau)
    if bureau and bureau.role is not BodyRole.BUREAU:
        faults.add(("county", "bureau"), f'应为 role = "bureau" 的部门，“{bureau.key}” 不是')
    check_names(faults, ("board",), (line.body for line in book.board), book.bodies, "bodies")
    check_names(faults, ("quiet_hours", "spares"), book.quiet.spares, book.classes, "classes")
    for row in book.rows.values():
        check_names(faults, ("rows", str(row.number), "bodies"), row.bodies, book.bodies, "bodies")
    for clock, lines in (("accept", book.escalation.accept), ("resolve", book.escalation.resolve)):
        check_names(faults, ("escalation", clock), set(lines) - {OTHER}, book.classes, "classes")
    for kind in book.kinds.values():
        _check_kind(book, kind, faults)
    check_handling(book, faults)


def check_sources(data: Mapping[str, Any], file: str, found: list[str], path: tuple[str, ...] = ()) -> None:
    """Write down every table of one file that holds a figure but neither it nor a table around it has a `source`.

    A file answers for its own figures: what it overrides does not borrow the source of what it inherits.
    """
    if "source" in data:
        return
    if any(_is_figure(value) for value in data.values()):
        place = f"{file}：{'.'.join((*path, 'source'))} "
        if not any(fault.startswith(place) for fault in found):
            found.append(f'{place}没有写，表里的数字应注明来源（计划的文号和条款，或 "default"）。')
    for key, value in data.items():
        if isinstance(value, dict) and not _is_figure(value):
            check_sources(value, file, found, (*path, key))


def _is_figure(value: object) -> bool:
    """Whether a value is a number or a time: alone, in a list, or as a span such as { days = 7 }."""
    if isinstance(value, dict):
        return bool(value) and value.keys() <= UNITS
    if isinstance(value, list):
        items = [part for item in value for part in (item.values() if isinstance(item, dict) else [item])]
        return any(_is_figure(item) for item in items)
    return isinstance(value, int | float | time) and not isinstance(value, bool)


def _check_kind(book: Book, kind: Kind, faults: Faults) -> None:
    path = ("tiles", kind.tile, "kinds", kind.key.removeprefix(f"{kind.tile}."))
    check_names(faults, (*path, "class"), (kind.time_class,), book.classes, "classes")
    check_names(faults, (*path, "row"), () if kind.row is None else (kind.row,), book.rows, "rows")
    check_names(faults, (*path, "safety"), kind.safety, book.bodies, "bodies")
    check_names(faults, (*path, "call_first"), kind.call_first, book.emergency, "emergency")
    check_names(faults, (*path, "utility"), (kind.utility,) if kind.utility else (), book.bodies, "bodies")
    for key, expected in _contradictions(book, kind):
        faults.add((*path, key), expected)


def _contradictions(book: Book, kind: Kind) -> Iterator[tuple[str, str]]:
    """Keys of a kind that do not go together, each with what was expected."""
    row = book.rows.get(kind.row) if kind.row is not None else None
    body = book.bodies.get(kind.utility) if kind.utility else None
    if kind.row is not None and kind.utility:
        yield "utility", "和 row 只能写一个"
    if body and body.role is not BodyRole.UTILITY:
        yield "utility", f'应为专营单位（role = "utility"），“{body.key}” 不是'
    if kind.safety and (kind.time_class != URGENT or not kind.call_first):
        yield "safety", '涉及安全的小类应写 class = "urgent"，并在 call_first 里写明先打哪个电话'
    if kind.first is FirstHand.CONFIDENTIAL:
        yield "first", "只能是 manager 或 lead；保密举报请写 confidential = true"
    if kind.first is FirstHand.LEAD and kind.row is None and not kind.utility:
        yield "first", "由牵头部门先办，应写明 row 或 utility"
    if kind.confidential:
        yield from _open_ends(kind, alone=bool(row and len(row.bodies) == 1 and not row.township))


def _open_ends(kind: Kind, *, alone: bool) -> Iterator[tuple[str, str]]:
    """What would let a confidential report out of its one body, or into an estate's figures."""
    if not alone:
        yield "row", "保密举报应指向只有一个部门、且 township = false 的行"
    if kind.safety or kind.utility:
        yield "confidential", "保密举报不能再通知 safety 或 utility 里的单位"
    if kind.counts:
        yield "counts", "保密举报不计入小区数字，应写 counts = false"
    if not kind.call_first:
        yield "call_first", "没有写，保密举报应写明可以打哪个电话"
