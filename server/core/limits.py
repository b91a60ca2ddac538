"""How often something may be done: counted in the database, so exactly, over any number of processes."""

from datetime import datetime, timedelta

from sqlalchemy import Integer, String, delete
from sqlalchemy.orm import Mapped, mapped_column

from server.core.crypto import vault
from server.core.db import Base, db
from server.core.errors import TooMany


class Tally(Base):
    """How often one sender did one thing within one window of time; senders as fingerprints only."""

    __tablename__ = "tally"
    sender: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


KEPT = timedelta(days=2)
"""Longer than any window."""
HIT = """
INSERT INTO tally (sender, window_at, count) VALUES (%(sender)s, %(window)s, 1)
ON CONFLICT (sender, window_at) DO UPDATE SET count = tally.count + 1 RETURNING count
"""


def hit(what: str, sender: str, *, most: int, window: timedelta, sentence: str, now: datetime) -> None:
    """Count one more; TooMany with the sentence beyond `most` within a window that begins on the clock."""
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)
    given = {"sender": vault().blind(sender, purpose=what), "window": start}
    count = db.session.connection().exec_driver_sql(HIT, given).scalar_one()
    if count > most:
        left = int((start + window - now).total_seconds()) + 1
        raise TooMany(sentence, retry_after=left)


def forget(now: datetime) -> int:
    """Drop the counts of windows that ended long ago; how many."""
    gone = db.session.execute(delete(Tally).where(Tally.window_at < now - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]
