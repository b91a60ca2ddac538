"""Posts that nobody holds: told once a report along its own chain, once a body for the departments around it."""

from collections.abc import Mapping

from sqlalchemy import select

from server.accounts.models import Body, BodyKind
from server.core.db import db
from server.escalation import messages
from server.escalation.rules import Entry, Reason, vacant_occasion

CHAIN = frozenset({BodyKind.PROJECT, BodyKind.COMMUNITY, BodyKind.TOWNSHIP, BodyKind.BUREAU})
"""Bodies without which a report has nobody; a department without an account would fill the feed instead."""


def vacant_entries(county_id: str, report_id: int, vacant: Mapping[int, str]) -> list[Entry]:
    """An entry for each body (number → name) where nobody holds the post."""
    if not vacant:
        return []
    rows = db.session.execute(select(Body.id, Body.kind).where(Body.id.in_(vacant)).order_by(Body.id))
    return [
        _entry(county_id, report_id if row.kind in CHAIN else None, row.id, vacant[row.id]) for row in rows
    ]


def _entry(county_id: str, report_id: int | None, body_id: int, name: str) -> Entry:
    occasion = vacant_occasion(report_id, body_id)
    return Entry(county_id, Reason.VACANT, occasion, messages.vacant(name), report_id=report_id)
