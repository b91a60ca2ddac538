"""CSV files that are safe to open in a spreadsheet: what people typed never begins a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO

from server.core.clock import local
from server.core.spreadsheet import Cell, clean

BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MARK = "\ufeff"
"""By which Excel knows UTF-8."""


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a mark, commas, CRLF: texts as text, dates as dates, times in Asia/Shanghai."""
    out = StringIO()
    out.write(MARK)
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(headers)
    for row in rows:
        lines.writerow([_plain(cell) for cell in row])
    return out.getvalue().encode()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{local(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    text = clean(str(cell))
    quoted = isinstance(cell, str) and text.lstrip().startswith(BEGINS_FORMULA)
    return f"'{text}" if quoted or text.startswith(BEGINS_FORMULA[4:6]) else text
