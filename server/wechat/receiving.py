"""What an event pushed by WeChat does to us; each event once, however often it is pushed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from server.core.db import db
from server.notices.channels import RefusalKind, Refused
from server.notices.compose import compose
from server.notices.models import Push
from server.notices.outcomes import record_refused
from server.notices.rules import REFUSED_BY_USER
from server.notices.service import SUBSCRIBE
from server.wechat import residents
from server.wechat.config import WeChatConfig
from server.wechat.consents import address_of, agree, purpose_of, refuse
from server.wechat.events import CHANGE, POPUP, SENT, Consent, Event
from server.wechat.once import first_time

ACCEPT, REJECT = "accept", "reject"
FOLLOW, UNFOLLOW = "subscribe", "unsubscribe"
SOON = timedelta(hours=1)
"""WeChat tells of a failed notice within seconds; an older push is not the one it speaks of."""


def take_in(event: Event, config: WeChatConfig, *, now: datetime) -> bool:
    """Let an event have its effect; False for one that had it before."""
    if not first_time(event.kind, event.dedupe_key, now=now):
        return False
    if event.kind in {POPUP, CHANGE}:
        for consent in event.consents:
            _answered(event, consent, config, now=now)
    elif event.kind == SENT:
        for delivery in event.deliveries:
            if delivery.code:
                _undelivered(event.openid, now=now)
    elif event.kind == FOLLOW:
        residents.follow(config.mp_appid, event.openid, now=now)
    elif event.kind == UNFOLLOW:
        residents.unfollow(config.mp_appid, event.openid, now=now)
    return True


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


def _undelivered(openid: str, *, now: datetime) -> None:
    """A notice that was taken and then not delivered: as if it had been refused, so the next channel is taken."""
    for channel in sorted(SUBSCRIBE):
        address = address_of(channel, openid)
        push = _latest(address.id, now=now) if address else None
        message = compose(push) if push else None
        if push and message:
            refused = Refused(REFUSED_BY_USER, RefusalKind.FINAL)
            record_refused(push, message, refused, now=now, luck=0.0)


def _latest(address_id: int, *, now: datetime) -> Push | None:
    return db.session.scalar(
        select(Push)
        .where(Push.address_id == address_id, Push.state == "sent", Push.done_at > now - SOON)
        .order_by(Push.id.desc())
        .limit(1)
        .with_for_update()
    )
