"""An hour at ten reports a second, seven of them from one estate: does anything grow, pile up or starve?"""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from bench.figures import Figure
from bench.load import letters
from bench.load.asked import within
from bench.load.pace import Answer, Send, keep, timed
from bench.load.reckoning import Pushed, backlog, drained, lost, numbers, pushed, share, statuses
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
    yield waited(
        "soak, push p95 of other estates", PUSH_SECONDS, [one for one in found if one.estate_id != crowded]
    )
    yield waited("soak, push p95 of the one estate", None, [one for one in found if one.estate_id == crowded])
    pending = sum(one.state == "pending" for one in found)
    held = gone | {"pending": pending}
    yield within("soak, acknowledged and lost", sum(gone.values()), 0, "reports", len(answers), **held)
    errors, took = sum(not one.good for one in answers), [one.took * 1000 for one in answers]
    p95 = share(took, 95)
    yield within("soak, answers that were no success", errors, 0, "answers", len(answers), p95_ms=p95)


def waited(name: str, limit: float | None, pushes: list[Pushed]) -> Figure:
    """How long pushes took that have arrived, and how many have not."""
    times = [one.seconds for one in pushes if one.seconds is not None]
    more = {"p50_s": share(times, 50), "p99_s": share(times, 99), "not_there": len(pushes) - len(times)}
    return within(name, share(times, 95), limit, "s", len(times), **more)


def sender(here: Stage) -> Send:
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


@contextmanager
def piling(here: Stage) -> Iterator[list[int]]:
    """How many pushes were due, every ten seconds while the block lasts."""
    found, done = list[int](), threading.Event()

    def look() -> None:
        while not done.wait(10):
            with suppress(psycopg.Error):
                found.append(backlog(here.owner_url))

    threading.Thread(target=look, daemon=True).start()
    try:
        yield found
    finally:
        done.set()
