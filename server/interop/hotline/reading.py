"""A hotline's file in, its orders and plain faults out; nothing is saved here."""

from dataclasses import dataclass
from datetime import datetime

from server.core.errors import Invalid
from server.core.spreadsheet import write_xlsx
from server.estates.workbook import read_tables
from server.interop.hotline.columns import FIELDS, Table, find_table, suggest
from server.interop.hotline.kinds import Kinds
from server.interop.hotline.memory import chosen_columns, estates_of, kinds_of
from server.interop.hotline.rows import Reader, Sheet, read_table
from server.policy.loader import books

OF_HISTORY = frozenset({"number", "received_at"})
"""What an old order needs that only counts."""


@dataclass(frozen=True)
class Reading:
    """A table as it is understood: which column is which, what is missing, and its orders."""

    table: Table
    mapping: dict[str, str]
    missing: tuple[str, ...]
    sheet: Sheet


def read_file(county_id: str, data: bytes) -> Table:
    """The sheet of a file that holds orders. Raises Invalid or TooLarge with what to do."""
    if county_id not in books():
        raise Invalid(f"没有区划代码为 {county_id} 的规则书。", fields={"county": "区划代码不对"})
    known = books()[county_id].hotline.columns
    table = find_table(read_tables(data), known, chosen_columns(county_id))
    if table is None:
        names = "、".join(FIELDS[field] for field in books()[county_id].hotline.required if field in FIELDS)
        raise Invalid(f"没有找到工单表。某张表的前 10 行里要有一行写着列名，例如：{names}。")
    return table


def understand(county_id: str, table: Table, *, history: bool, now: datetime) -> Reading:
    """The orders of a table by the county's mapping, its book's words and what the bureau has explained."""
    book = books()[county_id]
    mapping = suggest(table.heads, book.hotline.columns, chosen_columns(county_id))
    needed = [field for field in book.hotline.required if not history or field in OF_HISTORY]
    missing = tuple(FIELDS[field] for field in needed if field in FIELDS and field not in mapping)
    if missing:
        return Reading(table, mapping, missing, Sheet())
    reader = Reader(book, Kinds(book), estates_of(county_id), kinds_of(county_id), history, now)
    sheet = read_table(table, mapping, reader)
    sheet.faults.sort(key=lambda fault: fault.row)
    return Reading(table, mapping, (), sheet)


def faults_xlsx(sheet: Sheet) -> bytes:
    """The faults as a file to work through."""
    rows = [(one.row, one.column, one.sentence) for one in sheet.faults]
    return write_xlsx(("行", "列", "问题"), rows, title="需要修改")
