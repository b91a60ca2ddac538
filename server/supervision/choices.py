"""What a campaign can be narrowed to, and who can check (A10)."""

from sqlalchemy import select

from server.accounts.models import Body, Post
from server.accounts.roles import Role
from server.companies.models import Company
from server.core.db import db
from server.supervision.assigning import Inspector

INSPECTING = (Role.COMMUNITY, Role.TOWNSHIP, Role.BUREAU)


def inspectors_of(county: str) -> list[Inspector]:
    """The posts of a county that may check."""
    query = select(Post.id, Post.body_id, Post.role).where(
        Post.county_id == county, Post.role.in_(INSPECTING)
    )
    return [
        Inspector(row.id, row.body_id, Role(row.role)) for row in db.session.execute(query.order_by(Post.id))
    ]


def inspector_names(county: str) -> list[tuple[int, str]]:
    """The same posts as a form offers them: number, body and duty."""
    query = (
        select(Post.id, Body.name, Post.duty)
        .join(Body, Body.id == Post.body_id)
        .where(Post.county_id == county, Post.role.in_(INSPECTING))
        .order_by(Body.id, Post.id)
    )
    return [(row.id, f"{row.name} {row.duty}") for row in db.session.execute(query)]


def company_names(county: str) -> list[tuple[int, str]]:
    """The property companies of a county: number and name."""
    query = select(Company.id, Company.name).where(Company.county_id == county).order_by(Company.name)
    return [(row.id, row.name) for row in db.session.execute(query)]
