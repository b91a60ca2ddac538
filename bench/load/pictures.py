"""Three reports a second with two 12-megapixel photos each: uploaded together, then the report that uses them."""

import asyncio
import json
import random
import time
from collections.abc import Iterator

from bench.figures import Figure
from bench.load import letters
from bench.load.asked import within
from bench.load.pace import Answer, Send, keep, timed
from bench.load.reckoning import lost, numbers, share, statuses
from bench.load.stage import Stage, stage
from bench.load.watch import watching
from bench.photo import photo
from server.core import clock

RATE, SECONDS, P95_MS, MOST_MB = 3.0, 600.0, 1000.0, 600.0
EACH = 2


def figures(*, rate: float | None, seconds: float | None) -> Iterator[Figure]:
    """The time of a submit, of its last request alone, the memory of each process, and what was lost."""
    with stage() as here, watching(here.children, here.var) as watch:
        alone: list[float] = []
        answers = keep(sender(here, photo(), alone), rate=rate or RATE, seconds=seconds or SECONDS)
        gone = lost(here.owner_url, numbers(answers))
    took, told = [one.took * 1000 for one in answers], watch.told()
    more = {"p50_ms": share(took, 50), "p99_ms": share(took, 99), "statuses": statuses(answers)}
    yield within(
        "photos, p95 of photos and submit together",
        share(took, 95),
        P95_MS,
        "ms",
        len(took),
        others_share_of_cpu=told["others_share_of_cpu"],
        **more,
    )
    yield within("photos, p95 of the submit alone", share(alone, 95), P95_MS, "ms", len(alone))
    most = max((value for values in watch.rss.values() for value in values), default=0.0)
    yield within("photos, memory of a process", most, MOST_MB, "MB", len(watch.rss), rss_mb=told["rss_mb"])
    faults = sum(not one.good for one in answers)
    yield within("photos, submits that were no success", faults, 0, "submits", len(answers))
    yield within("photos, acknowledged and lost", sum(gone.values()), 0, "reports", len(answers), **gone)


def sender(here: Stage, data: bytes, alone: list[float]) -> Send:
    """A phone: two photos at once, then the report; the time counts from the planned instant to its answer."""
    kinds = letters.kinds(clock.now())

    async def send(turn: int, planned: float) -> Answer:
        del turn
        photos = [timed(here.port, letters.photo(data), planned) for _ in range(EACH)]
        taken = await asyncio.gather(*photos)
        if not all(one.good for one in taken):
            return next(one for one in taken if not one.good)
        ids = [str(json.loads(one.body)["id"]) for one in taken]
        began = time.perf_counter()
        request = letters.report(random.choice(here.town.codes), random.choice(kinds), photos=ids)
        answer = await timed(here.port, request, planned)
        alone.append((time.perf_counter() - began) * 1000)
        return answer

    return send
