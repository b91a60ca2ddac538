"""Pushes and jobs counted as the worker does them; what belongs to no county is confidential and is not counted."""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procrastinate import JobContext
from procrastinate.worker import Worker
from sqlalchemy import select

from server.core.db import NATIONAL, db
from server.core.measures import CHANNEL_ANSWERS, JOB_SECONDS, PUSH_SECONDS, unfailing
from server.notices import night
from server.notices.channels import Channel, Message, Refused, Sent
from server.notices.models import Push

TAKEN = "ok"


class Heard:
    """A channel whose answer is remembered."""

    def __init__(self, channel: Channel, said: list[tuple[str, str]]) -> None:
        self._channel, self._said = channel, said

    @property
    def name(self) -> str:
        """The channel's own name."""
        return self._channel.name

    def send(self, address: str, message: Message) -> Sent:
        """As the channel does; the class and code of its answer are noted."""
        try:
            receipt = self._channel.send(address, message)
        except Refused as refused:
            self._said.append((refused.kind.value, refused.code))
            raise
        self._said.append((TAKEN, ""))
        return receipt


class Listening(Mapping[str, Channel]):
    """The channels for one delivery; `said` holds what they answered."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels
        self.said: list[tuple[str, str]] = []

    def __getitem__(self, name: str) -> Channel:
        return Heard(self._channels[name], self.said)

    def __iter__(self) -> Iterator[str]:
        return iter(self._channels)

    def __len__(self) -> int:
        return len(self._channels)


@dataclass(frozen=True)
class Begun:
    """A delivery about to begin: since when its push is waited for, by whom, and how."""

    due_at: datetime
    channel: str
    county_id: str
    urgent: bool

    @property
    def counted(self) -> bool:
        """Whether it may be counted."""
        return self.county_id != NATIONAL

    def waited_s(self, now: datetime) -> float:
        """Seconds since it should have gone first; the nights that held it back are not counted."""
        span = night.waited(self.county_id, urgent=self.urgent, since=self.due_at, now=now)
        return span.total_seconds()


def begin_push(push_id: int) -> Begun | None:
    """What is to be delivered; a push held back by quiet hours is due at their end, not when it was written."""
    found = db.session.execute(
        select(
            Push.county_id,
            Push.channel,
            Push.urgent,
            Push.created_at,
            Push.next_at,
            Push.attempts,
            Push.last_code,
        ).where(Push.id == push_id)
    )
    row = found.one_or_none()
    db.session.rollback()
    if row is None:
        return None
    fresh = row.attempts == 0 and row.last_code is None
    return Begun(row.next_at if fresh else row.created_at, row.channel, row.county_id, row.urgent)


def count_push(begun: Begun | None, heard: Listening, *, now: datetime, took: float) -> None:
    """Count what channels answered to a delivery that began at `now` and took so many seconds."""
    if begun is None or not begun.counted:
        return
    for kind, code in heard.said:
        with unfailing():
            CHANNEL_ANSWERS.labels(begun.channel, kind, code[:40]).inc()
            if kind == TAKEN:
                PUSH_SECONDS.labels(begun.channel).observe(begun.waited_s(now) + took)


async def timed(call: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """How long each task takes, and how it ends."""
    del worker
    job, began, end = context.job, time.monotonic(), "failed"
    try:
        found = await call()
        end = TAKEN
        return found
    finally:
        if job.task_kwargs.get("county_id") != NATIONAL:
            with unfailing():
                JOB_SECONDS.labels(job.task_name, end).observe(time.monotonic() - began)
