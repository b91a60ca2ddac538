"""Reading reports: one whole, or a page of a list; columns rather than entities, never by offset."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, and_, func, or_, select, tuple_

from server.accounts.models import Body
from server.accounts.roles import Actor
from server.companies.models import Company, Project
from server.core import paging
from server.core.counties import Key, open_by
from server.core.db import db
from server.core.errors import NotFound
from server.core.text import clean
from server.estates.models import Estate, Spot
from server.reports.duty_rows import bureau_number
from server.reports.matters import COLUMNS
from server.reports.models import OPEN, Event, Report
from server.reports.numbers import normalise
from server.reports.part_models import OPEN_PART, ReportPart
from server.reports.scopes import read_as_typed, visible_reports
from server.reports.workflow import Act


class Tab(StrEnum):
    """The tabs of an inbox."""

    NEW = "new"
    DOING = "doing"
    LATE = "late"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to."""

    tab: Tab | None = None
    estate_id: int | None = None
    state: str | None = None
    words: str | None = None
    mine: bool = False
    """Only what the actor's own bodies must handle now."""


Rows = Select[*tuple[Any, ...]]

LIST = (
    Report.id,
    Report.no,
    Report.state,
    Report.kind,
    Report.county_id,
    Report.text,
    Report.building,
    Report.unit,
    Report.where_text,
    Report.source,
    Report.safety,
    Report.submitted_at,
    Report.accept_due_at,
    Report.resolve_due_at,
    Report.reopen_due_at,
    Report.due_at,
    Report.check_due_at,
    Report.closed_as,
    Report.score,
    Report.reopen_count,
    Report.version,
    Report.estate_id,
    Report.handler_id,
    Report.project_body_id,
    Report.community_id,
    Report.township_id,
    *COLUMNS,
    Estate.name.label("estate"),
    Body.name.label("handler"),
    bureau_number(Report.county_id).label("bureau_id"),
)


def _base() -> Rows:
    return select(*LIST).join(Estate, Estate.id == Report.estate_id).join(Body, Body.id == Report.handler_id)


def tab_condition(tab: Tab, *, now: datetime) -> ColumnElement[bool]:
    """What a tab holds; open ones through the literal that the partial index carries."""
    late = Report.due_at < now
    conditions: Mapping[Tab, tuple[ColumnElement[bool] | TextClause, ...]] = {
        Tab.NEW: (OPEN, Report.state.in_(("submitted", "whistled"))),
        Tab.DOING: (OPEN, Report.state == "accepted"),
        Tab.LATE: (OPEN, late),
        Tab.WAITING: (Report.state == "resolved",),
        Tab.DONE: (Report.state.in_(("closed", "rejected", "withdrawn", "void")),),
    }
    return and_(*conditions[tab])


def narrowed(query: Rows, wanted: Filter, actor: Actor, *, now: datetime) -> Rows:
    """A query held to what a list is narrowed to."""
    if wanted.tab:
        query = query.where(tab_condition(wanted.tab, now=now))
    if wanted.estate_id:
        query = query.where(Report.estate_id == wanted.estate_id)
    if wanted.state:
        query = query.where(Report.state == wanted.state)
    if wanted.mine:
        query = query.where(_mine([post.body_id for post in actor.posts]))
    if wanted.words:
        query = query.where(_matches(clean(wanted.words), actor))
    return query


def _mine(bodies: list[int]) -> ColumnElement[bool]:
    """What these bodies handle, or were asked a part of that they have not answered."""
    asked = select(ReportPart.report_id).where(
        ReportPart.body_id.in_(bodies), OPEN_PART, ReportPart.answered_at.is_(None)
    )
    return or_(Report.handler_id.in_(bodies), Report.id.in_(asked))


def _matches(words: str, actor: Actor) -> ColumnElement[bool]:
    """Number, estate, or what was typed; whoever reads it masked must not guess at it by searching."""
    number = normalise(words)
    if number:
        return Report.no == number
    like = f"%{words.replace('%', '').replace('_', '')}%"
    typed = Report.text.ilike(like) | Report.where_text.ilike(like)
    return Estate.name.ilike(like) | and_(read_as_typed(actor), typed)


