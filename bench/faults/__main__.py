"""`python -m bench.faults [name …]`: every figure as one JSON object a line; exit code 1 when one is not reached."""

import argparse
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.faults import hosts, kills, outages, recovery
from bench.faults.database import Cluster
from bench.faults.product import Product, fresh, running
from bench.faults.town import settle
from bench.faults.trial import counted
from bench.figures import Figure, table
from bench.servers import free_port
from server.launch import ROOT

VAR = ROOT / "var" / f"faults-{os.getpid()}"
"""A folder of this run's own, gone when it ends unless KEEP is set."""
OUTAGE_REPORTS = 10_000
"""At the most, at twenty a second."""
REPORTS_AN_ESTATE = 60
"""So many that no estate's quota is used up."""
KILLS = {"worker": 0.5, "web": 0.25, "database": 0.25}
RATES = {"kills": 10.0, "recovery": 25.0, "outages": 20.0, "hosts": 20.0}
"""Reports a second: what two cores also send on (half as much where something is killed every few seconds)."""
Given = argparse.Namespace


@contextmanager
def product(
    reports: int, *, host: str = "127.0.0.1", port: int = 0, within: tuple[str, ...] = ()
) -> Iterator[Product]:
    """A database of its own with the town in it; nothing else runs yet."""
    folder = fresh(VAR)
    cluster = Cluster(
        folder / "postgres", port or free_port(22000 + os.getpid() % 300), host=host, within=within
    )
    cluster.make()
    cluster.start()
    try:
        owner, url = cluster.prepare()
        yield Product(
            folder, cluster, owner, url, settle(owner, url, estates=max(20, reports // REPORTS_AN_ESTATE))
        )
    finally:
        cluster.end(signal.SIGINT)
        if not os.environ.get("KEEP"):
            shutil.rmtree(folder, ignore_errors=True)


def kill_run(given: Given) -> Iterator[Figure]:
    """Two hundred kills, or as many as ordered, half of them workers."""
    shares = {victim: round(given.kills * share) for victim, share in KILLS.items()}
    with product(given.submits) as made, running(made):
        yield from kills.run(made, kills=shares, submits=given.submits, rate=given.rate, seed=given.seed)


def recovery_run(given: Given) -> Iterator[Figure]:
    """Workers killed one at a time."""
    with product(int(given.rounds * given.rate * recovery.SECONDS)) as made, running(made):
        yield from recovery.run(made, rounds=given.rounds, rate=given.rate, seed=given.seed)


def outage_run(given: Given) -> Iterator[Figure]:
    """Everything that the product stands on, taken away once."""
    with product(OUTAGE_REPORTS) as made, outages.disk(made.folder / "photos"), running(made, proxied=True):
        found = []
        wanted = {"away_s": given.away, "deploys": given.deploys, "only": given.only}
        for figure in outages.figures(made, **wanted, rate=given.rate, seed=given.seed):
            found.append(figure)
            yield figure
        yield counted(found)


def host_run(given: Given) -> Iterator[Figure]:
    """Three hosts and one of the database, one of them taken away."""
    data = {"host": hosts.address(hosts.DATABASE), "within": hosts.within(hosts.DATABASE)}
    with (
        hosts.network(),
        product(OUTAGE_REPORTS, port=hosts.DATABASE_PORT, **data) as made,
        hosts.spread(made),
    ):
        yield from hosts.figures(made, only=given.only, rate=given.rate, seed=given.seed)


PARTS: dict[str, Callable[[Given], Iterator[Figure]]] = {
    "kills": kill_run,
    "recovery": recovery_run,
    "outages": outage_run,
    "hosts": host_run,
}


def main(arguments: list[str]) -> int:
    """Try the parts named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults")
    parser.add_argument("names", nargs="*", choices=[[], *PARTS], default=[])
    parser.add_argument("--submits", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=12, help="workers killed one at a time")
    parser.add_argument("--away", type=float, default=300.0, help="seconds that the database stays away")
    parser.add_argument("--deploys", type=int, default=20, help="how often everything is replaced one by one")
    parser.add_argument("--only", default="", help="the outages whose name holds this word")
    parser.add_argument("--rate", type=float, help="reports a second, instead of each part's own")
    parser.add_argument("--seed", type=int, default=4)
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    found: list[Figure] = []
    for name in given.names or PARTS:
        own = vars(given) | {"rate": given.rate or RATES[name]}
        for figure in PARTS[name](Given(**own)):
            print(figure.line(), flush=True)
            found.append(figure)
    table(found)
    return 0 if all(figure.reached for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
