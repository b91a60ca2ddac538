"""The work of some bodies: mine to do, mine to watch, overdue, answered; each page by cursor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, tuple_

from server.accounts.models import Body
from server.accounts.roles import ROLE_OF_BODY, Actor, Held
from server.core import paging
from server.core.db import db
from server.estates.models import Estate
from server.reports.duty_rows import first_due
from server.reports.matters import acting_bodies
from server.reports.models import Report
from server.reports.part_models import ReportPart
from server.reports.queries import LIST, Rows
from server.reports.scopes import visible_reports


class View(StrEnum):
    """The four tabs; what is overdue is a part of what is mine."""

    MINE = "mine"
    WATCH = "watch"
    LATE = "late"
    ANSWERED = "answered"


LIVE = ("submitted", "accepted", "whistled", "referred", "resolved")
"""Something still happens."""
BEYOND = ("resolved", "closed", "rejected", "withdrawn", "void")
"""Out of the handler's hands."""


@dataclass(frozen=True)
class Bench:
    """Some bodies of one county and what lies in their sight."""

    county_id: str
    bodies: frozenset[int]
    sight: ColumnElement[bool]


def bench_of(actor: Actor) -> Bench:
    """The bodies for which somebody acts."""
    return Bench(actor.county_id or "", acting_bodies(actor), visible_reports(actor))


def bench_of_body(body: Body) -> Bench:
    """One body's, as its own people see it; for whoever watches over it."""
    post = Held(0, body.id, body.name, ROLE_OF_BODY[body.kind], body.county_id, "")
    return Bench(body.county_id, frozenset({body.id}), visible_reports(Actor(posts=(post,))))


@dataclass(frozen=True)
class Tally:
    """How many reports of one estate each tab holds."""

    estate_id: int
    estate: str
    counts: Mapping[View, int]


def tally(bench: Bench, *, now: datetime) -> list[Tally]:
    """The counts of the tabs estate by estate, in one statement; estates with nothing are left out."""
    due = first_due(bench.county_id, bench.bodies)
    conditions = _conditions(bench, due, now=now)
    numbers = [func.count().filter(conditions[view]).label(view.value) for view in View]
    query = (
        select(Report.estate_id, Estate.name, *numbers)
        .join(Estate, Estate.id == Report.estate_id)
        .outerjoin(due, due.c.report_id == Report.id)
        .where(bench.sight, or_(*conditions.values()))
        .group_by(Report.estate_id, Estate.name)
        .order_by(Estate.name, Report.estate_id)
    )
    return [
        Tally(row.estate_id, row.name, {view: getattr(row, view.value) for view in View})
        for row in db.session.execute(query)
    ]


def worklist(
    bench: Bench, view: View, *, estate_id: int | None, after: str | None, limit: int, now: datetime
) -> paging.Page[Any]:
    """A page of one tab: what is due first stands first; of what was answered, the newest report."""
    due = first_due(bench.county_id, bench.bodies)
    query = (
        select(*LIST, due.c.due_at.label("my_due_at"))
        .join(Estate, Estate.id == Report.estate_id)
        .join(Body, Body.id == Report.handler_id)
        .outerjoin(due, due.c.report_id == Report.id)
        .where(bench.sight, _conditions(bench, due, now=now)[view])
    )
    if estate_id:
        query = query.where(Report.estate_id == estate_id)
    if view is View.ANSWERED:
        return _newest(query, after=after, limit=limit)
    return _urgent(query, Report.due_at if view is View.WATCH else due.c.due_at, after=after, limit=limit)


def _conditions(bench: Bench, due: Any, *, now: datetime) -> Mapping[View, ColumnElement[bool]]:
    mine = due.c.due_at.is_not(None)
    given = select(ReportPart.report_id).where(
        ReportPart.body_id.in_(bench.bodies), ReportPart.answered_at.is_not(None)
    )
    handled = and_(Report.handler_id.in_(bench.bodies), Report.state.in_(BEYOND))
    answered = or_(handled, Report.id.in_(given))
    return {
        View.MINE: mine,
        View.WATCH: and_(not_(mine), Report.state.in_(LIVE), not_(answered)),
        View.LATE: due.c.due_at < now,
        View.ANSWERED: and_(not_(mine), answered),
    }


def _urgent(query: Rows, order: Any, *, after: str | None, limit: int) -> paging.Page[Any]:
    cursor = paging.decode(after, (datetime.fromisoformat, int))
    if cursor:
        query = query.where(tuple_(order, Report.id) > tuple_(*cursor))
    rows = db.session.execute(
        query.add_columns(order.label("order_at")).order_by(order, Report.id).limit(limit + 1)
    )
    return paging.page(rows.all(), limit=limit, key=lambda row: (row.order_at, row.id))


def _newest(query: Rows, *, after: str | None, limit: int) -> paging.Page[Any]:
    cursor = paging.decode(after, (int,))
    if cursor:
        query = query.where(Report.id < cursor[0])
    rows = db.session.execute(query.order_by(Report.id.desc()).limit(limit + 1))
    return paging.page(rows.all(), limit=limit, key=lambda row: (row.id,))
