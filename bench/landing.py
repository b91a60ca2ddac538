"""The landing page: its rate against an empty Flask page, its weight, and when a slow phone shows it."""

from collections.abc import Iterator

from bench.browser import first_look
from bench.figures import RUNS, Figure, alternating, at_least, at_most, median_of, middle
from bench.ground import Ground
from bench.servers import get, load, serving

SHARE = 0.3
KILOBYTES = 12
SECONDS = 1.0


def figures(ground: Ground) -> Iterator[Figure]:
    """Four figures; the last three from a real Chromium on the slow-4G profile with a CPU four times slower."""
    page = get(f"/e/{ground.code}", {"Accept-Encoding": "gzip"})
    with serving("wsgi:app", ground.env) as ours, serving("bench.limits:app", {}) as limit:
        pairs = alternating(lambda: load(ours, [page]), lambda: load(limit, [get("/")]))
        mine, empty = map(median_of, pairs)
        told = {"p50_ms": mine["p50"], "limit_p50_ms": empty["p50"]}
        yield at_least(
            "landing page",
            mine["rate"],
            empty["rate"],
            share=SHARE,
            unit="requests/s",
            n=mine["answers"],
            **told,
        )
        looks = [first_look(f"http://127.0.0.1:{ours}/e/{ground.code}") for _ in range(RUNS)]
    painted = middle(look.painted_s for look in looks)
    yield at_most(
        "landing page, weight",
        looks[0].kilobytes,
        KILOBYTES,
        times=1,
        unit="kB gzip",
        n=RUNS,
        files=looks[0].files,
    )
    yield at_most(
        "landing page, requests before paint", looks[0].before_paint, 1, times=1, unit="requests", n=RUNS
    )
    yield at_most("landing page, first paint on slow 4G", painted, SECONDS, times=1, unit="s", n=RUNS)
