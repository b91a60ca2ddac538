"""The lines of the work ledger as they are read, printed and taken away; nothing in them leads to a reporter."""

from datetime import datetime
from typing import Any

from server.core.clock import local
from server.core.spreadsheet import Cell
from server.reports.eyes import MASKED
from server.reports.words import CLOSED_AS, OUTCOMES, STAFF_STATES
from server.web.desk.rows import first_line, kind_of

HEADERS = (
    *("编号", "问题", "小区", "位置", "责任单位", "责任岗位", "整改时限", "整改措施或答复", "整改凭据"),
    *("状态", "销号日期"),
)
"""问题、责任人、时限、销号：沂水 四（二）."""
ENDED = frozenset({"closed", "withdrawn", "void", "rejected"})


def line(row: Any, *, now: datetime) -> tuple[str, ...]:
    """One line for a page."""
    problem = "：".join(part for part in (_kind(row), first_line(MASKED.words(row.text))) if part)
    return (
        row.no,
        problem,
        row.estate,
        _place(row),
        row.handler,
        row.duty or "",
        _due(row, now=now),
        first_line(MASKED.words(row.answer)),
        evidence(row),
        standing(row),
        _struck(row),
    )


def cells(row: Any) -> tuple[Cell, ...]:
    """The same line for a file, whole words and real times."""
    return (
        row.no,
        "：".join(part for part in (_kind(row), MASKED.words(row.text)) if part),
        row.estate,
        _place(row),
        row.handler,
        row.duty,
        row.due_at,
        MASKED.words(row.answer),
        evidence(row),
        standing(row),
        local(row.closed_at).date() if row.state == "closed" and row.closed_at else None,
    )


def evidence(row: Any) -> str:
    """What shows that it was done."""
    found = [f"照片 {row.photos} 张" if row.photos else "", MASKED.words(row.basis)]
    return "；".join(part for part in found if part)


def standing(row: Any) -> str:
    """How it stands; what was reopened says so, under the same number."""
    if row.state == "closed":
        how = CLOSED_AS.get(row.closed_as or "", "")
        words = "已销号" if row.closed_as != "merged" else ""
        outcome = OUTCOMES.get(row.outcome or "", "") if row.outcome not in (None, "solved") else ""
        return "，".join(part for part in (words, how, outcome) if part)
    again = f"，第 {row.reopen_count} 次重办" if row.reopen_count and row.state not in ENDED else ""
    return f"{STAFF_STATES.get(row.state, row.state)}{again}"


def _struck(row: Any) -> str:
    return f"{local(row.closed_at):%Y-%m-%d}" if row.state == "closed" and row.closed_at else ""


def _due(row: Any, *, now: datetime) -> str:
    late = "（已超时）" if row.state not in ENDED and row.state != "resolved" and now > row.due_at else ""
    return f"{local(row.due_at):%Y-%m-%d %H:%M}{late}"


def _kind(row: Any) -> str:
    kind = kind_of(row.county_id, row.kind)
    return kind.label if kind else str(row.kind)


def _place(row: Any) -> str:
    return MASKED.place(row)
