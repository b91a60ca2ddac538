"""5xx, −1, no answer, an answer that never ends: each played from its first message to the last one delivered."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from bench.figures import Figure, at_most
from bench.outages.stage import SECOND, TICK, Stage
from server.core.db import db
from server.notices.models import Push
from server.notices.rules import LINE_RESTS, OPENS_AFTER

MODES = {"error": "5xx", "busy": "-1", "hang": "no answer", "half_open": "an answer that never ends"}
LASTS, HASTY = timedelta(hours=1), (0.5, 0.5)
"""How long each lasts on the clock in hand, and how long a real call waits meanwhile."""
LINE = "mp_template"


def sick(stage: Stage, size: int) -> Iterator[Figure]:
    """An hour of each, one after the other, with a line that works in between."""
    for mode, name in MODES.items():
        yield from _played(stage, mode, f"an hour of {name}", size)


def _played(stage: Stage, mode: str, name: str, size: int) -> Iterator[Figure]:
    before, shown = stage.states(), len(stage.state.arrivals)
    stage.weather(mode)
    stage.reach(stage.wechat(timeout=HASTY))
    ids = stage.write(stage.bind("ys.hill.manager", LINE), size)
    stage.work()
    stage.forward(LASTS)
    tries = sum(stage.calls(LINE).values())
    mine = select(func.coalesce(func.sum(Push.attempts), 0)).where(Push.id.in_(ids))
    burnt = int(db.session.scalar(mine) or 0)
    stage.weather("fine")
    stage.reach(stage.wechat())
    over = stage.now
    while stage.states()["pending"] and stage.now < over + timedelta(hours=3):
        stage.forward(TICK, step=SECOND)
    after, rates = stage.states(), stage.calls(LINE)
    sent, peak = after["sent"] - before["sent"], max(rates.values(), default=0)
    more = {"seconds_after": (stage.now - over) / SECOND, "dead": after["dead"] - before["dead"]}
    twice = len(stage.state.arrivals) - shown - sent
    yield at_most(f"{name}: not sent", size - sent, 0, times=1, unit="pushes", n=size, **more)
    yield at_most(f"{name}: shown twice", max(twice, 0), 0, times=1, unit="messages", n=size)
    yield at_most(f"{name}: calls meanwhile", tries, _most_tries(), times=1, unit="calls", n=size)
    yield at_most(f"{name}: attempts burnt", burnt, _most_tries(), times=1, unit="attempts", n=size)
    yield at_most(f"{name}: peak at recovery", peak, 50, times=2, unit="calls/s", n=size)


def _most_tries() -> int:
    """The first few, and one at the end of each rest; the shortest rests come first, the last one repeats."""
    return OPENS_AFTER + len(LINE_RESTS) + int(LASTS / timedelta(seconds=LINE_RESTS[-1] * 0.8)) + 1
