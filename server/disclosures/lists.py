"""Lists of disclosures over many estates: what waits for the bureau, what is late, what somebody looks after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_

from server.accounts.models import Body, Person
from server.accounts.permissions import Scope
from server.companies.models import Project
from server.core import paging
from server.core.clock import ZONE
from server.core.db import db
from server.disclosures.models import Disclosure
from server.disclosures.queries import NEWEST_QUARTER, RELEASES, entered_lines, released_at
from server.disclosures.rules import LATE, Kind, Line, required_quarter, rule_of, stale_before
from server.estates.models import Estate
from server.policy.model import Book


@dataclass(frozen=True)
class EstateLines:
    """One estate with how its disclosures stand."""

    id: int
    name: str
    community: str
    lines: dict[Kind, Line]

    @property
    def late(self) -> list[Line]:
        """What is stale or missing."""
        return [line for line in self.lines.values() if line.state in LATE]


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=ZONE)


def _late(kind: Kind, book: Book, today: date) -> ColumnElement[bool]:
    """The condition that a kind is stale or missing; the same border as in `rules.py`."""
    rule = rule_of(book, kind)
    if kind is Kind.INCOME:
        return func.coalesce(NEWEST_QUARTER, "") < str(required_quarter(today, rule.due_days or 0))
    out_at = released_at(kind)
    return or_(out_at.is_(None), out_at < _midnight(stale_before(rule, today)))


def late(
    book: Book, *, kind: Kind | None, after: str | None, limit: int, today: date
) -> paging.Page[EstateLines]:
    """The county's estates with something stale or missing, by name; of one kind, or of any."""
    wanted = [_late(one, book, today) for one in ([kind] if kind else Kind)]
    where: list[ColumnElement[bool]] = [Estate.county_id == book.county_id, or_(*wanted)]
    cursor = paging.decode(after, (str, int))
    if cursor:
        where.append(tuple_(Estate.name, Estate.id) > tuple_(*cursor))
    found = _estates(where, book, limit=limit + 1, today=today)
    return paging.page(found, limit=limit, key=lambda one: (one.name, one.id))


def mine(scope: Scope, book: Book, *, today: date, most: int = paging.MOST) -> list[EstateLines]:
    """The estates that somebody's own posts look after, as project or as community, by name."""
    area = or_(Project.body_id.in_(scope.projects), Estate.community_id.in_(scope.communities))
    return _estates([Estate.county_id == book.county_id, area], book, limit=most, today=today)


def _estates(
    where: Sequence[ColumnElement[bool]], book: Book, *, limit: int, today: date
) -> list[EstateLines]:
    query = (
        select(Estate.id, Estate.name, Body.name.label("community"), *RELEASES)
        .join(Body, Body.id == Estate.community_id)
        .outerjoin(Project, and_(Project.estate_id == Estate.id, Project.ended_on.is_(None)))
        .where(*where)
        .order_by(Estate.name, Estate.id)
        .limit(limit)
    )
    return [
        EstateLines(row.id, row.name, row.community, entered_lines(row, book, today=today))
        for row in db.session.execute(query)
    ]


WAITING = (
    Disclosure.id,
    Disclosure.kind,
    Disclosure.period,
    Disclosure.revision,
    Disclosure.entered_at,
    Estate.name.label("estate"),
    Body.name.label("community"),
    Person.name.label("by"),
)


def waiting(county_id: str, *, after: str | None, limit: int) -> paging.Page[Any]:
    """What waits for the bureau of a county, the longest waiting first."""
    query = (
        select(*WAITING)
        .join(Estate, Estate.id == Disclosure.estate_id)
        .join(Body, Body.id == Estate.community_id)
        .outerjoin(Person, Person.id == Disclosure.entered_by)
        .where(Disclosure.county_id == county_id, Disclosure.state == "draft")
        .order_by(Disclosure.entered_at, Disclosure.id)
        .limit(limit + 1)
    )
    cursor = paging.decode(after, (datetime.fromisoformat, int))
    if cursor:
        query = query.where(tuple_(Disclosure.entered_at, Disclosure.id) > tuple_(*cursor))
    rows = db.session.execute(query).all()
    return paging.page(rows, limit=limit, key=lambda row: (row.entered_at, row.id))


def counts(book: Book, *, today: date) -> tuple[int, int]:
    """How many revisions wait in a county, and how many of its estates are late with something; one statement."""
    drafts = select(func.count()).where(Disclosure.county_id == book.county_id, Disclosure.state == "draft")
    estates = (
        select(func.count())
        .select_from(Estate)
        .where(Estate.county_id == book.county_id, or_(*(_late(kind, book, today) for kind in Kind)))
    )
    row = db.session.execute(select(drafts.scalar_subquery(), estates.scalar_subquery())).one()
    return row[0], row[1]
