"""Which estates somebody's posts let him see; every choice of estates starts here."""

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from server.accounts.models import Body
from server.accounts.permissions import place_scope
from server.accounts.roles import Actor
from server.core.db import db
from server.estates.models import Estate, ScanCode


def visible_estates(actor: Actor) -> ColumnElement[bool]:
    """The condition that an estate lies in the area of an actor's posts (bureau, township, community)."""
    scope = place_scope(actor)
    county = Estate.county_id == scope.county_id
    if scope.whole_county:
        return county
    areas: list[ColumnElement[bool]] = []
    if scope.communities:
        areas.append(Estate.community_id.in_(scope.communities))
    if scope.townships:
        below = select(Body.id).where(Body.parent_id.in_(scope.townships))
        areas.append(Estate.community_id.in_(below))
    return and_(county, or_(*areas)) if areas else false()


def estate_names(actor: Actor) -> list[tuple[int, str]]:
    """The estates in sight by name."""
    rows = db.session.execute(
        select(Estate.id, Estate.name).where(visible_estates(actor)).order_by(Estate.name, Estate.id)
    )
    return [(row.id, row.name) for row in rows]


def estate_codes(actor: Actor, words: str, *, most: int) -> list[tuple[str, str, str]]:
    """Estates in sight whose name or community has the words, as (name, community, scan code)."""
    like = f"%{words.replace('%', '').replace('_', '')}%"
    query = (
        select(Estate.name, Body.name.label("community"), func.max(ScanCode.code).label("code"))
        .join(Body, Body.id == Estate.community_id)
        .join(ScanCode, ScanCode.estate_id == Estate.id)
        .where(visible_estates(actor), ScanCode.revoked_at.is_(None), ScanCode.spot_id.is_(None))
        .where(or_(Estate.name.ilike(like), Body.name.ilike(like)))
        .group_by(Estate.id, Body.id)
        .order_by(Estate.name, Estate.id)
        .limit(most)
    )
    return [(row.name, row.community, row.code) for row in db.session.execute(query)]
