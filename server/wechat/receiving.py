"""What an event pushed by WeChat does to us; each event once, however often it is pushed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from server.core.counties import Key, open_by
from server.core.db import db
from server.core.errors import Invalid, Unavailable
from server.moderation.answers import take_answer
from server.notices.channels import RefusalKind, Refused
from server.notices.models import Push
from server.notices.outcomes import record_refused
from server.notices.rules import REFUSED_BY_USER
from server.wechat import residents
from server.wechat.config import WeChatConfig
from server.wechat.consents import PROGRESS, address_of, agree, purpose_of, refuse
from server.wechat.events import CHANGE, POPUP, SENT, Checked, Consent, Delivery, Event
from server.wechat.once import first_time
from server.wechat.receipts import confirm

ACCEPT, REJECT = "accept", "reject"
FOLLOW, UNFOLLOW = "subscribe", "unsubscribe"
NOT_DELIVERED = "undelivered"
EARLY = timedelta(minutes=1)
TRACE_MOST, SUGGEST_MOST, LABEL_MOST = 80, 8, 10**6


def take_in(event: Event, config: WeChatConfig, *, now: datetime) -> bool:
    """Let an event have its effect; False for one that had it before. Raises Invalid for an odd name in it."""
    if not (_plain(event.kind) and _plain(event.openid)):
        raise Invalid("推送内容不合规。", code="odd_event")
    if not first_time(event.kind, event.dedupe_key, now=now):
        return False
    for consent in event.consents:
        _answered(event, consent, config, now=now)
    for delivery in event.deliveries:
        if _plain(delivery.message_id):
            _delivered_or_not(event, delivery, now=now)
    if event.checked:
        _checked(event.checked, now=now)
    elif event.kind == FOLLOW:
        residents.follow(config.mp_appid, event.openid, now=now)
    elif event.kind == UNFOLLOW:
        residents.unfollow(config.mp_appid, event.openid, now=now)
    return True


def _checked(checked: Checked, *, now: datetime) -> None:
    """Keep what was found of a picture; a number too long or odd to be one of WeChat's belongs to nothing."""
    known = len(checked.trace_id) <= TRACE_MOST and _plain(checked.trace_id)
    if known and 0 <= checked.label <= LABEL_MOST and abs(checked.errcode) <= LABEL_MOST:
        take_answer(
            checked.trace_id,
            errcode=checked.errcode,
            suggest=checked.suggest[:SUGGEST_MOST] if _plain(checked.suggest) else "",
            label=checked.label,
            now=now,
        )


def _plain(text: str) -> bool:
    """Whether a name is one that WeChat gives; the database takes no control characters."""
    return text.isascii() and text.isprintable()


def _answered(event: Event, consent: Consent, config: WeChatConfig, *, now: datetime) -> None:
    """Agreeing counts in the question alone, refusing in the settings alone; strangers leave no trace."""
    found = purpose_of(config, consent.template_id)
    address = address_of(found[0], event.openid) if found else None
    if found is None or address is None:
        return
    if event.kind == POPUP and consent.answer == ACCEPT:
        agree(address, found[1], now=now)
    elif event.kind == CHANGE and consent.answer == REJECT:
        refuse(address, found[1], now=now)


def _delivered_or_not(event: Event, delivery: Delivery, *, now: datetime) -> None:
    open_by(Key.MESSAGE, delivery.message_id)
    if delivery.code:
        _undelivered(event, delivery, now=now)
    else:
        confirm(delivery.message_id, now=now)


def _undelivered(event: Event, delivery: Delivery, *, now: datetime) -> None:
    """A message that was taken and then not delivered is as good as refused: the next channel takes it."""
    push = db.session.scalar(
        select(Push).where(Push.reference == delivery.message_id, Push.state == "sent").with_for_update()
    )
    if push is None:
        if event.created_at > now - EARLY:
            # The news may be faster than our own commit of the message's number; WeChat will say it again.
            raise Unavailable("还没有这条消息的记录，请稍后再推送。", retry_after=5)
        return
    code = REFUSED_BY_USER if event.kind == SENT else NOT_DELIVERED
    record_refused(push, PROGRESS, Refused(code, RefusalKind.FINAL), now=now, luck=0.0)
