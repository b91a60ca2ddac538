"""Jobs on PostgreSQL (procrastinate); a job is deferred in the transaction that it belongs to."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import procrastinate
from procrastinate.tasks import Task
from sqlalchemy.orm import scoped_session

from server.core import tracing

HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 15
"""A worker silent for this long is taken for dead; with the sweep every ten seconds a job is back within 35 s."""

app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(open=False))


def deferring(args: str) -> str:
    """SQL that defers a job for each row of the query it stands in; `args` is the SQL of a job's JSONB arguments.

    It calls the queue's own versioned function, as the library does; the query's parameters include `terms`.
    """
    job = f"ROW(%(queue)s, %(task)s, %(priority)s, %(lock)s, NULL, ({args}) || %(traced)s::jsonb, %(run_at)s)"
    return f"procrastinate_defer_jobs_v1(array_agg({job}::procrastinate_job_to_defer_v1))"


def deferring_one(task: Task[Any, Any, Any], args: str) -> str:
    """SQL that defers one job of a task without a lock for the whole query it stands in; its parameters include `when`.

    `args` is an aggregate of the query's rows. What the task alone decides is written out: psycopg reads a statement
    of more than fifty parameters anew each time.
    """
    job = f"ROW('{task.queue}', '{task.name}', {task.priority}, NULL, NULL, ({args}) || %(traced)s::jsonb, %(run_at)s)"
    return f"procrastinate_defer_jobs_v1(ARRAY[{job}::procrastinate_job_to_defer_v1])"


def when(at: datetime | None) -> dict[str, Any]:
    """With `at` a job runs then, else as soon as a worker is free.

    `traced` is the request's id, which the worker takes off again (`server/worker/traced.py`).
    """
    return {"run_at": at, "traced": tracing.carried()}


def terms(task: Task[Any, Any, Any], *, at: datetime | None) -> dict[str, Any]:
    """The parameters of `deferring`. Jobs of a task with a lock run one after another, whichever workers there are."""
    return when(at) | {
        "queue": task.queue,
        "task": task.name,
        "priority": task.priority,
        "lock": task.lock,
    }


DEFER = f"SELECT {deferring('args')} FROM jsonb_array_elements(%(jobs)s::jsonb) AS job(args)"  # noqa: S608 - ours


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
        link = session.connection().connection.driver_connection
        link.execute(DEFER, terms(task, at=at) | {"jobs": json.dumps(rows)})  # type: ignore[union-attr]
