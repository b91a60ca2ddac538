"""SIGKILL at random, from a fixed seed: workers, web processes, the database."""

import random
import signal
import time
from dataclasses import dataclass, field

import psycopg

from bench.faults.checked import checked
from bench.faults.findings import look
from bench.faults.product import Crowd, Product
from bench.figures import Figure, at_most, beside

LOOK_AFTER = 0.5
BACK_AFTER = 0.3
"""Seconds that the database stays away: what a service manager needs to start it again."""
OUTSTANDING_AFTER = 60.0
RECOVERED_WITHIN = 35.0
HELD = "SELECT id, args FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'push'"
SENT = "SELECT id, extract(epoch FROM done_at) FROM push WHERE id = ANY(%s) AND done_at IS NOT NULL"


@dataclass
class Killer:
    """Who kills, and what the killed workers held: push number and the time of the kill."""

    product: Product
    dice: random.Random
    held: dict[int, float] = field(default_factory=dict)
    last: float = 0.0

    def strike(self, victim: str) -> None:
        """One kill."""
        {"worker": self.worker, "web": self.web, "database": self.database}[victim]()
        self.last = time.monotonic()

    def worker(self) -> None:
        """SIGKILL to a worker; what is still under way half a second later was in its hands."""
        unit = self.dice.choice([one for one in self.product.workers if one.alive] or self.product.workers)
        if not unit.alive:
            return
        unit.kill()
        at = time.time()
        with psycopg.connect(self.product.owner) as link:
            before = dict(link.execute(HELD).fetchall())
            time.sleep(LOOK_AFTER)
            link.rollback()
            after = dict(link.execute(HELD).fetchall())
        for number in before.keys() & after.keys():
            args = before[number]
            for one in args.get("push_ids") or [args["push_id"]]:
                self.held.setdefault(one, at)

    def web(self) -> None:
        """SIGKILL to one process of a web service: the one that serves, or the one that watches over it."""
        crowd = [process for unit in self.product.webs for process in unit.everybody()]
        if crowd:
            self.dice.choice(crowd).kill()

    def database(self) -> None:
        """SIGKILL to the postmaster or an immediate stop, then a start with its recovery."""
        self.product.cluster.end(self.dice.choice((signal.SIGKILL, signal.SIGQUIT)))
        time.sleep(BACK_AFTER)
        self.product.cluster.start()

    def recoveries(self) -> list[float]:
        """Seconds from each worker's end until what it held was sent; infinite where it was not."""
        with psycopg.connect(self.product.owner) as link:
            done = dict(link.execute(SENT, [list(self.held)]).fetchall())
        times = [float(done.get(number, "inf")) - at for number, at in self.held.items()]
        return sorted(one for one in times if one > 0)


def schedule(kills: dict[str, int], dice: random.Random) -> list[str]:
    """All kills in an order drawn by lot."""
    order = [victim for victim, count in kills.items() for _ in range(count)]
    dice.shuffle(order)
    return order


def strike_all(killer: Killer, crowd: Crowd, kills: dict[str, int]) -> None:
    """Kill while they file, one kill each time that so many more reports were taken."""
    order = schedule(kills, killer.dice)
    for number, victim in enumerate(order, 1):
        crowd.wait_for(crowd.total * number // (len(order) + 1))
        killer.strike(victim)


def run(product: Product, *, kills: dict[str, int], submits: int, rate: float, seed: int) -> list[Figure]:
    """The kill run: figures of the comparison sixty seconds after the last kill, and of the recovery."""
    killer = Killer(product, random.Random(seed))
    crowd = Crowd(product, total=submits, rate=rate, seed=seed)
    strike_all(killer, crowd, kills)
    summary = crowd.summary()
    time.sleep(max(0.0, killer.last + OUTSTANDING_AFTER - time.monotonic()))
    found = look(product, summary)
    name = f"{sum(kills.values())} x SIGKILL"
    times = killer.recoveries()
    told = {"p50_s": round(times[len(times) // 2], 1) if times else 0.0}
    worst = times[-1] if times else 0.0
    return [
        *found.figures(name),
        checked(product, name),
        beside(f"{name}: longest wait of what a killed worker held", worst, "s", len(times), **told),
    ]


def recovery(killer: Killer, name: str) -> Figure:
    """The 99th of a hundred recoveries."""
    times = killer.recoveries()
    worst = times[min(len(times) - 1, int(len(times) * 0.99))] if times else 0.0
    middle = times[len(times) // 2] if times else 0.0
    return at_most(
        f"{name}: recovery after a worker's end, p99",
        worst,
        RECOVERED_WITHIN,
        times=1,
        unit="s",
        n=len(times),
        p50_s=round(middle, 1),
    )
