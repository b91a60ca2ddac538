"""A thousand keys, each sent twenty times at once: a thousand reports, and the same answer to all."""

import asyncio
import json
import random
import secrets
import time
from collections.abc import Iterator

from bench.figures import Figure
from bench.load import letters
from bench.load.asked import within
from bench.load.pace import Answer, timed
from bench.load.reckoning import lost, statuses
from bench.load.stage import Stage, stage
from server.core import clock

KEYS, COPIES, AT_ONCE = 1000, 20, 4
"""Copies of so many keys are under way side by side."""


def figures(*, rate: float | None, seconds: float | None) -> Iterator[Figure]:
    """As many reports as keys, no fault of ours, no two numbers for one key. `rate` is the number of keys here."""
    del seconds
    keys = int(rate or KEYS)
    with stage() as here:
        groups = asyncio.run(_all(here, keys))
        answers = [one for group in groups for one in group]
        said = {number(one) for one in answers if one.good}
        gone = lost(here.owner_url, sorted(said))
    faults = sum(one.status >= 500 or not one.status for one in answers)
    refused = sum(not one.good for one in answers)
    torn = sum(len({number(one) for one in group if one.good}) != 1 for group in groups)
    told = {"statuses": statuses(answers), "copies": COPIES}
    yield within("keys, answers of 500 or more, or none", faults, 0, "answers", len(answers), **told)
    yield within("keys, reports too many or too few", abs(len(said) - keys), 0, "reports", len(said))
    yield within("keys with more than one number, or none", torn, 0, "keys", keys, refused=refused)
    yield within("keys, acknowledged and lost", sum(gone.values()), 0, "reports", len(said), **gone)


def number(answer: Answer) -> str:
    """The report's number in an answer."""
    return str(json.loads(answer.body)["no"])


async def _all(here: Stage, keys: int) -> list[list[Answer]]:
    gate, kinds = asyncio.Semaphore(AT_ONCE), letters.kinds(clock.now())

    async def copies() -> list[Answer]:
        async with gate:
            place, kind = random.choice(here.town.codes), random.choice(kinds)
            sender, key = letters.household(), secrets.token_hex(16)
            request = letters.report(place, kind, key=key, sender=sender)
            now = time.perf_counter()
            return await asyncio.gather(*(timed(here.port, request, now) for _ in range(COPIES)))

    return await asyncio.gather(*(copies() for _ in range(keys)))
