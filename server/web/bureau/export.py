"""The ledger as an Excel file: what happened where and when, never who reported it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from server.accounts.roles import Actor
from server.core.spreadsheet import Cell, write_xlsx
from server.reports.eyes import MASKED
from server.reports.ledger import export_rows
from server.reports.queries import Filter
from server.reports.words import CLOSED_AS, OUTCOMES, STAFF_STATES
from server.web.desk.rows import kind_of

MOST = 20_000
"""Rows of one file: more is for the monthly files, and would keep a web server too busy."""
HEADERS = (
    "编号",
    "小区",
    "位置",
    "类别",
    "内容",
    "安全类",
    "状态",
    "现在由谁办",
    "提交时间",
    "受理时限",
    "受理时间",
    "办结时限",
    "重办时限",
    "答复时间",
    "办结时间",
    "结案方式",
    "处理结果",
    "评分",
    "重开次数",
    "退回次数",
)
CAPPED = "只导出了最新的 {most} 件。请按小区或状态筛选后分次导出。"


def sheet(actor: Actor, wanted: Filter, *, now: datetime, most: int = MOST) -> tuple[bytes, int]:
    """The file and how many reports are in it; where more match than it takes, its last row says so."""
    rows = list(export_rows(actor, wanted, most=most + 1, now=now))
    return write_xlsx(HEADERS, _capped(rows, most), title="报告台账"), min(len(rows), most)


def _capped(rows: Sequence[Any], most: int) -> Iterator[tuple[Cell, ...]]:
    for number, row in enumerate(rows):
        if number == most:
            yield (CAPPED.format(most=most),)
            return
        yield _cells(row)


def _cells(row: Any) -> tuple[Cell, ...]:
    kind = kind_of(row.county_id, row.kind)
    return (
        row.no,
        row.estate,
        MASKED.place(row),
        kind.label if kind else row.kind,
        MASKED.words(row.text),
        "是" if row.safety else "",
        STAFF_STATES.get(row.state, row.state),
        row.handler,
        row.submitted_at,
        row.accept_due_at,
        row.accepted_at,
        row.resolve_due_at,
        row.reopen_due_at,
        row.resolved_at,
        row.closed_at,
        CLOSED_AS.get(row.closed_as or "", ""),
        OUTCOMES.get(row.outcome or "", ""),
        row.score,
        row.reopen_count,
        row.hand_back_count,
    )
