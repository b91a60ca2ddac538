"""The mediation centre's list, and the bureau's view of it: every referral and how far it is (A12)."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from server.accounts.models import Body
from server.accounts.permissions import JOINT_ROLES
from server.accounts.roles import Actor, Role
from server.core import paging
from server.core.db import db
from server.estates.models import Estate
from server.policy.loader import books
from server.reports.mediation import Mediation
from server.reports.models import Report

LIST = (
    Mediation.id,
    Mediation.consented_at,
    Mediation.taken_at,
    Mediation.due_at,
    Mediation.meet_at,
    Mediation.ended_at,
    Mediation.result,
    Report.no,
    Report.kind,
    Report.county_id,
    Estate.name.label("estate"),
    Body.name.label("centre"),
)


def mediates(actor: Actor) -> bool:
    """Whether somebody works for his county's mediation centre."""
    book = books().get(actor.county_id or "")
    mine = actor.bodies(*JOINT_ROLES)
    if book is None or not mine:
        return False
    query = select(Body.id).where(Body.id.in_(mine), Body.key == book.mediation.body)
    return db.session.scalar(query) is not None


def referrals(actor: Actor, *, ended: bool, after: str | None, limit: int) -> paging.Page[Any]:
    """A page of referrals that reached the centre, the newest first: one's own body's, for the bureau all."""
    cursor = paging.decode(after, (int,))
    query = (
        select(*LIST)
        .join(Report, Report.id == Mediation.report_id)
        .join(Estate, Estate.id == Report.estate_id)
        .join(Body, Body.id == Mediation.body_id)
        .where(Mediation.consented_at.is_not(None), _mine(actor))
        .where(Mediation.ended_at.is_not(None) if ended else Mediation.ended_at.is_(None))
    )
    if cursor:
        query = query.where(Mediation.id < cursor[0])
    rows = db.session.execute(query.order_by(Mediation.id.desc()).limit(limit + 1)).all()
    return paging.page(rows, limit=limit, key=lambda row: (row.id,))


def _mine(actor: Actor) -> ColumnElement[bool]:
    county = Mediation.county_id == (actor.county_id or "")
    whole = county if Role.BUREAU in actor.roles else county & Mediation.id.is_(None)
    return or_(whole, county & Mediation.body_id.in_(actor.bodies(*JOINT_ROLES)))
