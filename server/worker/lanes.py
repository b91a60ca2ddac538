"""Two lanes in one worker: what talks to the outside can hang, and what does not goes on beside it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import procrastinate

OUTWARD = ("push", "check")
"""Queues whose jobs wait for WeChat and WeCom."""
INWARD_HANDS = 3
"""How many hands are kept for everything else: clocks, sweeps, the release of what waits."""


def inward(queue: procrastinate.App) -> list[str]:
    """Every other queue that a task of ours uses."""
    return sorted({task.queue for task in queue.tasks.values()} - set(OUTWARD))


def hands(concurrency: int) -> tuple[int, int]:
    """How many jobs at once go outward and inward; at least one each."""
    own = min(INWARD_HANDS, max(concurrency // 2, 1))
    return max(concurrency - own, 1), own


async def run_lanes(queue: procrastinate.App, *, concurrency: int, **options: Any) -> None:
    """Run both lanes until cancelled, or until one ends, which it does when its connection breaks."""
    outward, own = hands(concurrency)
    lanes = [
        asyncio.create_task(queue.run_worker_async(queues=names, concurrency=count, name=name, **options))
        for name, names, count in (("outward", [*OUTWARD], outward), ("inward", inward(queue), own))
    ]
    try:
        await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for lane in lanes:
            lane.cancel()
        ends = await asyncio.gather(*lanes, return_exceptions=True)
    _tell(ends)


def _tell(ends: Sequence[BaseException | None]) -> None:
    """Raise what ended a lane, so that the worker waits for the database and begins anew."""
    for end in ends:
        if isinstance(end, Exception):
            raise end
