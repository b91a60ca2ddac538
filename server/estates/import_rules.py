"""What a row of the estates' table may hold, and a plain sentence for what it may not; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from server.estates.buildings import Building
from server.estates.import_cells import READERS, Wrong, plain
from server.estates.import_columns import Column

EMPTY = frozenset({"", "/", "\\", "-", "--", "—", "——", "无", "暂无", "N/A", "n/a", "空"})
TOTALS = frozenset({"合计", "总计", "小计", "共计"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where; `row` as Excel counts, `sentence` ready to be shown."""

    row: int
    column: str
    sentence: str

    @classmethod
    def at(cls, row: int, column: str, wrong: str) -> "Fault":
        """A fault whose sentence begins with its place."""
        return cls(row, column, f"第 {row} 行 {column}：{wrong}")


@dataclass(frozen=True, slots=True)
class EstateRow:
    """One estate of the table; what was left empty is an empty text or None, area in square metres."""

    row: int
    township: str
    community: str
    name: str
    category: str = ""
    company: str = ""
    nature: str = ""
    since: str = ""
    service: str = ""
    manager: str = ""
    phone: str = ""
    note: str = ""
    households: int | None = None
    area: Decimal | None = None
    buildings: tuple[Building, ...] = ()

    @property
    def identity(self) -> tuple[str, str, str]:
        """What two rows may not share."""
        return plain(self.township), plain(self.community), plain(self.name)


def read_row(
    row: int, cells: dict[Column, str], *, area_unit: int = 1
) -> tuple[EstateRow | None, list[Fault]]:
    """One estate from its cells, or everything that is wrong with them; `area_unit` in square metres."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, (column, read) in READERS.items():
        try:
            values[name] = read("" if cells.get(column, "") in EMPTY else cells[column])
        except Wrong as wrong:
            faults.append(Fault.at(row, column, str(wrong)))
    if faults:
        return None, faults
    if values["area"] is not None:
        values["area"] *= area_unit
    return EstateRow(row=row, **values), []


def is_row(cells: dict[Column, str]) -> bool:
    """Whether a row names anything: not blank, not a mere number, not a total, not the head printed again."""
    filled = {
        column: text for column, text in cells.items() if text not in EMPTY and column is not Column.NUMBER
    }
    if not filled or cells.get(Column.NAME) == Column.NAME:
        return False
    return not any(plain(text).rstrip(":") in TOTALS for text in cells.values())


def doubles(rows: Sequence[EstateRow]) -> Iterator[Fault]:
    """A fault for every row that names an estate which an earlier row has named."""
    seen: dict[tuple[str, str, str], EstateRow] = {}
    for row in rows:
        first = seen.setdefault(row.identity, row)
        if first is not row:
            wrong = f"与第 {first.row} 行重复（{row.community} {row.name}）"
            yield Fault.at(row.row, Column.NAME, wrong)
