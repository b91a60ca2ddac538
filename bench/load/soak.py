"""An hour at ten reports a second, seven of them from one estate: does anything grow, pile up or starve?"""

import random
import threading
from collections.abc import Iterator
from contextlib import suppress

import psycopg

from bench.figures import Figure
from bench.load import letters
from bench.load.asked import within
from bench.load.pace import Answer, keep, timed
from bench.load.reckoning import backlog, drained, lost, numbers, pushed, share, statuses
from bench.load.stage import Stage, stage
from bench.load.town import RESIDENTS
from bench.load.watch import Watch, growth, watching
from server.core import clock

RATE, MINUTES, ONE_ESTATE = 10.0, 60.0, 0.7
WARM_UP, WINDOW = 1 / 6, 1 / 12
GROWTH, PUSH_SECONDS, EMPTY_WITHIN = 0.10, 10.0, 60.0


def figures(*, rate: float | None, seconds: float | None) -> Iterator[Figure]:
    """Growth of memory, the backlog afterwards, other estates' pushes, and nothing lost."""
    with stage(residents=RESIDENTS) as here, watching(here.children, here.var) as watch, piling(here) as most:
        answers = keep(sender(here), rate=rate or RATE, seconds=seconds or MINUTES * 60)
        empty = drained(here.owner_url)
        found = pushed(here.owner_url, here.arrivals())
        gone = lost(here.owner_url, numbers(answers))
        crowded = estate_of(here, here.town.codes[0])
    told = watch.told() | {"statuses": statuses(answers), "minutes": round((seconds or MINUTES * 60) / 60, 1)}
    yield grown(watch, len(answers), told)
    yield within(
        "soak, backlog gone after", empty, EMPTY_WITHIN, "s", len(found), most_due=max(most, default=0)
    )
    for words, mine in (("other estates", False), ("the one estate", True)):
        times = [
            one.seconds for one in found if one.seconds is not None and (one.estate_id == crowded) is mine
        ]
        name = f"soak, push p95 of {words}"
        limit = None if mine else PUSH_SECONDS
        yield within(
            name, share(times, 95), limit, "s", len(times), p50_s=share(times, 50), p99_s=share(times, 99)
        )
    errors = sum(not one.good for one in answers)
    open_ones = sum(one.state == "pending" for one in found)
    yield within(
        "soak, acknowledged and lost",
        sum(gone.values()),
        0,
        "reports",
        len(answers),
        **gone,
        pending=open_ones,
    )
    took = [one.took * 1000 for one in answers]
    yield within(
        "soak, answers that were no success", errors, 0, "answers", len(answers), p95_ms=share(took, 95)
    )


def sender(here: Stage):
    """Seven of ten from residents of one estate, each in his turn, the others from anywhere."""
    kinds, one, rest = letters.kinds(clock.now()), here.town.codes[0], here.town.codes[1:]
    tokens = here.town.tokens

    async def send(turn: int, planned: float) -> Answer:
        if random.random() < ONE_ESTATE:
            request = letters.report(one, random.choice(kinds), token=tokens[turn % len(tokens)])
        else:
            request = letters.report(random.choice(rest), random.choice(kinds))
        return await timed(here.port, request, planned)

    return send


def grown(watch: Watch, n: int, told: dict[str, object]) -> Figure:
    """The process whose memory grew most."""
    by = {name: growth(values, warm_up=WARM_UP, window=WINDOW) for name, values in watch.rss.items()}
    of_pss = {name: growth(values, warm_up=WARM_UP, window=WINDOW) for name, values in watch.pss.items()}
    told |= {"growth": rounded(by), "growth_pss": rounded(of_pss)}
    return within("soak, growth of memory", max(by.values(), default=0), GROWTH, "share", n, **told)


def rounded(shares: dict[str, float]) -> dict[str, float]:
    """Shares as a reader wants them."""
    return {name: round(value, 3) for name, value in shares.items()}


def estate_of(here: Stage, code: str) -> int:
    """The estate of a code on a wall."""
    with psycopg.connect(here.owner_url) as link:
        row = link.execute("SELECT estate_id FROM scan_code WHERE code = %s", [code]).fetchone()
    return int(row[0]) if row else 0


class piling:  # noqa: N801 - reads as a block
    """How many pushes were due, every ten seconds while the block lasts."""

    def __init__(self, here: Stage) -> None:
        self.here, self.found, self.done = here, list[int](), threading.Event()

    def __enter__(self) -> list[int]:
        threading.Thread(target=self.run, daemon=True).start()
        return self.found

    def __exit__(self, *_: object) -> None:
        self.done.set()

    def run(self) -> None:
        """Look until told to stop."""
        while not self.done.wait(10):
            with suppress(psycopg.Error):
                self.found.append(backlog(self.here.owner_url))
