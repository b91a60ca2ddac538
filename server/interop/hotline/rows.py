"""The orders of a table, and a plain sentence for every line that is none; pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from server.estates.import_rules import Fault
from server.interop.hotline.cells import EMPTY, Wrong, read_number, read_phone, read_when, says_yes
from server.interop.hotline.columns import FIELDS, Table, plain
from server.interop.hotline.kinds import Kinds
from server.interop.hotline.naming import Estates, Unclear, written
from server.policy.model import Book

TOTALS = frozenset({"合计", "总计", "小计", "共计"})
WORDS_MOST = 2000
AHEAD = timedelta(hours=1)
"""Clocks of two offices may differ."""
OLDEST = timedelta(days=366)
"""Older orders run no clock any more: they are history."""
CALLER = "来电人"
NONE_WRITTEN = "-"
T = TypeVar("T")


@dataclass(frozen=True)
class OrderRow:
    """One order; instants in UTC, what was left empty is empty or None."""

    row: int
    number: str
    received_at: datetime
    due_at: datetime | None = None
    words: str = ""
    category: str = ""
    kind: str | None = None
    counts: bool = True
    estate_id: int | None = None
    township_id: int | None = None
    address: str = ""
    phone: str | None = None
    contact_ok: bool = False
    """Whether the table says that the caller may be rung."""
    urged_at: datetime | None = None
    supervised_at: datetime | None = None


@dataclass
class Sheet:
    """What a table holds: orders that can be taken in, the faults of the others, and the names that nobody knows."""

    rows: list[OrderRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown_estates: Counter[str] = field(default_factory=Counter)
    unknown_kinds: Counter[str] = field(default_factory=Counter)

    @property
    def bad(self) -> int:
        """How many lines have a fault."""
        return len({fault.row for fault in self.faults})


@dataclass(frozen=True)
class Reader:
    """All that is needed to judge a line; `kinds` chosen by the bureau go before the book's words."""

    book: Book
    words: Kinds
    estates: Estates
    kinds: Mapping[str, str]
    history: bool
    now: datetime


def read_table(table: Table, mapping: Mapping[str, str], reader: Reader) -> Sheet:
    """Every order of the table, each number once; a later line of the same number may bring its urging."""
    at = {name: table.heads.index(head) for name, head in mapping.items() if head in table.heads}
    sheet, seen = Sheet(), dict[str, int]()
    for number, line in table.lines:
        cells = {name: line[place] if place < len(line) else "" for name, place in at.items()}
        if not _is_order(cells, mapping):
            continue
        row = _read(number, cells, reader, sheet)
        if row is None:
            continue
        if row.number not in seen:
            seen[row.number] = len(sheet.rows)
            sheet.rows.append(row)
        elif row.urged_at or row.supervised_at:
            sheet.rows[seen[row.number]] = _urged(sheet.rows[seen[row.number]], row)
        else:
            first = sheet.rows[seen[row.number]].row
            sheet.faults.append(Fault.at(number, FIELDS["number"], f"和第 {first} 行相同，一件只能有一行"))
    return sheet


def _is_order(cells: Mapping[str, str], mapping: Mapping[str, str]) -> bool:
    """Not blank, no total, not the head printed again."""
    filled = {name: text for name, text in cells.items() if text not in EMPTY}
    if not filled or any(plain(text) in TOTALS for text in filled.values()):
        return False
    return not all(plain(text) == plain(mapping[name]) for name, text in filled.items())


def _urged(first: OrderRow, again: OrderRow) -> OrderRow:
    urged, supervised = (first.urged_at, again.urged_at), (first.supervised_at, again.supervised_at)
    return replace(first, urged_at=_latest(urged), supervised_at=_latest(supervised))


def _latest(times: tuple[datetime | None, ...]) -> datetime | None:
    return max((one for one in times if one), default=None)


