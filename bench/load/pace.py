"""An open-loop client: what is planned for an instant is sent then, however late the answers to others are."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from itertools import count
from typing import Any

SILENCE = 60.0
"""Seconds after which an answer does not come any more."""
NONE = 0
"""The status of what got no answer."""


@dataclass(frozen=True)
class Answer:
    """One answer: when it was planned, seconds from then until it was whole, its status, body and estate."""

    planned: float
    took: float
    status: int
    body: bytes = b""
    about: str = ""

    @property
    def good(self) -> bool:
        """Whether it is an acknowledgement."""
        return 200 <= self.status < 300


Send = Callable[[int, float], Coroutine[Any, Any, Answer]]
"""One piece of work, given its turn and the instant it was planned for."""


async def ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Status and body over a connection of its own, as a proxy with its usual settings does it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        got = await reader.read(-1)
    finally:
        writer.close()
    head, _, body = got.partition(b"\r\n\r\n")
    status = head[9:12]
    return (int(status) if status.isdigit() else NONE), body


async def timed(port: int, request: bytes, planned: float, about: str = "") -> Answer:
    """One request, its time counted from when it was planned; no answer is one with status 0."""
    try:
        status, body = await asyncio.wait_for(ask(port, request), SILENCE)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        status, body = NONE, b""
    return Answer(planned, time.perf_counter() - planned, status, body, about)


async def _keep(send: Send, rate: float, seconds: float) -> list[Answer]:
    under_way: list[asyncio.Task[Answer]] = []
    began = time.perf_counter()
    for turn in count():
        planned = began + turn / rate
        if planned - began >= seconds:
            break
        if (ahead := planned - time.perf_counter()) > 0:
            await asyncio.sleep(ahead)
        under_way.append(asyncio.create_task(send(turn, planned)))
    return await asyncio.gather(*under_way)


def keep(send: Send, *, rate: float, seconds: float) -> list[Answer]:
    """So many a second for so many seconds, then wait for the last answer."""
    return asyncio.run(_keep(send, rate, seconds))
