"""Who is served first when pushes pile up: an estate that floods waits for itself, not everybody for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from server.core import wire
from server.core.db import db
from server.core.planning import by_hash
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
WAITING = """
SELECT j.id, j.priority, COALESCE('e' || r.estate_id, 'c' || (j.args ->> 'county_id'))
FROM procrastinate_jobs j
JOIN push p ON p.id = COALESCE((j.args ->> 'push_id')::bigint, (j.args -> 'push_ids' ->> 0)::bigint)
LEFT JOIN report r ON r.id = p.report_id
WHERE j.status = 'todo' AND j.task_name = %(task)s AND (j.scheduled_at IS NULL OR j.scheduled_at <= %(now)s)
ORDER BY j.id
"""
MOVE = """
UPDATE procrastinate_jobs j SET priority = c.turn FROM (
  SELECT j.id, w.turn FROM procrastinate_jobs j
  JOIN unnest(%(ids)s::bigint[], %(turns)s::int[]) AS w(id, turn) ON w.id = j.id
  WHERE j.status = 'todo' FOR UPDATE OF j SKIP LOCKED
) c WHERE j.id = c.id
"""


@dataclass(frozen=True)
class Job:
    """A job that waits: its turn as it stands, 0 for one that was given none, and whose it is."""

    job_id: int
    turn: int
    whose: str


def turns(waiting: Sequence[Job]) -> dict[int, int]:
    """The new turns of the jobs that change place; `waiting` is in order of arrival (pure).

    What an estate has beyond its free places gets the turns after the latest that anybody waits for, one a job, so
    that two estates that flood alternate and a third one goes before both.
    """
    served = max((job.turn for job in waiting if job.turn < 0), default=0)
    last: dict[str, int] = {}
    for job in waiting:
        if job.turn < 0:
            last[job.whose] = min(last.get(job.whose, 0), job.turn)
    places, found = Counter[str](), dict[int, int]()
    for job in waiting:
        if job.turn == 0:
            places[job.whose] += 1
            behind = last.get(job.whose, served + FREE)
            if job.whose in last or places[job.whose] > FREE:
                found[job.job_id] = behind - places[job.whose]
    return found


def share_out(now: datetime) -> int:
    """Put what single estates have too much of behind what the others have; how many jobs changed place.

    It orders what waits in the queue, and costs nothing where nothing piles up. The turns are not worked out by the
    database, which compares each with each while it reckons with the few that waited when it last counted.
    """
    given = {"task": push_job.name, "now": now}
    if db.session.scalar(CROWDED, given | {"crowd": CROWD}) < CROWD:
        return 0
    alone = text("SELECT pg_try_advisory_xact_lock(:key)")
    if not db.session.scalar(alone, {"key": ONE_AT_A_TIME}):
        return 0
    wanted = turns([Job(*row) for row in wire.rows(WAITING, given)])
    if not wanted:
        return 0
    by_hash()
    return int(wire.run(MOVE, {"ids": list(wanted), "turns": list(wanted.values())}).rowcount)
