"""Late confidential reports: their own body is reminded, once a day, and nobody else ever hears of it."""

from datetime import datetime

from sqlalchemy import select

from server.confidential import clocks
from server.confidential.messages import LATE
from server.confidential.models import SealedReport
from server.confidential.notices import tell_body
from server.confidential.queries import book_of
from server.core.db import db
from server.policy.clocks import push_at

ORDINARY = "ordinary"


def remind_bodies(now: datetime, *, most: int = 100) -> int:
    """One push a body and round for what ran out; how many reports were looked at."""
    rows = db.session.scalars(
        select(SealedReport)
        .where(SealedReport.sweep_at <= now)
        .order_by(SealedReport.sweep_at, SealedReport.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for report in rows:
        report.sweep_at = clocks.next_look(report.state, report.due_at, now=now)
    for body_id, report in {row.body_id: row for row in rows}.items():
        later = push_at(book_of(report), ORDINARY, now)
        tell_body(body_id, LATE, occasion=f"late:{body_id}:{now:%Y%m%d%H%M}", now=now, not_before=later)
    return len(rows)
