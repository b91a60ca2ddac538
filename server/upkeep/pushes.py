"""Pushes that stand still: no job, no next way, no alarm; found over the whole ledger, set by set."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from server.core import jobs, wire
from server.core.db import db
from server.core.jobs import STALLED_SECONDS
from server.escalation.alarms import notice_dead_pushes
from server.notices.jobs import push as push_job
from server.notices.quiet import QUIET
from server.notices.trial import PURPOSE as TRIAL
from server.upkeep.faults import Fault, Finding

GRACE = timedelta(minutes=1)
"""How long the worker's own duties may take to find what has no job; they look every five seconds."""
STUCK_AFTER = timedelta(minutes=10)

LIVE = """
live AS MATERIALIZED (
  SELECT DISTINCT jsonb_array_elements(COALESCE(j.args -> 'push_ids', jsonb_build_array(j.args -> 'push_id')))::bigint AS push
  FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
  WHERE j.task_name = %(task)s AND (j.status = 'todo'
    OR j.status = 'doing' AND w.last_heartbeat > now() - %(silent)s::interval)
)
"""
"""Pushes that a job waits for, or that a worker has in hand which gives signs of life."""
NO_JOB = f"""
WITH {LIVE} SELECT p.id, p.county_id, p.report_id FROM push p
WHERE p.state = 'pending' AND p.next_at <= %(grace)s AND p.purpose NOT LIKE %(quiet)s
  AND (p.parked_on IS NULL OR p.next_at <= %(stuck)s)
  AND NOT EXISTS (SELECT 1 FROM live l WHERE l.push = p.id)
ORDER BY p.next_at, p.id LIMIT %(most)s FOR UPDATE OF p SKIP LOCKED
"""  # noqa: S608 - the fragment is ours
STUCK = f"""
WITH {LIVE} SELECT p.id, p.county_id, p.report_id FROM push p
WHERE p.state = 'pending' AND p.next_at <= %(stuck)s AND p.purpose NOT LIKE %(quiet)s
  AND EXISTS (SELECT 1 FROM live l WHERE l.push = p.id)
ORDER BY p.next_at, p.id LIMIT %(most)s
"""  # noqa: S608 - the fragment is ours
NO_NEXT = """
UPDATE push SET state = 'pending', next_at = %(now)s, done_at = NULL WHERE id IN (
  SELECT p.id FROM push p
  WHERE p.report_id > %(report)s AND p.state = 'passed' AND p.purpose NOT LIKE %(quiet)s AND NOT EXISTS (
    SELECT 1 FROM push n WHERE n.report_id = p.report_id AND n.occasion = p.occasion AND n.id > p.id
      AND n.person_id IS NOT DISTINCT FROM p.person_id AND n.resident_id IS NOT DISTINCT FROM p.resident_id)
  ORDER BY p.id LIMIT %(most)s FOR UPDATE OF p SKIP LOCKED
) RETURNING id, county_id, report_id
"""
NO_ALARM = """
UPDATE push SET noticed_at = NULL WHERE id IN (
  SELECT p.id FROM push p
  WHERE p.report_id > %(report)s AND p.state = 'dead' AND p.noticed_at IS NOT NULL AND p.resident_id IS NULL
    AND p.purpose NOT LIKE %(quiet)s AND p.purpose <> %(trial)s
    AND NOT EXISTS (SELECT 1 FROM feed_entry f WHERE f.county_id = p.county_id AND f.occasion = CASE
      WHEN p.last_code = 'no_address' AND p.person_id IS NOT NULL THEN 'no_address:' || p.person_id
      ELSE 'undelivered:' || p.report_id || CASE WHEN p.person_id IS NULL THEN ':address:' || p.address_id
                                                 ELSE ':person:' || p.person_id END END)
  ORDER BY p.id LIMIT %(most)s FOR UPDATE OF p SKIP LOCKED
) RETURNING id, county_id, report_id
"""
UNSEEN = """
SELECT p.id, p.county_id, p.report_id FROM push p
WHERE p.state = 'dead' AND p.noticed_at IS NULL AND p.resident_id IS NULL AND p.done_at <= %(grace)s
  AND p.purpose NOT LIKE %(quiet)s AND p.purpose <> %(trial)s
ORDER BY p.id LIMIT %(most)s
"""
OLDEST = """
SELECT min(next_at) FROM push WHERE state = 'pending' AND next_at <= %(now)s AND purpose NOT LIKE %(quiet)s
"""


def mend_pushes(report_id: int, *, most: int, now: datetime) -> list[Finding]:
    """Give jobs, next ways and alarms to the pushes that lack them; the first two over the reports after one."""
    terms = {
        "report": report_id,
        "most": most,
        "now": now,
        "grace": now - GRACE,
        "stuck": now - STUCK_AFTER,
        "silent": timedelta(seconds=2 * STALLED_SECONDS),
        "task": push_job.name,
        "quiet": f"{QUIET}%",
        "trial": TRIAL,
    }
    again = _found(Fault.NEXT, wire.rows(NO_NEXT, terms))
    idle = _found(Fault.JOB, wire.rows(NO_JOB, terms))
    _wake([*again, *idle])
    return [*again, *idle, *_alarmed(terms), *_found(Fault.STUCK, wire.rows(STUCK, terms))]


def oldest_due_s(now: datetime) -> int:
    """For how many seconds the longest-waiting push has been due; 0 when none is."""
    ((oldest,),) = wire.rows(OLDEST, {"now": now, "quiet": f"{QUIET}%"})
    return int((now - oldest).total_seconds()) if oldest else 0


def _found(fault: Fault, rows: Sequence[tuple[Any, ...]]) -> list[Finding]:
    return [Finding(fault, county, report, push) for push, county, report in rows]


def _wake(findings: Sequence[Finding]) -> None:
    jobs.defer(
        db.session, push_job, [{"push_id": one.push_id, "county_id": one.county_id} for one in findings]
    )


def _alarmed(terms: dict[str, Any]) -> list[Finding]:
    """Put what reached nobody on the feed, where it should stand long since."""
    unseen = [*wire.rows(UNSEEN, terms), *wire.rows(NO_ALARM, terms)]
    while unseen and notice_dead_pushes(terms["now"]):
        continue
    return _found(Fault.ALARM, unseen)
