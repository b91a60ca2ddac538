"""What reports a query may return for an actor; every list and look-up starts here."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from server.accounts.permissions import report_scope
from server.accounts.roles import Actor
from server.notices.models import Inbox
from server.reports.models import Report


def visible_reports(actor: Actor) -> ColumnElement[bool]:
    """The condition that a report is in the sight of an actor's posts, or is his own."""
    return or_(_by_posts(actor), own_reports(actor))


def read_as_typed(actor: Actor) -> ColumnElement[bool]:
    """Of the visible ones, those whose words the actor reads unmasked, and so may search in."""
    scope = report_scope(actor)
    areas = [own_reports(actor)]
    if scope.county_id is not None:
        bodies: list[ColumnElement[bool]] = [
            Report.community_id.in_(scope.communities),
            Report.township_id.in_(scope.townships),
        ]
        areas.append(
            and_(Report.county_id == scope.county_id, true() if scope.whole_county else or_(*bodies))
        )
    return or_(*areas)


def _by_posts(actor: Actor) -> ColumnElement[bool]:
    scope = report_scope(actor)
    if scope.nothing:
        return false()
    county = Report.county_id == scope.county_id
    if scope.whole_county:
        return county
    areas: list[ColumnElement[bool]] = []
    for column, bodies in (
        (Report.project_body_id, scope.projects),
        (Report.community_id, scope.communities),
        (Report.township_id, scope.townships),
    ):
        if bodies:
            areas.append(column.in_(bodies))
    if scope.joint:
        areas.append(Report.id.in_(select(Inbox.report_id).where(Inbox.body_id.in_(scope.joint))))
    return and_(county, or_(*areas))


def own_reports(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor proved to be the reporter."""
    proofs: list[ColumnElement[bool]] = []
    pairs: tuple[tuple[Any, Any], ...] = (
        (Report.owner_hash, actor.owner_hash),
        (Report.device_hash, actor.device_hash),
        (Report.resident_id, actor.resident_id),
    )
    for column, value in pairs:
        if value is not None:
            proofs.append(column == value)
    return or_(*proofs) if proofs else false()
