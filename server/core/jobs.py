"""Jobs on PostgreSQL (procrastinate); a job is deferred in the transaction that it belongs to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import procrastinate
from procrastinate.tasks import Task
from sqlalchemy.orm import scoped_session

HEARTBEAT_SECONDS = 5
STALLED_SECONDS = 15
"""A worker silent for this long is taken for dead; with the sweep every ten seconds a job is back within 35 s."""

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
        raw = session.connection().connection.driver_connection
        task.configure(connection=raw, schedule_at=at).batch_defer(*rows)
