"""An estate's disclosures in a few lines, by its county's rules."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from server.accounts.models import Body
from server.companies.models import Company, Project
from server.companies.places import Place
from server.core.clock import today as day_of
from server.core.db import db
from server.core.errors import NotFound
from server.disclosures import facts
from server.disclosures.facts import Facts
from server.disclosures.models import Disclosure
from server.disclosures.revisions import Released
from server.disclosures.rules import Kind, Line, line_of
from server.estates.models import Estate
from server.policy.model import Book

Community, Township, Bureau = aliased(Body), aliased(Body), aliased(Body)


def released_at(kind: Kind) -> ColumnElement[Any]:
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
RELEASES = (*(released_at(kind) for kind in Kind), NEWEST_QUARTER)
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
    """The five that every estate must show (五公开), in the plan's order, and the contact board; one statement.

    Raises NotFound.
    """
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
    return _six(Facts(*row[: len(FACTS)]), entered_lines(row, book, today=today))


def _six(known: Facts, entered: dict[Kind, Line]) -> list[Line]:
    return [
        facts.manager_line(known),
        facts.services_line(known),
        entered[Kind.CHARGES],
        facts.phones_line(known),
        entered[Kind.INCOME],
        entered[Kind.CONTACTS],
    ]


def lines_from(known: Facts, found: Released, book: Book, *, today: date) -> list[Line]:
    """The same as `summary`, from what a page has read already."""
    newest = {Kind.CHARGES: found.charges, Kind.CONTACTS: found.contacts}
    newest[Kind.INCOME] = found.income[0] if found.income else None
    entered = {
        kind: line_of(
            book, kind, newest=one.period if one else None, released_on=one.on if one else None, today=today
        )
        for kind, one in newest.items()
    }
    return _six(known, entered)


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
