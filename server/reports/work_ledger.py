"""The plans' work ledger: problem, place, who answers for it, until when, evidence, struck off when (A9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from server.accounts.models import Body, Post
from server.accounts.permissions import OF_PROJECT
from server.accounts.roles import Actor, Role
from server.core import clock, paging
from server.core.db import db
from server.estates.models import Estate
from server.photos.models import Photo
from server.reports.models import Event, Report
from server.reports.queries import Rows
from server.reports.scopes import visible_reports
from server.reports.workflow import Act

BATCH = 500
ANSWERS = (Act.RESOLVE, Act.REPLY, Act.MEASURE, Act.SETTLE)
STRUCK, STANDING = "struck", "standing"
OFFICES = frozenset({Role.ADMIN, Role.AUDITOR, *(OF_PROJECT - {Role.MANAGER})})
"""Roles whose posts answer for no report."""


@dataclass(frozen=True)
class Wanted:
    """What the ledger is narrowed to; days are of submission, both count."""

    estate_id: int | None = None
    township_id: int | None = None
    kind: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    standing: str = ""
    """`struck` for what is struck off, `standing` for what is not, empty for both."""


def _duty() -> ScalarSelect[Any]:
    """The duty that answers for it: a post of the body, never a person's name."""
    mine = (Post.body_id == Report.handler_id, Post.role.not_in(OFFICES))
    return select(func.min(Post.duty)).where(*mine).correlate(Report).scalar_subquery()


def _answer() -> ScalarSelect[Any]:
    """The last measure or answer."""
    query = select(Event.text).where(Event.report_id == Report.id, Event.act.in_(ANSWERS), Event.text != "")
    return query.order_by(Event.id.desc()).limit(1).correlate(Report).scalar_subquery()


def _basis() -> ScalarSelect[Any]:
    """What the last answer rests on, where it is no photo."""
    query = select(Event.data["basis"].astext).where(Event.report_id == Report.id, Event.act == Act.RESOLVE)
    return query.order_by(Event.id.desc()).limit(1).correlate(Report).scalar_subquery()


def _photos() -> ScalarSelect[Any]:
    """How many photos came with what was done."""
    query = select(func.count(Photo.id)).where(Photo.report_id == Report.id, Photo.purpose == "after")
    return query.correlate(Report).scalar_subquery()


def _base() -> Rows:
    return (
        select(
            Report.id,
            Report.no,
            Report.county_id,
            Report.kind,
            Report.text,
            Report.building,
            Report.unit,
            Report.where_text,
            Report.source,
            Report.state,
            Report.outcome,
            Report.closed_as,
            Report.reopen_count,
            Report.submitted_at,
            Report.closed_at,
            func.coalesce(Report.reopen_due_at, Report.resolve_due_at).label("due_at"),
            Estate.name.label("estate"),
            Body.name.label("handler"),
            _duty().label("duty"),
            _answer().label("answer"),
            _basis().label("basis"),
            _photos().label("photos"),
        )
        .join(Estate, Estate.id == Report.estate_id)
        .join(Body, Body.id == Report.handler_id)
    )


def ledger_page(actor: Actor, wanted: Wanted, *, after: str | None, limit: int) -> paging.Page[Any]:
    """A page of the ledger, the newest first; one statement."""
    cursor = paging.decode(after, (int,))
    query = _narrowed(_base().where(visible_reports(actor)), wanted)
    if cursor:
        query = query.where(Report.id < cursor[0])
    rows = db.session.execute(query.order_by(Report.id.desc()).limit(limit + 1)).all()
    return paging.page(rows, limit=limit, key=lambda row: (row.id,))


def ledger_rows(actor: Actor, wanted: Wanted, *, most: int) -> Iterator[Any]:
    """The newest `most` rows, fetched in batches by key."""
    before: int | None = None
    while most > 0:
        query = _narrowed(_base().where(visible_reports(actor)), wanted)
        query = query.where(Report.id < before) if before is not None else query
        rows = db.session.execute(query.order_by(Report.id.desc()).limit(min(BATCH, most))).all()
        yield from rows
        if len(rows) < min(BATCH, most):
            return
        before, most = rows[-1].id, most - len(rows)


def _narrowed(query: Rows, wanted: Wanted) -> Rows:
    for column, value in (
        (Report.estate_id, wanted.estate_id),
        (Report.township_id, wanted.township_id),
        (Report.kind, wanted.kind),
    ):
        query = query.where(column == value) if value else query
    if wanted.begins_on:
        query = query.where(Report.submitted_at >= _midnight(wanted.begins_on))
    if wanted.ends_on:
        query = query.where(Report.submitted_at < _midnight(wanted.ends_on + timedelta(days=1)))
    if wanted.standing == STRUCK:
        query = query.where(Report.state == "closed")
    if wanted.standing == STANDING:
        query = query.where(Report.state.not_in(("closed", "withdrawn", "void", "rejected")))
    return query


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.ZONE)
