"""Excel files that are safe to open: what people typed stays text, whatever it begins with."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from server.core.clock import local

Cell = str | int | float | Decimal | date | datetime | None

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_767
"""Excel's own limit for the text of a cell."""
NARROW, WIDE = 6, 60
DIGITS = 15
"""Excel keeps no more digits of a number; longer ones are written as text."""


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "数据") -> bytes:
    """One sheet with a frozen header: texts as text and never a formula, dates as dates, times in Asia/Shanghai."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", clean(title))[:31] or None)
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"num_format": "@", "valign": "top"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        }
        widths = [_breadth(head) for head in headers]
        for column, head in enumerate(headers):
            sheet.write_string(0, column, clean(head), formats["head"])
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, formats)
                widths[column] = max(widths[column], _breadth(cell))
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, NARROW), WIDE))
    return out.getvalue()


def clean(text: str) -> str:
    """The text without characters that make Excel call a file damaged."""
    kept = UNPRINTABLE.sub("", text)
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + "…"


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, formats: dict[str, Format]) -> None:
    if cell is None:
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, local(cell).replace(tzinfo=None), formats["time"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["day"])
    elif isinstance(cell, str) or not _is_number(cell):
        sheet.write_string(row, column, clean(str(cell)), formats["text"])
    else:
        sheet.write_number(row, column, cell)


def _is_number(cell: float | Decimal) -> bool:
    return math.isfinite(cell) and abs(cell) < 10**DIGITS


def _breadth(cell: Cell) -> int:
    """How wide a cell is in Latin letters; a Chinese one takes two."""
    if isinstance(cell, date):
        return 16
    lines = str("" if cell is None else cell)[: 2 * WIDE].splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line) for line in lines)
