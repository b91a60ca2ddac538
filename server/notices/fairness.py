"""Who is served first when pushes pile up: an estate that floods waits for itself, not everybody for it."""

from datetime import datetime

from sqlalchemy import text

from server.core.db import db
from server.notices.jobs import push as push_job

FREE = 20
"""So many waiting pushes of one estate keep their place; only what is more goes behind the others'."""
CROWD = 100
"""Fewer jobs than this wait a second or two at most, and nothing is reordered."""
ONE_AT_A_TIME = 58_371_324
"""Any advisory lock that nobody else on this database uses."""

CROWDED = text("""
SELECT count(*) FROM (
  SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' AND task_name = :task AND priority = 0
  AND (scheduled_at IS NULL OR scheduled_at <= :now) LIMIT :crowd
) waiting
""")
# Priorities say whose turn it is: what an estate has beyond its free places gets the turns after the latest that
# anybody waits for, one a job, so that two estates that flood alternate and a third one goes before both.
SHARE = text("""
WITH waiting AS (
  SELECT j.id, j.priority,
         COALESCE('e' || r.estate_id, 'c' || (j.args ->> 'county_id')) AS whose
  FROM procrastinate_jobs j
  JOIN push p ON p.id = COALESCE((j.args ->> 'push_id')::bigint, (j.args -> 'push_ids' ->> 0)::bigint)
  LEFT JOIN report r ON r.id = p.report_id
  WHERE j.status = 'todo' AND j.task_name = :task AND (j.scheduled_at IS NULL OR j.scheduled_at <= :now)
), turns AS (
  SELECT COALESCE(max(priority) FILTER (WHERE priority < 0), 0) AS now_served FROM waiting
), behind AS (
  SELECT whose, min(priority) AS last FROM waiting WHERE priority < 0 GROUP BY whose
), fresh AS (
  SELECT id, whose, row_number() OVER (PARTITION BY whose ORDER BY id) AS place FROM waiting WHERE priority = 0
), wanted AS (
  SELECT f.id, CASE WHEN b.last IS NULL THEN t.now_served - (f.place - :free) ELSE b.last - f.place END AS turn
  FROM fresh f CROSS JOIN turns t LEFT JOIN behind b USING (whose)
  WHERE b.last IS NOT NULL OR f.place > :free
), changed AS (
  SELECT j.id, w.turn FROM procrastinate_jobs j JOIN wanted w ON w.id = j.id
  WHERE j.status = 'todo' FOR UPDATE OF j SKIP LOCKED
), moved AS (
  UPDATE procrastinate_jobs j SET priority = c.turn FROM changed c WHERE j.id = c.id RETURNING 1
)
SELECT count(*) FROM moved
""")


def share_out(now: datetime) -> int:
    """Put what single estates have too much of behind what the others have; how many jobs changed place.

    It orders what waits in the queue, and costs nothing where nothing piles up.
    """
    given = {"task": push_job.name, "now": now}
    if db.session.scalar(CROWDED, given | {"crowd": CROWD}) < CROWD:
        return 0
    alone = text("SELECT pg_try_advisory_xact_lock(:key)")
    if not db.session.scalar(alone, {"key": ONE_AT_A_TIME}):
        return 0
    return int(db.session.scalar(SHARE, given | {"free": FREE}) or 0)
