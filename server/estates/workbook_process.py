"""A process of its own that opens one workbook: a damaged file may end it, never the server.

Reads the file from standard input and writes its visible sheets to standard output as JSON, cells as text.
It is started by path in an isolated interpreter and so imports nothing of the house.
"""

import json
import resource
import sys
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

MEMORY = 1024 * 1024 * 1024
SECONDS = 30
LOCKED, DAMAGED, TOO_LARGE = 3, 4, 5
"""How the process ends where it cannot read the file."""


def read(data: bytes, *, most_rows: int, most_columns: int) -> list[list[list[str]]]:
    """The visible sheets of a workbook, each as rows of text; OverflowError for more than is wanted."""
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        visible = [about.name for about in book.sheets_metadata if about.visible is SheetVisibleEnum.Visible]
        sheets = [book.get_sheet_by_name(name) for name in visible]
        if any(one.total_height > most_rows or one.total_width > most_columns for one in sheets):
            raise OverflowError
        return [_rows(one) for one in sheets]


def _rows(sheet: CalamineSheet) -> list[list[str]]:
    rows = [[as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        # Only the first cell of a merged block has its value.
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = rows[top][left : left + 1] * len(row[left : right + 1])
    return rows


def as_text(cell: Any) -> str:
    """A cell as somebody reads it: 13800000000 rather than 13800000000.0, dates as 2026-03-01."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime) and cell.time() != cell.time().min:
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def main() -> int:
    """Read one file within the limits of memory and time; how it went as the exit code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        tables = read(sys.stdin.buffer.read(), most_rows=int(sys.argv[1]), most_columns=int(sys.argv[2]))
    except PasswordError:
        return LOCKED
    except (OverflowError, MemoryError):
        return TOO_LARGE
    except (CalamineError, OSError, ValueError):
        return DAMAGED
    sys.stdout.write(json.dumps(tables))
    return 0


if __name__ == "__main__":
    sys.exit(main())
