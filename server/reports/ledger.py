"""The export of the ledger: no reporter, no phone, no mark by which one could be told."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.accounts.models import Body
from server.accounts.roles import Actor
from server.core.db import db
from server.estates.models import Estate
from server.reports.models import Report
from server.reports.queries import Filter, Rows, narrowed
from server.reports.scopes import visible_reports

BATCH = 500

EXPORTED = (
    Report.id,
    Report.no,
    Report.county_id,
    Report.kind,
    Report.state,
    Report.building,
    Report.unit,
    Report.where_text,
    Report.source,
    Report.text,
    Report.safety,
    Report.submitted_at,
    Report.accept_due_at,
    Report.accepted_at,
    Report.resolve_due_at,
    Report.reopen_due_at,
    Report.resolved_at,
    Report.closed_at,
    Report.closed_as,
    Report.outcome,
    Report.score,
    Report.reopen_count,
    Report.hand_back_count,
    Estate.name.label("estate"),
    Body.name.label("handler"),
)
"""The columns of an export; whoever adds one asks first whether it leads to a person."""


def export_rows(actor: Actor, wanted: Filter, *, most: int, now: datetime) -> Iterator[Any]:
    """The newest `most` rows that the actor may see, fetched in batches by key."""
    before: int | None = None
    left = most
    while left > 0:
        rows = _batch(actor, wanted, before=before, limit=min(BATCH, left), now=now)
        yield from rows
        if len(rows) < min(BATCH, left):
            return
        before, left = rows[-1].id, left - len(rows)


def _batch(actor: Actor, wanted: Filter, *, before: int | None, limit: int, now: datetime) -> list[Any]:
    query: Rows = (
        select(*EXPORTED)
        .join(Estate, Estate.id == Report.estate_id)
        .join(Body, Body.id == Report.handler_id)
        .where(visible_reports(actor))
    )
    query = narrowed(query, wanted, actor, now=now)
    if before is not None:
        query = query.where(Report.id < before)
    return list(db.session.execute(query.order_by(Report.id.desc()).limit(limit)))
