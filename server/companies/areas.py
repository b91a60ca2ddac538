"""Townships, communities and companies of a county, for choosing from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from server.accounts.models import BodyKind
from server.companies.listing import Community, Township
from server.companies.models import Company, Project
from server.core.db import db
from server.estates.models import Estate


def townships_of(county_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Townships with how many estates they have, and how many of those have a company; one statement."""
    return db.session.execute(
        select(
            Township.id,
            Township.name,
            func.count(Estate.id).label("estates"),
            func.count(Project.id).label("managed"),
        )
        .outerjoin(Community, Community.parent_id == Township.id)
        .outerjoin(Estate, Estate.community_id == Community.id)
        .outerjoin(Project, (Project.estate_id == Estate.id) & Project.ended_on.is_(None))
        .where(Township.county_id == county_id, Township.kind == BodyKind.TOWNSHIP)
        .group_by(Township.id, Township.name)
        .order_by(Township.name)
    ).all()


def communities_of(county_id: str) -> list[tuple[int, str]]:
    """The communities, each with its township."""
    rows = db.session.execute(
        select(Community.id, Township.name, Community.name)
        .join(Township, Township.id == Community.parent_id)
        .where(Community.county_id == county_id, Community.kind == BodyKind.COMMUNITY)
        .order_by(Township.name, Community.name)
    )
    return [(row[0], f"{row[1]} / {row[2]}") for row in rows]


def company_names(county_id: str) -> list[str]:
    """The companies, to be offered while somebody types."""
    query = select(Company.name).where(Company.county_id == county_id).order_by(Company.name)
    return list(db.session.scalars(query))
