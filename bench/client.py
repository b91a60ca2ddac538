"""What the load client itself can do: against an answer that costs nothing."""

from collections.abc import Iterator

from bench.figures import RUNS, Figure, beside, median_of
from bench.servers import get, load, serving


def figures() -> Iterator[Figure]:
    """The client's rate against an empty WSGI application; it must lie far above every rate measured with it."""
    with serving("bench.limits:empty", {}) as port:
        best = median_of([load(port, [get("/")]) for _ in range(RUNS)])
    yield beside("load client against empty WSGI", best["rate"], "requests/s", best["answers"])
