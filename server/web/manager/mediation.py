"""`/m/mediation`: the disputes that the centre has, each with what comes next; the bureau sees the county's."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.core.paging import LIMIT
from server.reports.court import referrals
from server.reports.mediating import ENDS
from server.web.desk.rows import kind_of
from server.web.times import day_time, stamp
from server.web.wording import Tag, left

pages = Blueprint("mediation", __name__)
READING = (Role.COURT, Role.DEPARTMENT, Role.BUREAU)
"""A department as well: in some counties it runs the centre. Others' lists are empty."""
PAGE = "/m/mediation"


@pages.get(PAGE)
@entry(*READING)
def cases() -> str:
    """What is open, or with `done=1` what has ended."""
    now, asking, done = clock.now(), actor(), request.args.get("done") == "1"
    page = referrals(asking, ended=done, after=request.args.get("after"), limit=LIMIT)
    here = f"{PAGE}?done=1" if done else PAGE
    base = "/b/" if Role.BUREAU in asking.roles else "/m/"
    joint = "&" if done else "?"
    return render_template(
        "manager/mediation.html",
        rows=[_row(row, base=base, now=now) for row in page.items],
        tabs=[
            {"href": PAGE, "word": "调解中", "here": not done},
            {"href": f"{PAGE}?done=1", "word": "有结果", "here": done},
        ],
        empty="还没有结束的调解。" if done else "没有正在调解的报告。",
        next=f"{here}{joint}after={page.next}" if page.next else "",
        first=here if request.args.get("after") else "",
    )


def _row(row: Any, *, base: str, now: datetime) -> dict[str, Any]:
    kind = kind_of(row.county_id, row.kind)
    return {
        "href": f"{base}{row.no}",
        "title": f"{kind.label if kind else row.kind} · {row.estate}",
        "note": f"{row.no} · {_step(row, now=now)}",
        "tag": _tag(row, now=now),
    }


def _step(row: Any, *, now: datetime) -> str:
    """What happened last."""
    if row.ended_at:
        return f"{row.centre} {stamp(row.ended_at, now=now)}结束"
    if row.taken_at is None:
        return f"报告人 {stamp(row.consented_at, now=now)}同意，待收案"
    return f"约在 {day_time(row.meet_at)}" if row.meet_at else "已收案，还没有约时间"


def _tag(row: Any, *, now: datetime) -> Tag:
    if row.ended_at:
        return Tag(ENDS.get(row.result or "", ""), "ok" if row.result == "agreed" else "", "square")
    return left(row.due_at or row.consented_at, now=now)
