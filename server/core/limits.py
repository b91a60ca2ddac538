"""How often something may be done: counted in the database, so exactly, over any number of processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Any

from sqlalchemy import Integer, String, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from server.core import wire
from server.core.crypto import vault
from server.core.db import Base, db
from server.core.errors import TooMany


class Tally(Base):
    """How often one sender did one thing within one window of time; senders as fingerprints only."""

    __tablename__ = "tally"
    sender: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KEPT = timedelta(days=2)
"""Longer than any window but the long ones."""
KEPT_LONG = timedelta(days=40)
"""Longer than those as well."""
LONG = "long:"
"""How the senders of a window begin that is longer than `KEPT`, so that their counts stay with it."""
COUNT = """
INSERT INTO tally (sender, window_at, count)
SELECT q.sender, q.at, 1 FROM unnest(%(senders)s::text[], %(windows)s::timestamptz[]) AS q(sender, at) {gate}
ORDER BY 1, 2
ON CONFLICT (sender, window_at) DO UPDATE SET count = tally.count + 1 RETURNING sender, count
"""
"""Counts one more for every quota of `given`; `gate` may join what must exist for that, such as a new row."""
OVER = """
SELECT array_agg(h.sender) FROM hit h
JOIN unnest(%(senders)s::text[], %(mosts)s::int[]) AS m(sender, most) ON m.sender = h.sender WHERE h.count > m.most
"""
"""The senders that have gone beyond, where `hit` is a WITH query of `COUNT`; null when none has."""
HIT = f"WITH hit AS ({COUNT.format(gate='')}) {OVER}"


@dataclass(frozen=True)
class Quota:
    """At most so often does one sender do one thing, within a window that begins on the clock."""

    what: str
    sender: str
    most: int
    window: timedelta

    @cached_property
    def fingerprint(self) -> str:
        """The sender as the database knows him: another one for every thing and window."""
        purpose = f"{self.what}:{self.window.total_seconds():.0f}"
        known = vault().lasting(self.sender, purpose=purpose)
        return known if self.window < KEPT else (LONG + known)[: len(known)]

    def began_at(self, now: datetime) -> datetime:
        """When the present window began."""
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)

    def left(self, now: datetime) -> int:
        """Whole seconds until the next window, at least one."""
        return max(ceil((self.began_at(now) + self.window - now).total_seconds()), 1)


def given(quotas: Sequence[Quota], now: datetime) -> dict[str, Any]:
    """The parameters of `COUNT` and `OVER`, to be folded into another statement."""
    return {
        "senders": [one.fingerprint for one in quotas],
        "windows": [one.began_at(now) for one in quotas],
        "mosts": [one.most for one in quotas],
    }


def over(quotas: Sequence[Quota], found: Sequence[str] | None) -> list[Quota]:
    """The quotas that `OVER` names."""
    return [one for one in quotas if one.fingerprint in (found or ())]


def hit_all(quotas: Sequence[Quota], *, now: datetime) -> list[Quota]:
    """Count one more for each quota in one statement; gives those that are exceeded, for the caller to refuse.

    A refusal must roll back (or undo its savepoint), so that what was refused is not counted.
    """
    if not quotas:
        return []
    db.session.flush()
    return over(quotas, wire.rows(HIT, given(quotas, now))[0][0])


def hit(
    what: str, sender: str, *, most: int, window: timedelta, sentence: str, now: datetime, **more: Any
) -> None:
    """Count one more; TooMany with the sentence beyond `most` within a window that begins on the clock."""
    for quota in hit_all([Quota(what, sender, most, window)], now=now):
        raise TooMany(sentence, retry_after=quota.left(now), **more)


def is_spent(quota: Quota, *, now: datetime) -> bool:
    """Whether one more would exceed the quota; counts nothing."""
    here = (Tally.sender == quota.fingerprint, Tally.window_at == quota.began_at(now))
    return (db.session.scalar(select(Tally.count).where(*here)) or 0) >= quota.most


def span(length: timedelta) -> str:
    """A length of time as people say it, rounded up: ` 7 分钟`, ` 3 小时`, `一天`."""
    if length >= DAY:
        return "一天"
    if length >= HOUR:
        return f" {-(-length // HOUR)} 小时"
    return f" {max(-(-length // MINUTE), 1)} 分钟"


def forget(now: datetime) -> int:
    """Drop the counts of windows that ended long ago; how many."""
    over = or_(~Tally.sender.startswith(LONG), Tally.window_at < now - KEPT_LONG)
    gone = db.session.execute(delete(Tally).where(Tally.window_at < now - KEPT, over))
    return int(gone.rowcount)  # type: ignore[attr-defined]
