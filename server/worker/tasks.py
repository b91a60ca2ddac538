"""The worker's own queue application: duties as periodic tasks, pushes as they come."""

from collections.abc import Awaitable, Callable

import procrastinate
from flask import Flask

from server.core import jobs
from server.core.db import LINK, NOTICE
from server.core.hosts import agreed
from server.core.jobs import STALLED_SECONDS
from server.worker.duties import DUTIES, Duty, run_duty

DUTY_QUEUE, DUTY_PRIORITY = "duty", 10
"""Duties go before pushes, so that a queue of slow pushes stops no clock."""
STALLED_CRON, PURGE_CRON = "* * * * * */5", "23 * * * * 0"
FAILED_LAST_HOURS = 72


def build(app: Flask, url: str) -> procrastinate.App:
    """A queue application that fetches over connections of its own and knows every task.

    Tasks of the house keep deferring through `core.jobs.app`, on the session's connection.
    """
    queue = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=url, kwargs=LINK | {"options": NOTICE})
    )
    for duty in DUTIES:
        _periodic(queue, duty.name, duty.cron, _runner(app, duty))
    _periodic(queue, "rescue_jobs", STALLED_CRON, _rescuer(queue))
    _periodic(queue, "purge_jobs", PURGE_CRON, _purger(queue))
    queue.tasks |= jobs.app.tasks
    return queue


def _periodic(
    queue: procrastinate.App,
    name: str,
    cron: str,
    run: Callable[[int], None] | Callable[[int], Awaitable[None]],
) -> None:
    task = queue.task(name=name, queue=DUTY_QUEUE, priority=DUTY_PRIORITY)(run)
    queue.periodic(cron=cron, periodic_id=name)(task)


def _runner(app: Flask, duty: Duty) -> Callable[[int], None]:
    def run(timestamp: int) -> None:
        del timestamp
        with app.app_context():
            run_duty(duty, now=agreed())

    return run


def _rescuer(queue: procrastinate.App) -> Callable[[int], Awaitable[None]]:
    async def rescue(timestamp: int) -> None:
        """Jobs of workers that have fallen silent go back to the queue."""
        del timestamp
        manager = queue.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await manager.retry_job(job)

    return rescue


def _purger(queue: procrastinate.App) -> Callable[[int], Awaitable[None]]:
    async def purge(timestamp: int) -> None:
        """Failed jobs are kept for three days; those that succeeded went at once."""
        del timestamp
        await queue.job_manager.delete_old_jobs(
            nb_hours=FAILED_LAST_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )

    return purge
