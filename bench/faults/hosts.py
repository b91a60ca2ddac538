"""Three hosts with a web service and a worker each, and one with the database: network namespaces on one bridge."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bench.faults.product import Product
from bench.faults.trial import Fault, tried
from bench.figures import Figure
from server.launch import web_command

BRIDGE, NETWORK = "mshfaults", "10.77.0"
APPS, DATABASE = ("app1", "app2", "app3"), "data"
ADDRESSES = {"app1": 11, "app2": 12, "app3": 13, DATABASE: 10}
HERE, WEB_PORT, SINK_PORT, DATABASE_PORT = f"{NETWORK}.1", 8000, 8001, 5432
CUT_SECONDS = 25.0
"""Longer than a lease, and than both ends of a dead connection take to notice."""


def ip(*words: str, check: bool = True) -> None:
    """One command of iproute2."""
    subprocess.run(["ip", *words], check=check, stderr=None if check else subprocess.DEVNULL)


def address(host: str) -> str:
    """A host's address."""
    return f"{NETWORK}.{ADDRESSES[host]}"


def within(host: str) -> tuple[str, ...]:
    """What is put before a command to run it on a host."""
    return ("ip", "netns", "exec", f"msh-{host}")


@contextmanager
def network() -> Iterator[None]:
    """The bridge and the hosts on it, made as root and taken away at the end."""
    _remove()
    try:
        ip("link", "add", BRIDGE, "type", "bridge")
        ip("addr", "add", f"{HERE}/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for host in ADDRESSES:
            _host(host)
        yield
    finally:
        _remove()


def _host(host: str) -> None:
    ip("netns", "add", f"msh-{host}")
    ip("link", "add", f"msh-{host}", "type", "veth", "peer", "name", "eth0", "netns", f"msh-{host}")
    ip("link", "set", f"msh-{host}", "master", BRIDGE, "up")
    for words in (
        ("addr", "add", f"{address(host)}/24", "dev", "eth0"),
        ("link", "set", "eth0", "up"),
        ("link", "set", "lo", "up"),
    ):
        ip("-n", f"msh-{host}", *words)


def _remove() -> None:
    for host in ADDRESSES:
        ip("netns", "del", f"msh-{host}", check=False)
        ip("link", "del", f"msh-{host}", check=False)
    ip("link", "del", BRIDGE, check=False)


def plugged(host: str, *, in_: bool) -> None:
    """Put a host's cable in, or pull it: nothing passes any more, and nobody is told."""
    ip("link", "set", f"msh-{host}", *(("master", BRIDGE) if in_ else ("nomaster",)))


@contextmanager
def spread(product: Product) -> Iterator[Product]:
    """Everything started, each on its host, and kept running."""
    try:
        product.sink(SINK_PORT, HERE)
        env = product.env(SINK_PORT, host=HERE)
        for host in APPS:
            command = web_command("wsgi:app", WEB_PORT, host="0.0.0.0", processes=1)
            product.unit(f"web-{host}", command, env, within(host))
            worker = [sys.executable, "-m", "flask", "--app", "wsgi", "work"]
            product.unit(f"worker-{host}", worker, env, within(host))
            product.addresses.append((address(host), WEB_PORT))
        product.keep()
        product.ready()
        yield product
    finally:
        product.stop()


def cut(product: Product, *, host: str) -> None:
    """A host's cable is pulled for a while."""
    del product
    plugged(host, in_=False)
    time.sleep(CUT_SECONDS)
    plugged(host, in_=True)


def killed(product: Product, *, host: str) -> None:
    """A host loses its power and does not come back: its cable says nothing, its processes are gone."""
    plugged(host, in_=False)
    for unit in (product.units[f"web-{host}"], product.units[f"worker-{host}"]):
        unit.kept = False
        unit.kill()


def figures(product: Product, *, only: str, rate: float, seed: int) -> Iterator[Figure]:
    """Three faults of the network; half-open connections among them."""
    faults: list[tuple[str, Fault]] = [
        ("half-open connections: the database's cable pulled", partial(cut, host=DATABASE)),
        ("one of three hosts cut off", partial(cut, host="app1")),
        ("one of three hosts killed", partial(killed, host="app2")),
    ]
    for name, fault in [one for one in faults if only in one[0]]:
        yield tried(name, product, fault, seconds=2 * CUT_SECONDS, rate=rate, seed=seed, timeout=5)
