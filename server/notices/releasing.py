"""Letting what was parked go: one push as a try while a line is sick, then so many a second, estate by estate.

By night only what is urgent; the rest stays parked, so that it keeps its pace in the morning.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from server.core import jobs
from server.core.db import db
from server.notices import night
from server.notices.jobs import push as push_job
from server.notices.models import ChannelPause, Push
from server.notices.rules import RELEASED_PER_SECOND

WINDOW = timedelta(seconds=12)
"""How far ahead the release is laid out: a little longer than the duty takes to come again."""
SECOND = timedelta(seconds=1)

LINES = select(Push.parked_on).where(Push.parked_on.is_not(None), Push.state == "pending").distinct()
# The turns of the estates alternate, so that one estate's thousands do not stand before everybody else's few.
NEXT = """
SELECT turns.id FROM (
  SELECT p.id, row_number() OVER (PARTITION BY p.county_id, r.estate_id ORDER BY p.urgent DESC, p.id) AS turn
  FROM push p LEFT JOIN report r ON r.id = p.report_id
  WHERE p.parked_on = %(line)s AND p.state = 'pending' AND (p.urgent OR p.county_id <> ALL(%(asleep)s::text[]))
) turns ORDER BY turns.turn, turns.id LIMIT %(most)s
"""
RELEASE = """
UPDATE push p SET parked_on = NULL, next_at = %(at)s
FROM (SELECT id FROM push WHERE id = ANY(%(ids)s) AND parked_on = %(line)s AND state = 'pending'
      ORDER BY id FOR UPDATE SKIP LOCKED) f
WHERE p.id = f.id RETURNING p.id AS push_id, p.county_id
"""


def release_parked(now: datetime) -> int:
    """Let the next ones go on every line where some wait; how many."""
    lines = sorted(line for line in db.session.scalars(LINES) if line is not None)
    return sum(_release(line, now=now) for line in lines)


def _release(line: str, *, now: datetime) -> int:
    """Nobody while the line rests, one when it may be tried, a window's worth once it works."""
    circuit = db.session.scalar(
        select(ChannelPause)
        .where(ChannelPause.channel == line)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if circuit is None or circuit.until_at > now:
        return 0
    if circuit.opened_at is not None:
        trying = circuit.probe_at is not None and circuit.probe_at > now
        return 0 if trying else _let_go(line, _next(line, 1, now=now), at=now, now=now)
    return _lay_out(circuit, now=now)


def _lay_out(circuit: ChannelPause, *, now: datetime) -> int:
    """Fill the seconds of the window that are not laid out yet."""
    at = max(circuit.slot_at or now, now)
    seconds = int((now + WINDOW - at) / SECOND)
    ids = _next(circuit.channel, seconds * RELEASED_PER_SECOND, now=now)
    released = 0
    for first in range(0, len(ids), RELEASED_PER_SECOND):
        released += _let_go(circuit.channel, ids[first : first + RELEASED_PER_SECOND], at=at, now=now)
        at += SECOND
    circuit.slot_at = at
    return released


def _next(line: str, most: int, *, now: datetime) -> list[int]:
    given = {"line": line, "most": most, "asleep": night.asleep(now)}
    found = db.session.connection().exec_driver_sql(NEXT, given)
    return list(found.scalars())


def _let_go(line: str, ids: Sequence[int], *, at: datetime, now: datetime) -> int:
    given = {"ids": list(ids), "line": line, "at": at}
    rows = db.session.connection().exec_driver_sql(RELEASE, given).mappings().all()
    jobs.defer(db.session, push_job, [dict(row) for row in rows], at=at if at > now else None)
    return len(rows)
