"""Residents known by a WeChat identity: found by a blind index, reachable where they logged in."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert

from server.accounts.models import Resident
from server.core.crypto import vault
from server.core.db import NATIONAL, db
from server.notices.models import Address

MINI: Mapping[str, int] = {"mini_subscribe": 0}
MP: Mapping[str, int] = {"mp_subscribe": 0, "mp_template": 1}
"""Channels with their rank: an agreed notice is sure to arrive, a template reaches followers alone."""
TEMPLATE = "mp_template"


def welcome(appid: str, openid: str, channels: Mapping[str, int], *, now: datetime) -> int:
    """The resident with this identity, made if new, with an address on each channel; gives the number."""
    new = insert(Resident).values(
        county_id=NATIONAL,
        appid=appid,
        openid_sealed=vault().seal(openid),
        openid_index=vault().blind(openid, purpose="openid"),
        created_at=now,
    )
    if known(appid, openid) is None:
        db.session.execute(new.on_conflict_do_nothing())
    # Locked, so that two logins at once do not both find an address missing.
    resident_id = db.session.scalars(_by(appid, openid).with_for_update()).one()
    _ensure(resident_id, openid, channels, now=now)
    return resident_id


def known(appid: str, openid: str) -> int | None:
    """The resident with this identity, or None."""
    return db.session.scalar(_by(appid, openid))


def follow(appid: str, openid: str, *, now: datetime) -> None:
    """A known resident follows the service account again: templates may reach him."""
    resident_id = known(appid, openid)
    if resident_id is not None:
        _ensure(resident_id, openid, {TEMPLATE: MP[TEMPLATE]}, now=now)


def unfollow(appid: str, openid: str, *, now: datetime) -> None:
    """A known resident has left the service account: templates reach him no more."""
    resident_id = known(appid, openid)
    if resident_id is None:
        return
    db.session.execute(
        update(Address)
        .where(
            Address.resident_id == resident_id,
            Address.channel == TEMPLATE,
            Address.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def _by(appid: str, openid: str) -> Select[int]:
    indexes = vault().blinds(openid, purpose="openid")
    return select(Resident.id).where(Resident.appid == appid, Resident.openid_index.in_(indexes))


def _ensure(resident_id: int, openid: str, channels: Mapping[str, int], *, now: datetime) -> None:
    query = select(Address.channel).where(Address.resident_id == resident_id, Address.ended_at.is_(None))
    there = set(db.session.scalars(query))
    for channel, rank in channels.items():
        if channel not in there:
            db.session.add(
                Address(
                    county_id=NATIONAL,
                    resident_id=resident_id,
                    channel=channel,
                    target_sealed=vault().seal(openid),
                    target_index=vault().blind(openid, purpose=channel),
                    rank=rank,
                    created_at=now,
                )
            )
    db.session.flush()
