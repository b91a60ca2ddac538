"""Fifty reports a second for ten minutes, whatever the answers do; two hundred a second for half a minute."""

import random
from collections.abc import Iterator

from bench.figures import Figure
from bench.load import letters
from bench.load.asked import within
from bench.load.pace import Answer, Send, keep, timed
from bench.load.reckoning import drained, lost, numbers, pushed, share, statuses
from bench.load.stage import Stage, stage
from bench.load.watch import watching
from server.core import clock

RATE, SECONDS, P95_MS = 50.0, 600.0, 400.0
BURST_RATE, BURST_SECONDS = 200.0, 30.0
PUSH_RATE, PUSH_SECONDS = 5.0, 120.0
PUSH_P95, PUSH_P99 = 5.0, 10.0


def steady(*, rate: float | None, seconds: float | None) -> Iterator[Figure]:
    """The time of an answer from the planned instant, the errors, and what was lost."""
    with stage() as here, watching(here.children, here.var) as watch:
        answers = keep(anywhere(here), rate=rate or RATE, seconds=seconds or SECONDS)
        told = watch.told() | {"statuses": statuses(answers)}
        yield from answered("load", answers, told)
        yield from kept("load", here, answers)


def burst(*, rate: float | None, seconds: float | None) -> Iterator[Figure]:
    """What was acknowledged in the rush is there and reaches its addressees."""
    with stage() as here, watching(here.children, here.var) as watch:
        answers = keep(anywhere(here), rate=rate or BURST_RATE, seconds=seconds or BURST_SECONDS)
        told = watch.told() | {"statuses": statuses(answers), "longest_s": max(one.took for one in answers)}
        failed = sum(not one.good for one in answers)
        yield within("burst, answers that were no success", failed, None, "answers", len(answers), **told)
        yield from kept("burst", here, answers)


def healthy(*, rate: float | None, seconds: float | None) -> Iterator[Figure]:
    """From the report's instant, which lies before its commit, until the message is on the phone."""
    with stage() as here, watching(here.children, here.var) as watch:
        answers = keep(anywhere(here), rate=rate or PUSH_RATE, seconds=seconds or PUSH_SECONDS)
        drained(here.owner_url)
        found = pushed(here.owner_url, here.arrivals())
        times = [one.seconds for one in found if one.seconds is not None]
        told = watch.told() | {"statuses": statuses(answers), "not_there": len(found) - len(times)}
        yield within("push, 95 percent", share(times, 95), PUSH_P95, "s", len(times), p50_s=share(times, 50))
        yield within("push, 99 percent", share(times, 99), PUSH_P99, "s", len(times), **told)


def anywhere(here: Stage) -> Send:
    """Reports from all estates, from people of whom nothing is known."""
    kinds = letters.kinds(clock.now())

    async def send(turn: int, planned: float) -> Answer:
        del turn
        request = letters.report(random.choice(here.town.codes), random.choice(kinds))
        return await timed(here.port, request, planned)

    return send


def answered(name: str, answers: list[Answer], told: dict[str, object]) -> Iterator[Figure]:
    """How long answers took, and how many said that we are at fault."""
    took = [one.took * 1000 for one in answers]
    more = {"p50_ms": share(took, 50), "p99_ms": share(took, 99)} | told
    yield within(f"{name}, p95 of an answer", share(took, 95), P95_MS, "ms", len(took), **more)
    faults = sum(one.status >= 500 or not one.status for one in answers)
    yield within(f"{name}, answers of 500 or more, or none", faults, 0, "answers", len(answers))


def kept(name: str, here: Stage, answers: list[Answer]) -> Iterator[Figure]:
    """Nothing acknowledged is lost, and every push comes to an end."""
    gone = lost(here.owner_url, numbers(answers))
    yield within(f"{name}, acknowledged and lost", sum(gone.values()), 0, "reports", len(answers), **gone)
    seconds = drained(here.owner_url)
    found = pushed(here.owner_url, here.arrivals())
    times = [one.seconds for one in found if one.seconds is not None]
    states = {state: sum(one.state == state for one in found) for state in {one.state for one in found}}
    ended = sum(one.state == "pending" for one in found)
    told = {"states": states, "empty_after_s": seconds, "push_p95_s": share(times, 95)}
    yield within(f"{name}, pushes without an end", ended, 0, "pushes", len(found), **told)
