"""Each thing once: WeChat repeats its pushes, and a login's state must not work twice."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from server.core.db import db
from server.core.tokens import fingerprint
from server.wechat.models import WeChatEvent

KEPT = timedelta(days=30)
"""Far longer than WeChat repeats itself or a state lives."""


def first_time(kind: str, key: str, *, now: datetime) -> bool:
    """Whether this is new; from the commit on it is not. Two at once: the later one waits and gets False."""
    new = insert(WeChatEvent).values(key=fingerprint(f"{kind}:{key}"), kind=kind[:40], at=now)
    done = db.session.execute(new.on_conflict_do_nothing().returning(WeChatEvent.key)).first()
    return done is not None


def forget(now: datetime) -> int:
    """Drop what is too old to come again; how many rows."""
    gone = db.session.execute(
        delete(WeChatEvent).where(WeChatEvent.at < now - KEPT).returning(WeChatEvent.key)
    )
    return len(gone.all())
