"""To whom a report may be passed on: those on the ground, and the bodies that the book names for its kind."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from server.accounts.models import Body, BodyKind
from server.core.db import db
from server.policy.loader import book_behind
from server.policy.routing import route
from server.reports.models import Report

UNREACHED = frozenset({BodyKind.COURT})
"""Bodies whose people have no inbox yet: what is passed on to them would be seen by nobody."""


@dataclass(frozen=True)
class Target:
    """A body that may take a report over."""

    body_id: int
    name: str
    kind: str


def transfer_targets(report: Report) -> list[Target]:
    """Community, township, the estate's project and the kind's own bodies, without whoever handles now.

    Nobody else: a report goes no further than the plan's matrix lets it (沂水 二).
    """
    way = route(book_behind(report), report.kind)
    near = [report.project_body_id, report.community_id, report.township_id]
    ids = [body for body in near if body is not None]
    keys = [key for key in (way.lead, *way.joint, *way.safety) if key]
    rows = db.session.execute(
        select(Body.id, Body.name, Body.kind)
        .where(
            Body.county_id == report.county_id,
            or_(Body.id.in_(ids), Body.key.in_(keys)),
            Body.id != report.handler_id,
            Body.kind.not_in(UNREACHED),
        )
        .order_by(Body.id)
    )
    return [Target(row.id, row.name, row.kind) for row in rows]
