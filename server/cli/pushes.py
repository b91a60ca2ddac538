"""`flask --app wsgi pushes`: the push ledger, and sending dead pushes again."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import Row, select

from server.core import clock
from server.core.db import NATIONAL, db
from server.notices import ledger
from server.notices.addresses import CHANNEL_NAMES
from server.notices.quiet import is_quiet
from server.notices.service import NONE
from server.notices.trial import PURPOSE as TRIAL
from server.reports.models import Report
from server.reports.words import ACTS

STATES = {
    "pending": "待发",
    "sent": "已发",
    "passed": "已转下一渠道",
    "dead": "未送达",
    "cancelled": "已取消",
}
PURPOSES = {"new": "新报告", "overdue": "超时", TRIAL: "测试"} | {
    act.value: words for act, words in ACTS.items()
}
NOTICE = "通知"
"""All that is told of a push about a confidential report."""
HEAD = ("编号", "县区", "报告", "用途", "渠道", "状态", "次数", "下次", "代码")
MOST = 200


@click.command("pushes", help="推送台账：待发与未送达的推送；--retry 重发未送达的。")
@click.option("--dead", is_flag=True, help="只列未送达的。")
@click.option("--retry", is_flag=True, help="把未送达的重新放回待发。")
@with_appcontext
def pushes(*, dead: bool, retry: bool) -> None:
    """List the ledger, or put dead pushes back to pending with their jobs."""
    if retry:
        count = _retry_all(clock.now())
        click.echo(f"已重新排队 {count} 条；仍没有接收方式的人，请先让他绑定。")
        return
    rows = ledger.entries(dead=dead, most=MOST)
    numbers = _numbers([row.report_id for row in rows if row.report_id])
    for line in _table([HEAD, *(_line(row, numbers) for row in rows)]):
        click.echo(line)
    totals = ledger.totals()
    click.echo("合计：" + "，".join(f"{STATES[state]} {totals.get(state, 0)}" for state in STATES))


def _retry_all(now: datetime) -> int:
    """Batch by batch, each committed, so that a long list blocks nobody."""
    count = 0
    while found := ledger.retry_dead(now=now):
        db.session.commit()
        count += found
    return count


def _numbers(report_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(select(Report.id, Report.no).where(Report.id.in_(set(report_ids))))
    return {row.id: row.no for row in rows}


def _line(row: Row[Any], numbers: dict[int, str]) -> tuple[str, ...]:
    return (
        str(row.id),
        "—" if row.county_id == NATIONAL else str(row.county_id),
        numbers.get(row.report_id, "—"),
        NOTICE if is_quiet(row.purpose) else PURPOSES.get(row.purpose, row.purpose),
        CHANNEL_NAMES.get(row.channel, "无" if row.channel == NONE else row.channel),
        STATES[row.state],
        str(row.attempts),
        _when(row.next_at) if row.state == "pending" else "—",
        row.last_code or "—",
    )


def _when(at: datetime) -> str:
    return f"{clock.local(at):%m-%d %H:%M:%S}"


def width(text: str) -> int:
    """How many columns of a terminal a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(width(row[column]) for row in rows) for column in range(len(HEAD))]
    return [
        "  ".join(text + " " * (wide - width(text)) for text, wide in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
