"""Lists of disclosures: an estate's summary, what waits for the bureau, what is late in a county."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from server.accounts.models import Body, Person
from server.accounts.permissions import Scope
from server.companies.models import Company, Project
from server.companies.places import Place
from server.core import paging
from server.core.clock import ZONE
from server.core.clock import today as day_of
from server.core.db import db
from server.core.errors import NotFound
from server.disclosures import facts
from server.disclosures.facts import Facts
from server.disclosures.models import Disclosure
from server.disclosures.rules import (
    LATE,
    Kind,
    Line,
    line_of,
    required_quarter,
    rule_of,
    stale_before,
)
from server.estates.models import Estate
from server.policy.model import Book

Community, Township, Bureau = aliased(Body), aliased(Body), aliased(Body)


def _released_on(kind: Kind) -> ColumnElement[Any]:
    """When the newest revision of a kind was released; of a quarter, where the kind has quarters.

    Revisions are decided in their order, so the newest release is the newest revision.
    """
    return (
        select(Disclosure.decided_at)
        .where(Disclosure.estate_id == Estate.id, Disclosure.kind == kind, Disclosure.state == "released")
        .order_by(Disclosure.period.desc(), Disclosure.revision.desc())
        .limit(1)
        .scalar_subquery()
        .label(kind)
    )


NEWEST_QUARTER = (
    select(func.max(Disclosure.period))
    .where(Disclosure.estate_id == Estate.id, Disclosure.kind == Kind.INCOME, Disclosure.state == "released")
    .scalar_subquery()
    .label("newest")
)
RELEASES = (*(_released_on(kind) for kind in Kind), NEWEST_QUARTER)
FACTS = (
    Company.name.label("company_name"),
    Company.phone.label("company_phone"),
    Project.manager_name,
    Project.manager_phone,
    Project.services,
    Project.since_on,
    Community.name.label("community_name"),
    Community.phone.label("community_phone"),
    Bureau.name.label("bureau_name"),
    Bureau.phone.label("bureau_phone"),
)


def entered_lines(row: Any, book: Book, *, today: date) -> dict[Kind, Line]:
    """How each kind stands, from a row with the columns of `RELEASES`."""
    found = {}
    for kind in Kind:
        at: datetime | None = getattr(row, kind)
        newest = row.newest if kind is Kind.INCOME else None
        released_on = day_of(at) if at else None
        found[kind] = line_of(book, kind, newest=newest, released_on=released_on, today=today)
    return found


def summary(estate_id: int, book: Book, today: date) -> list[Line]:
    """The five that every estate must show (五公开), in the plan's order; one statement. Raises NotFound."""
    query = (
        select(*FACTS, *RELEASES)
        .select_from(Estate)
        .join(Community, Community.id == Estate.community_id)
        .join(Township, Township.id == Community.parent_id)
        .join(Bureau, Bureau.id == Township.parent_id)
        .outerjoin(Project, and_(Project.estate_id == Estate.id, Project.ended_on.is_(None)))
        .outerjoin(Company, Company.id == Project.company_id)
        .where(Estate.id == estate_id)
    )
    row: Any = db.session.execute(query).first()
    if row is None:
        raise NotFound("没有找到这个小区。")
    known = Facts(*row[: len(FACTS)])
    entered = entered_lines(row, book, today=today)
    return [
        facts.manager_line(known),
        facts.services_line(known),
        entered[Kind.CHARGES],
        facts.phones_line(known),
        entered[Kind.INCOME],
    ]


def facts_of(place: Place) -> Facts:
    """The same facts from a place that is known already."""
    return Facts(
        company_name=place.company_name,
        company_phone=place.company_phone,
        manager_name=place.manager_name,
        manager_phone=place.manager_phone,
        services=place.services,
        since_on=place.managed_since,
        community_name=place.community_name,
        community_phone=place.community_phone,
        bureau_name=place.bureau_name,
        bureau_phone=place.bureau_phone,
    )


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
    released_at = _released_on(kind)
    return or_(released_at.is_(None), released_at < _midnight(stale_before(rule, today)))


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
