"""Running one worker until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import procrastinate
from flask import Flask
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError
from sqlalchemy.engine import make_url

from server.core.db import db
from server.core.hosts import agreed
from server.core.jobs import HEARTBEAT_SECONDS, STALLED_SECONDS
from server.moderation import jobs as check_jobs
from server.moderation.answers import settle
from server.moderation.checking import check
from server.notices import jobs
from server.notices.channels import Channel
from server.notices.dispatch import deliver_push, wake_pushes
from server.worker import alarming
from server.worker.lanes import hands, run_lanes
from server.worker.measured import Listening, begin_push, count_push, timed
from server.worker.tasks import build
from server.worker.traced import traced

GRACE_SECONDS = 20.0
"""How long a stopping worker lets its jobs finish: longer than any one call to a channel."""
POLL_SECONDS, AGAIN_SECONDS = 1.0, 3.0
log = logging.getLogger(__name__)


def database_url(app: Flask) -> str:
    """The application's database in the words of PostgreSQL's own library."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def plug(app: Flask) -> None:
    """Say how a push job delivers its row: inside the application, on the channels it has."""
    channels: Mapping[str, Channel] = app.extensions["channels"]

    def deliver(push_id: int) -> None:
        heard, began = Listening(channels), time.monotonic()
        with app.app_context():
            now = agreed()
            begun = begin_push(push_id)
            deliver_push(push_id, channels=heard, now=now)
            count_push(begun, heard, now=now, took=time.monotonic() - began)

    def wake(push_ids: Sequence[int], county_id: str) -> None:
        with app.app_context():
            wake_pushes(push_ids, county_id)

    jobs.plug(deliver, wake)
    _plug_checks(app)
    alarming.plug(app)


def _plug_checks(app: Flask) -> None:
    """Say how a job has a piece checked: by WeChat, in whose words the checker speaks."""

    def ask(piece_id: int) -> None:
        with app.app_context():
            check(piece_id, app.extensions["checker"], now=agreed())

    def answered(trace_id: str) -> None:
        with app.app_context():
            settle(trace_id, now=agreed())
            db.session.commit()

    check_jobs.plug(check=ask, settle=answered)


async def work(app: Flask, *, concurrency: int) -> None:
    """Fetch and do jobs until SIGTERM or SIGINT; what is under way is finished first.

    Where the database goes away, the worker waits for it and begins anew.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    loop.set_default_executor(ThreadPoolExecutor(sum(hands(concurrency)), thread_name_prefix="job"))
    queue = build(app, database_url(app))
    while not stop.is_set():
        try:
            async with queue.open_async():
                await _until(stop, queue, concurrency=concurrency)
        except (OperationalError, ConnectorException) as away:
            log.warning("the worker lost the database (%s) and tries again", type(away).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)


async def _until(stop: asyncio.Event, queue: procrastinate.App, *, concurrency: int) -> None:
    """Work until told to stop, or until the worker ends by itself, which it does when a connection breaks."""
    running = asyncio.create_task(
        run_lanes(
            queue,
            concurrency=concurrency,
            fetch_job_polling_interval=POLL_SECONDS,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            shutdown_graceful_timeout=GRACE_SECONDS,
            delete_jobs="successful",
            install_signal_handlers=False,
            worker_middleware=[traced, timed],
        )
    )
    told = asyncio.create_task(stop.wait())
    await asyncio.wait({running, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
