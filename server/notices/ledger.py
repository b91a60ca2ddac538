"""The push ledger for operators: what is under way or dead, and sending dead ones again; no personal data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from server.core import jobs
from server.core.db import db
from server.notices.jobs import push as push_job
from server.notices.models import Push
from server.notices.quiet import told

COLUMNS = (
    Push.id,
    Push.county_id,
    Push.report_id,
    Push.purpose,
    Push.channel,
    Push.state,
    Push.attempts,
    Push.next_at,
    Push.last_code,
)

REVIVE = """
UPDATE push p SET state = 'pending', attempts = 0, next_at = %(now)s, failing_at = NULL, done_at = NULL,
       noticed_at = NULL, address_id = way.id, channel = way.channel
FROM (
  SELECT d.id AS push, a.id, a.channel FROM push d
  JOIN LATERAL (
    SELECT id, channel FROM address
    WHERE ended_at IS NULL
      AND CASE WHEN d.person_id IS NOT NULL THEN person_id = d.person_id
               WHEN d.resident_id IS NOT NULL THEN resident_id = d.resident_id
               ELSE id = d.address_id END
    ORDER BY rank, id LIMIT 1
  ) a ON true
  WHERE d.state = 'dead' AND d.done_at <= %(now)s AND (%(county)s::text IS NULL OR d.county_id = %(county)s)
  ORDER BY d.id LIMIT %(most)s FOR UPDATE OF d SKIP LOCKED
) way WHERE p.id = way.push
RETURNING p.id AS push_id, p.county_id
"""


def entries(*, dead: bool, most: int) -> Sequence[Any]:
    """The newest dead pushes, or the pending ones that are due first."""
    query = select(*COLUMNS).limit(most)
    if dead:
        return db.session.execute(query.where(Push.state == "dead").order_by(Push.id.desc())).all()
    pending = query.where(Push.state == "pending", told())
    return db.session.execute(pending.order_by(Push.next_at, Push.id)).all()


def totals() -> dict[str, int]:
    """How many pushes there are in each state."""
    rows = db.session.execute(select(Push.state, func.count()).where(told()).group_by(Push.state))
    return {row[0]: row[1] for row in rows}


def retry_dead(*, now: datetime, county_id: str | None = None, most: int = 1000) -> int:
    """Send again what was dead at `now`, each by its addressee's first way of today; how many.

    Whoever still has no address stays dead. What dies anew after that instant is left alone, so that repeating
    this with the same one comes to an end.
    """
    given = {"now": now, "county": county_id, "most": most}
    rows = db.session.connection().exec_driver_sql(REVIVE, given).mappings().all()
    jobs.defer(db.session, push_job, [dict(row) for row in rows])
    return len(rows)


def oldest_due_at() -> datetime | None:
    """Since when the longest-waiting push is due: what operators watch."""
    return db.session.scalar(
        select(Push.next_at).where(Push.state == "pending", told()).order_by(Push.next_at).limit(1)
    )
