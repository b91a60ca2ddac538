"""Lists of estates for the bureau: searched, filtered, by keyset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, tuple_
from sqlalchemy.orm import aliased

from server.accounts.models import Body
from server.companies.models import Company, Project
from server.core.db import db
from server.core.paging import LIMIT, Page, decode, page
from server.estates.models import Building, Estate, ScanCode, Spot

Township, Community = aliased(Body), aliased(Body)


@dataclass(frozen=True)
class Wanted:
    """Which estates of a county somebody is looking for."""

    words: str = ""
    township_id: int | None = None
    category: str = ""
    managed: str = ""
    """yes, no, or empty for both."""


def list_estates(
    county_id: str, wanted: Wanted, *, after: str | None = None, limit: int = LIMIT
) -> Page[Row[*tuple[Any, ...]]]:
    """Estates of a county by name; one statement. Raises Invalid for a foreign cursor."""
    query = _joined(
        select(
            Estate.id,
            Estate.name,
            Estate.category,
            Estate.households,
            Community.name.label("community"),
            Township.name.label("township"),
            Company.name.label("company"),
            Project.manager_name,
        )
    ).where(*_conditions(county_id, wanted))
    cursor = decode(after, (str, int))
    if cursor:
        query = query.where(tuple_(Estate.name, Estate.id) > tuple_(*cursor))
    rows = db.session.execute(query.order_by(Estate.name, Estate.id).limit(limit + 1)).all()
    return page(rows, limit=limit, key=lambda row: (row.name, row.id))


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(Estate)
        .join(Community, Community.id == Estate.community_id)
        .join(Township, Township.id == Community.parent_id)
        .outerjoin(Project, (Project.estate_id == Estate.id) & Project.ended_on.is_(None))
        .outerjoin(Company, Company.id == Project.company_id)
    )


def _conditions(county_id: str, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Estate.county_id == county_id]
    for word in wanted.words.split()[:4]:
        columns = (Estate.name, Community.name, Township.name, Company.name)
        found.append(or_(*(column.contains(word, autoescape=True) for column in columns)))
    if wanted.township_id is not None:
        found.append(Township.id == wanted.township_id)
    if wanted.category:
        found.append(Estate.category == wanted.category)
    if wanted.managed:
        found.append(Project.id.is_not(None) if wanted.managed == "yes" else Project.id.is_(None))
    return found


def codes_of(estate_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every code of an estate and its spots, working ones first, newest first; one statement."""
    return db.session.execute(
        select(
            ScanCode.code,
            ScanCode.issued_at,
            ScanCode.revoked_at,
            ScanCode.spot_id,
            Spot.name.label("spot"),
            Building.name.label("building"),
            Spot.closed_at,
        )
        .outerjoin(Spot, Spot.id == ScanCode.spot_id)
        .outerjoin(Building, Building.id == Spot.building_id)
        .where(ScanCode.estate_id == estate_id)
        .order_by(
            ScanCode.revoked_at.desc().nulls_first(), ScanCode.spot_id.nulls_first(), ScanCode.id.desc()
        )
    ).all()


def spots_of(estate_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The open spots of an estate; one statement."""
    return db.session.execute(
        select(Spot.id, Spot.kind, Spot.name, Building.name.label("building"))
        .outerjoin(Building, Building.id == Spot.building_id)
        .where(Spot.estate_id == estate_id, Spot.closed_at.is_(None))
        .order_by(Spot.id)
    ).all()


def building_choices(estate_id: int) -> list[tuple[int, str]]:
    """The buildings of an estate to choose from."""
    rows = db.session.execute(
        select(Building.id, Building.name).where(Building.estate_id == estate_id).order_by(Building.rank)
    )
    return [(row.id, row.name) for row in rows]
