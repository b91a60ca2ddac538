"""What WeChat tells later about messages it took: each has one effect, and silence is noticed."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from server.core.db import db
from server.core.tokens import fingerprint
from server.notices.models import Push
from server.notices.quiet import told
from server.wechat.models import WeChatEvent
from server.wechat.once import first_time

TELLING = ("mp_template", "mp_subscribe", "mini_subscribe")
"""Channels that tell whether the phone has a message."""
SPAN = timedelta(minutes=15)
"""By then WeChat has told, and has repeated what we did not take."""
LOOK_BACK = timedelta(days=1)
FEW = 3
"""Fewer messages without a word mean nothing."""
RECEIPT = "receipt"
MOST = 500


def confirm(message_id: str, *, now: datetime) -> bool:
    """The phone has it; whether we knew the message. Told before our own commit, it is remembered."""
    known = update(Push).where(Push.reference == message_id, Push.state == "sent")
    done = db.session.execute(
        known.values(confirmed_at=func.coalesce(Push.confirmed_at, now)).returning(Push.id)
    )
    if done.first() is not None:
        return True
    first_time(RECEIPT, message_id, now=now)
    return False


def silent_channels(now: datetime) -> list[str]:
    """Channels of whose messages of the last day none was ever confirmed, though several should be."""
    _match_early(now)
    counted = db.session.execute(
        select(Push.channel, func.count(), func.count(Push.confirmed_at))
        .where(
            told(),
            Push.channel.in_(TELLING),
            Push.state == "sent",
            Push.reference.is_not(None),
            Push.done_at.between(now - LOOK_BACK, now - SPAN),
        )
        .group_by(Push.channel)
    )
    return sorted(channel for channel, sent, confirmed in counted if sent >= FEW and not confirmed)


def _match_early(now: datetime) -> None:
    """Give the messages their receipts that were faster than we were."""
    waiting = db.session.execute(
        select(Push.id, Push.reference)
        .where(
            Push.channel.in_(TELLING),
            Push.state == "sent",
            Push.reference.is_not(None),
            Push.confirmed_at.is_(None),
            Push.done_at >= now - LOOK_BACK,
        )
        .order_by(Push.done_at.desc())
        .limit(MOST)
    ).all()
    keys = {fingerprint(f"{RECEIPT}:{row.reference}"): row.id for row in waiting}
    told = db.session.execute(
        select(WeChatEvent.key, WeChatEvent.at).where(WeChatEvent.key.in_(list(keys)))
    ).all()
    for key, at in told:
        db.session.execute(update(Push).where(Push.id == keys[key]).values(confirmed_at=at))
