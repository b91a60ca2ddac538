"""The ledger of consents: how many more subscribe messages somebody has agreed to; fed by WeChat alone."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from server.core.counties import Key, open_by
from server.core.crypto import vault
from server.core.db import db
from server.notices.models import Address, Consent
from server.notices.service import SUBSCRIBE
from server.wechat.config import WeChatConfig

PROGRESS = "progress"
ANY_PURPOSE = "*"


def template_for(templates: Mapping[str, str], purpose: str) -> str:
    """The template that a purpose is sent with; empty where none is set up."""
    return templates.get(purpose) or templates.get(ANY_PURPOSE) or ""


def purpose_of(config: WeChatConfig, template_id: str) -> tuple[str, str] | None:
    """Channel and purpose that a template serves, or None for a template that is not ours."""
    for channel, templates in (
        ("mp_subscribe", config.subscribe_templates),
        ("mini_subscribe", config.mini_templates),
    ):
        if template_id == template_for(templates, PROGRESS):
            return channel, PROGRESS
        for purpose, known in templates.items():
            if known == template_id:
                return channel, purpose
    return None


def address_of(channel: str, openid: str) -> Address | None:
    """The address of somebody on a channel, or None for a stranger."""
    indexes = vault().blinds(openid, purpose=channel)
    for index in indexes:
        open_by(Key.ADDRESS, index)
    query = select(Address).where(
        Address.channel == channel, Address.target_index.in_(indexes), Address.ended_at.is_(None)
    )
    return db.session.scalar(query.order_by(Address.id).limit(1))


def agree(address: Address, purpose: str, *, now: datetime) -> None:
    """One message more."""
    new = insert(Consent).values(
        county_id=address.county_id, address_id=address.id, purpose=purpose, left=1, changed_at=now
    )
    more = {"left": Consent.left + 1, "changed_at": now}
    db.session.execute(new.on_conflict_do_update(index_elements=["address_id", "purpose"], set_=more))


def refuse(address: Address, purpose: str, *, now: datetime) -> None:
    """None any more."""
    db.session.execute(
        update(Consent)
        .where(Consent.address_id == address.id, Consent.purpose == purpose)
        .values(left=0, changed_at=now)
    )


def left_for(resident_id: int) -> int:
    """How many messages about progress a resident has agreed to and not had yet."""
    query = (
        select(func.coalesce(func.sum(Consent.left), 0))
        .join(Address, Address.id == Consent.address_id)
        .where(
            Address.resident_id == resident_id,
            Address.channel.in_(SUBSCRIBE),
            Address.ended_at.is_(None),
            Consent.purpose == PROGRESS,
        )
    )
    return int(db.session.execute(query).scalar_one())
