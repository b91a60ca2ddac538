"""What is expected of the duties, from their signs of life alone (pure): which are late, and since when one may be late."""

from collections.abc import Mapping
from datetime import datetime, timedelta

WATCH, AWAKE, PHOTOS_KEPT = "watch", "awake", "photos_kept"
"""Signs of life that mean more: the last look at everything, the workers' return after a pause, the store's last proof."""
PAUSE = timedelta(minutes=5)
"""Workers that were away for so long have duties to catch up with, which is no news."""
LEAST, PERIODS = timedelta(minutes=10), 3
PHOTOS_AFTER = timedelta(minutes=5)
"""Two proofs in a row that failed."""

Beats = Mapping[str, datetime]


def limit(period: timedelta) -> timedelta:
    """For how long a duty of this period may leave no sign that it went well."""
    return max(LEAST, PERIODS * period)


def since(name: str, beats: Beats) -> datetime | None:
    """From when on silence counts: the last good sign, or the workers' return; None for what nobody waits for yet."""
    return max(beats[name], beats.get(AWAKE, beats[name])) if name in beats else None


def silent(name: str, beats: Beats, *, after: timedelta, now: datetime) -> bool:
    """Whether the last good sign of a thing is older than it may be."""
    begun = since(name, beats)
    return begun is not None and now - begun > after


def late(beats: Beats, periods: Mapping[str, timedelta], *, now: datetime) -> tuple[str, ...]:
    """The duties that have not gone well for too long: they fail each time, or nobody begins them."""
    return tuple(
        name for name, period in periods.items() if silent(name, beats, after=limit(period), now=now)
    )