def _read(number: int, cells: Mapping[str, str], reader: Reader, sheet: Sheet) -> OrderRow | None:
    """One order, or its faults written down on the sheet."""
    line = _Line(number, cells)
    order = line.take("number", read_number) or ""
    received = line.take("received_at", read_when)
    due = line.take("due_at", lambda text: read_when(text, end=True))
    urged, supervised = line.take("urged_at", read_when), line.take("supervised_at", read_when)
    phone = None if reader.history else line.take("phone", read_phone)
    _check_times(line, received, due, reader)
    kind = _kind(line, reader, sheet)
    place = _place(line, reader, sheet)
    words = _words(line)
    if not (words or reader.history):
        line.wrong("content", "没有填写")
    if len(words) > WORDS_MOST:
        line.wrong("content", f"太长了，最多 {WORDS_MOST} 个字，现在是 {len(words)} 个字")
    sheet.faults += line.faults
    if line.faults or received is None:
        return None
    found = reader.estates.by_id.get(place) if place else None
    return OrderRow(
        row=number,
        number=order,
        received_at=received,
        due_at=due,
        words=words,
        category=line.text("category")[:120],
        kind=kind,
        counts=reader.book.kinds[kind].counts if kind else True,
        estate_id=place,
        township_id=found.township_id if found else None,
        address=_nameless(line, line.text("address"))[:80],
        phone=phone,
        contact_ok=says_yes(line.text("contact_ok")),
        urged_at=urged,
        supervised_at=supervised,
    )


def _check_times(line: "_Line", received: datetime | None, due: datetime | None, reader: Reader) -> None:
    if received is None:
        if not any(fault.column == FIELDS["received_at"] for fault in line.faults):
            line.wrong("received_at", "没有填写")
        return
    if received > reader.now + AHEAD:
        line.wrong("received_at", f"在将来，现为“{line.text('received_at')}”")
    if due and due < received:
        line.wrong("due_at", f"早于受理时间，现为“{line.text('due_at')}”")
    if not reader.history and received < reader.now - OLDEST:
        line.wrong("received_at", "超过一年，只用来对比的请选“往年工单”导入")


def _kind(line: "_Line", reader: Reader, sheet: Sheet) -> str | None:
    """The bureau's choice, else the book's words in the category, else in what was said."""
    category = line.text("category")
    said = (category, f"{line.text('title')} {line.text('content')}")
    kind = reader.kinds.get(kind_key(category))
    kind = kind or next((found for one in said if one and (found := reader.words.find(one))), None)
    known = reader.book.kinds.get(kind or "")
    if known is not None and not known.confidential:
        return known.key
    if known is not None and known.confidential:
        line.wrong("category", "属于只由一个单位受理的举报，不能导入，请由热线直接转交该单位")
    elif not reader.history:
        line.wrong("category", f"看不出是哪一类“{(category or line.text('title'))[:40]}”，请指定类别")
        sheet.unknown_kinds[category] += 1
    return None


def kind_key(category: str) -> str:
    """Under what a choice of kind is remembered; lines without a category share one."""
    return plain(category)[:120] or NONE_WRITTEN


def _place(line: "_Line", reader: Reader, sheet: Sheet) -> int | None:
    estate, address = line.text("estate"), line.text("address") or line.text("title")
    try:
        return reader.estates.find(estate, line.text("community"), address).estate_id
    except Unclear as unclear:
        if not reader.history:
            line.wrong("estate", str(unclear))
            if written(estate, address):
                sheet.unknown_estates[estate or address] += 1
    return None


def _words(line: "_Line") -> str:
    """What was said, without the caller's name."""
    title, content = line.text("title"), line.text("content")
    return _nameless(line, content if not title or title in content else f"{title}\n{content}".strip())


def _nameless(line: "_Line", words: str) -> str:
    caller = line.text("caller")
    return words.replace(caller, CALLER) if len(caller) > 1 else words


class _Line:
    """One line while it is read."""

    def __init__(self, number: int, cells: Mapping[str, str]) -> None:
        self.number, self.cells = number, cells
        self.faults: list[Fault] = []

    def text(self, name: str) -> str:
        """A cell; empty where it says that there is nothing."""
        text = self.cells.get(name, "")
        return "" if text in EMPTY else text

    def wrong(self, name: str, words: str) -> None:
        """Write a fault down."""
        self.faults.append(Fault.at(self.number, FIELDS[name], words))

    def take(self, name: str, read: Callable[[str], T]) -> T | None:
        """A cell read, or its fault written down."""
        try:
            return read(self.text(name))
        except Wrong as wrong:
            self.wrong(name, str(wrong))
            return None
