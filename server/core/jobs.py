"""Jobs on PostgreSQL (procrastinate); a job is deferred in the transaction that it belongs to."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import procrastinate
from procrastinate.tasks import Task
from sqlalchemy.orm import scoped_session

HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 15
"""A worker silent for this long is taken for dead; with the sweep every ten seconds a job is back within 35 s."""

DEFER = """
SELECT procrastinate_defer_jobs_v1(array_agg(
  ROW(%(queue)s, %(task)s, %(priority)s, NULL, NULL, args, %(at)s)::procrastinate_job_to_defer_v1 ORDER BY place
)) FROM jsonb_array_elements(%(jobs)s::jsonb) WITH ORDINALITY AS job(args, place)
"""
"""The queue's own function, as its library calls it, without the library's objects for each job."""

app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(open=False))


def defer(
    session: scoped_session[Any],
    task: Task[Any, Any, Any],
    jobs: Iterable[dict[str, Any]],
    *,
    at: datetime | None = None,
) -> None:
    """Put jobs into the session's own transaction: they exist if, and only if, it commits.

    With `at` they run then, else as soon as a worker is free.
    """
    rows = list(jobs)
    if rows:
        given = {"queue": task.queue, "task": task.name, "priority": task.priority, "at": at}
        link = session.connection().connection.driver_connection
        link.execute(DEFER, given | {"jobs": json.dumps(rows)})  # type: ignore[union-attr]
