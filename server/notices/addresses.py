"""Where a member of staff can be reached: bound by himself, one address a channel, ended but never lost."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from server.accounts.models import Person
from server.accounts.people import record
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Conflict, Invalid, NotFound
from server.notices.models import Address

CHANNEL_NAMES = {
    "wecom_app": "企业微信",
    "wecom_robot": "企业微信群机器人",
    "mp_template": "微信服务号",
    "mp_subscribe": "微信服务号订阅通知",
    "mini_subscribe": "微信小程序",
}
WECHAT = "mp_template"
TARGET_MOST = 64
"""The longest user id that WeCom gives out."""
SHORT = 4


@dataclass(frozen=True)
class Bound:
    """One address, its target only hinted at."""

    address_id: int
    channel: str
    hint: str
    since_at: datetime

    @property
    def label(self) -> str:
        """The channel in people's words."""
        return CHANNEL_NAMES.get(self.channel, self.channel)


def hinted(target: str) -> str:
    """`zh****an`: enough to know one's own, not enough to use it."""
    return f"{target[:2]}****{target[-2:]}" if len(target) > SHORT else f"{target[:1]}****"


def addresses_of(person_id: int) -> list[Bound]:
    """The addresses of a person, the first to be tried first."""
    rows = db.session.execute(
        select(Address.id, Address.channel, Address.target_sealed, Address.created_at)
        .where(Address.person_id == person_id, Address.ended_at.is_(None))
        .order_by(Address.rank, Address.id)
    )
    return [
        Bound(row.id, row.channel, hinted(vault().open(row.target_sealed)), row.created_at) for row in rows
    ]


def bind(county_id: str, person_id: int, channel: str, target: str, *, rank: int = 0, now: datetime) -> int:
    """Reach a person at a target from now on; an older address on that channel ends. Raises Invalid, Conflict."""
    plain = target.strip()
    if not plain or len(plain) > TARGET_MOST or not plain.isprintable() or " " in plain:
        raise Invalid("账号不对，请检查。", fields={"target": "请填写账号，不带空格"})
    index = vault().blind(plain, purpose=channel)
    if channel == WECHAT:
        _check_free(county_id, person_id, vault().blinds(plain, purpose=channel))
    replaced = _end(Address.person_id == person_id, Address.channel == channel, now=now)
    address = Address(
        county_id=county_id,
        person_id=person_id,
        channel=channel,
        target_sealed=vault().seal(plain),
        target_index=index,
        rank=rank,
        created_at=now,
    )
    db.session.add(address)
    db.session.flush()
    act = "address_replaced" if replaced else "address_bound"
    _record(act, person_id, f"{CHANNEL_NAMES.get(channel, channel)} {hinted(plain)}", now=now)
    return address.id


def _check_free(county_id: str, person_id: int, indexes: list[str]) -> None:
    """One WeChat is one person's; the index `uq_address_staff_wechat` holds even for two at once."""
    taken = select(Address.id).where(
        Address.county_id == county_id,
        Address.channel == WECHAT,
        Address.target_index.in_(indexes),
        Address.person_id != person_id,
        Address.ended_at.is_(None),
    )
    if db.session.scalar(taken.limit(1)) is not None:
        raise Conflict("这个微信已经绑定在另一个账号上。请先在那个账号的“我的”里解除，或换一个微信。")


def _record(act: str, person_id: int, detail: str, *, now: datetime) -> None:
    record(act, db.session.get_one(Person, person_id), detail, by=person_id, now=now)


def unbind(person_id: int, address_id: int, *, now: datetime) -> None:
    """Stop using one of one's own addresses. Raises NotFound for anybody else's."""
    if not _end(Address.person_id == person_id, Address.id == address_id, now=now):
        raise NotFound("没有找到这个接收方式，它可能已经解除。")
    channel = db.session.scalar(select(Address.channel).where(Address.id == address_id)) or ""
    _record("address_ended", person_id, CHANNEL_NAMES.get(channel, channel), now=now)


def unbind_all(person_id: int, *, now: datetime) -> None:
    """Nobody reaches somebody who has left."""
    _end(Address.person_id == person_id, now=now)


def _end(*conditions: ColumnElement[bool], now: datetime) -> int:
    done = db.session.execute(
        update(Address)
        .where(Address.ended_at.is_(None), *conditions)
        .values(ended_at=now)
        .returning(Address.id)
    ).all()
    return len(done)