def by_due(actor: Actor, wanted: Filter, *, after: str | None, limit: int, now: datetime) -> paging.Page[Any]:
    """A page of what must be done, the most urgent first."""
    cursor = paging.decode(after, (datetime.fromisoformat, int))
    query = narrowed(_base().where(visible_reports(actor)), wanted, actor, now=now)
    if cursor:
        query = query.where(tuple_(Report.due_at, Report.id) > tuple_(*cursor))
    rows = db.session.execute(query.order_by(Report.due_at, Report.id).limit(limit + 1)).all()
    return paging.page(rows, limit=limit, key=lambda row: (row.due_at, row.id))


def newest(actor: Actor, wanted: Filter, *, after: str | None, limit: int, now: datetime) -> paging.Page[Any]:
    """A page of the ledger, the newest first."""
    cursor = paging.decode(after, (int,))
    query = narrowed(_base().where(visible_reports(actor)), wanted, actor, now=now)
    if cursor:
        query = query.where(Report.id < cursor[0])
    rows = db.session.execute(query.order_by(Report.id.desc()).limit(limit + 1)).all()
    return paging.page(rows, limit=limit, key=lambda row: (row.id,))


def tab_counts(actor: Actor, *, mine: bool, now: datetime) -> dict[Tab, int]:
    """How many reports each tab holds, in one statement."""
    counts = [func.count().filter(tab_condition(tab, now=now)).label(tab.value) for tab in Tab]
    query = narrowed(select(*counts).where(visible_reports(actor)), Filter(mine=mine), actor, now=now)
    row = db.session.execute(query).one()
    return {tab: getattr(row, tab.value) for tab in Tab}


def report_by_no(no: str) -> Report:
    """A report by its number as typed. Raises NotFound; the caller asks who may see it."""
    number = normalise(no)
    open_by(Key.REPORT, number or "")
    found = db.session.scalar(select(Report).where(Report.no == number)) if number else None
    if found is None:
        raise NotFound("没有找到这份报告，请检查编号。")
    return found


def visible_report(no: str, actor: Actor) -> Report:
    """A report that is in the actor's sight. Raises NotFound alike for missing and foreign ones."""
    number = normalise(no)
    if number and not actor.is_staff:
        open_by(Key.REPORT, number)
    query = select(Report).where(Report.no == number, visible_reports(actor))
    found = db.session.scalar(query) if number else None
    if found is None:
        raise NotFound("没有找到这份报告，请检查编号。")
    return found


def own_history(report_id: int) -> list[Event]:
    """The history as its reporter and the public have it: without what offices attempted in vain."""
    return [step for step in history(report_id) if step.act != Act.MISSED]


def history(report_id: int) -> list[Event]:
    """Everything that happened to a report, oldest first."""
    return list(db.session.scalars(select(Event).where(Event.report_id == report_id).order_by(Event.id)))


def last_basis(report_id: int) -> str:
    """What the last answer rests on, as the handler wrote it; empty where nothing was named."""
    answers = select(Event.data).where(Event.report_id == report_id, Event.act == "resolve")
    data = db.session.scalar(answers.order_by(Event.id.desc()).limit(1))
    return str((data or {}).get("basis") or "")


@dataclass(frozen=True)
class Names:
    """What a report's numbers are called."""

    estate: str
    handler: str
    company: str | None
    spot: str | None


def names_of(report: Report) -> Names:
    """The names that a page shows for a report, in one statement."""
    row = db.session.execute(
        select(Estate.name, Body.name, Body.kind, Company.name, Spot.name)
        .select_from(Report)
        .join(Estate, Estate.id == Report.estate_id)
        .join(Body, Body.id == Report.handler_id)
        .outerjoin(Project, Project.id == Report.project_id)
        .outerjoin(Company, Company.id == Project.company_id)
        .outerjoin(Spot, Spot.id == Report.spot_id)
        .where(Report.id == report.id)
    ).one()
    handler = row[3] if row[2] == "project" and row[3] else row[1]
    return Names(row[0], handler, row[3], row[4])
