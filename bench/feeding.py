"""The bureau's feed at a hundred thousand reports against its own query in Flask with raw psycopg, at three depths."""

from collections.abc import Iterator, Sequence

from flask import Flask

from bench import recording
from bench.figures import Figure, alternating, at_most, beside, median_of
from bench.ground import Ground
from bench.servers import get, load, serving
from server.core.paging import LIMIT, encode

TIMES = 2
DEPTHS = {"first page": None, "middle page": 0.5, "deep page": 0.01}
"""How old the entries are that a page begins after: the share of entries older than it."""
SPREAD = 50
"""As many different pages are asked for at a depth."""


def figures(ground: Ground) -> Iterator[Figure]:
    """JSON at each depth with what is asked of it, then HTML beside it."""
    path = ground.var / "feed.script"
    first, later = (
        recording.record_feed(ground, after) for after in (None, cursor(ground.app, ground.entries[-1]))
    )
    recording.save([*first, *later], path)
    env = ground.env | {"BENCH_SCRIPT": str(path)}
    with serving("wsgi:app", ground.env) as ours, serving("bench.limits:app", env) as limit:
        for words, share in DEPTHS.items():
            yield _json(words, pages(ground.entries, share), ours, limit, ground)
        yield _html(ours, ground.cookie)


def pages(entries: Sequence[int], share: float | None) -> list[int | None]:
    """The entries after which the pages begin; None is the first page."""
    if share is None:
        return [None]
    start = int(len(entries) * share)
    return list(entries[start : start + SPREAD * LIMIT : LIMIT])


def cursor(app: Flask, entry: int) -> str:
    """The cursor of the page after an entry, under the keys that the servers have."""
    with app.app_context():
        return encode((entry,))


def _json(words: str, after: Sequence[int | None], ours: int, limit: int, ground: Ground) -> Figure:
    mine = [_address("/api/v1/feed", cursor(ground.app, one) if one else None) for one in after]
    raw = [_address("/feed", str(one) if one else None) for one in after]
    pairs = alternating(
        lambda: load(ours, [get(one, {"Authorization": ground.bearer}) for one in mine]),
        lambda: load(limit, [get(one) for one in raw]),
    )
    best, floor = (median_of(runs, "p50") for runs in pairs)
    told = {"rate": best["rate"], "limit_rate": floor["rate"], "p99_ms": best["p99"]}
    return at_most(
        f"feed, JSON, {words}",
        best["p50"],
        floor["p50"],
        times=TIMES,
        unit="ms (p50)",
        n=best["answers"],
        **told,
    )


def _address(path: str, after: str | None) -> str:
    return f"{path}?after={after}" if after else path


def _html(ours: int, cookie: str) -> Figure:
    runs = [load(ours, [get("/b/", {"Cookie": f"session={cookie}"})]) for _ in range(3)]
    best = median_of(runs, "p50")
    return beside("feed, HTML, first page", best["p50"], "ms (p50)", best["answers"], rate=best["rate"])
