"""What an order leaves on a report: a line in its history, a push, and the stricter deadline (A11).

That a reporter rang the hotline as well is for the offices alone: his order carries his name to the company.
"""

from datetime import datetime
from typing import Any

from server.accounts.bodies import bureau_of
from server.accounts.roles import Actor
from server.core import clock
from server.core.db import db
from server.interop.hotline.models import HotlineOrder
from server.interop.hotline.rows import OrderRow
from server.policy.terms import Level
from server.reports.acting import book_of, rewrite
from server.reports.models import Event, Report
from server.reports.origins import order_label
from server.reports.telling import PURPOSES, pass_on, tell_bodies
from server.reports.workflow import OPEN, Act

URGES = (("urged_at", Act.REMIND, "催办"), ("supervised_at", Act.SUPERVISE, "督办"))


def join(report: Report, row: OrderRow, *, now: datetime) -> None:
    """The reporter rang the hotline as well: one matter from now on, under the stricter deadline; offices are told."""
    _tighten(report, row.due_at, now=now)
    words = "报告人也打了 12345，工单并入本件。"
    if row.due_at:
        words += f"热线要求 {clock.local(row.due_at):%m月%d日 %H:%M} 前办结。"
    act = Act.REMIND if report.state in OPEN else Act.ADD
    trace(report, act, words, row.number, offices_only=True, now=now)


def urge(order: HotlineOrder, report: Report | None, row: OrderRow, *, now: datetime) -> int:
    """Pass on the urging and supervising that is newer than what was known, of a joined order to offices; how many."""
    count = 0
    for name, act, words in URGES:
        at, before = getattr(row, name), getattr(order, name)
        if at is None or (before is not None and at <= before):
            continue
        setattr(order, name, at)
        if report is not None and report.state in OPEN:
            said = f"12345 {words}（{clock.local(at):%m月%d日 %H:%M}）"
            trace(report, act, said, row.number, offices_only=order.joined, now=now)
            count += 1
    return count


def trace(report: Report, act: Act, words: str, number: str, *, offices_only: bool, now: datetime) -> Event:
    """A step of the hotline in a report's history, told to whom the book names, and to its handler if he may know."""
    event = Event(
        county_id=report.county_id,
        report_id=report.id,
        at=now,
        act=act,
        by_kind="system",
        by_label=order_label(number),
        text=words,
        data={"order": number},
    )
    db.session.add(event)
    db.session.flush()
    book, offices = book_of(report), _watching(report)
    if offices_only:
        told = _with_handler(report, offices)
        occasion = f"event:{event.id}"
        tell_bodies(report, told, purpose=PURPOSES[act], occasion=occasion, book=book, now=now)
    else:
        pass_on(report, act, event, book=book, by=Actor(), also=offices, now=now)
    return event


def _with_handler(report: Report, offices: dict[int, str]) -> dict[int, str]:
    """The offices that are told, and the handler where it is an office that reads what was typed."""
    readers = {report.community_id, report.township_id, bureau_of(report.county_id).id}
    return offices | ({report.handler_id: "handle"} if report.handler_id in readers else {})


def _watching(report: Report) -> dict[int, str]:
    levels = {
        Level.COMMUNITY: report.community_id,
        Level.TOWNSHIP: report.township_id,
        Level.BUREAU: bureau_of(report.county_id).id,
    }
    return {levels[level]: "watch" for level in book_of(report).hotline.urge_to}


def _tighten(report: Report, due_at: datetime | None, *, now: datetime) -> None:
    """The earlier of two deadlines holds."""
    if due_at is None or report.state not in OPEN:
        return
    names = ("accept_due_at", "resolve_due_at", "reopen_due_at")
    late: dict[str, Any] = {
        name: due_at for name in names if (at := getattr(report, name)) is not None and at > due_at
    }
    if late:
        rewrite(report, late, now=now)
