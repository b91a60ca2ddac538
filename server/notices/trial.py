"""A push to oneself: does anything arrive here?"""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from server.core.clock import local
from server.core.db import db
from server.core.errors import Invalid, TooMany
from server.notices.addresses import CHANNEL_NAMES
from server.notices.channels import Message
from server.notices.desks import Reach
from server.notices.models import Address, Push
from server.notices.service import write_pushes

PURPOSE = "test"
STATES = {
    "pending": ("正在发送", "info", "half"),
    "sent": ("已送出，请在手机上查看", "ok", "tick"),
    "passed": ("没送到，已改用下一个方式", "warn", "triangle"),
    "dead": ("没送到", "alarm", "cross"),
    "cancelled": ("已取消", "", "cross"),
}
SHOWN = 6
AT_ONCE = 10
"""Unsent trials of one person; more would only fill the queue."""


@dataclass(frozen=True)
class Trial:
    """One trial push and how it went: words, tone and shape, and the channel's code where it refused."""

    at: datetime
    channel: str
    state: tuple[str, str, str]
    code: str


def send_trial(county_id: str, person_id: int, *, now: datetime) -> int:
    """A push of its own to each address of a person; how many. Raises Invalid without an address, TooMany."""
    rows = db.session.execute(
        select(Address.id, Address.channel)
        .where(Address.person_id == person_id, Address.ended_at.is_(None))
        .order_by(Address.rank, Address.id)
    ).all()
    if not rows:
        raise Invalid("还没有绑定接收方式，请先绑定。")
    waiting = [one for one in trials_of(person_id, most=AT_ONCE) if one.state is STATES["pending"]]
    if len(waiting) + len(rows) > AT_ONCE:
        raise TooMany("上一次的测试消息还在发送，请稍等再试。", retry_after=60)
    for row in rows:
        write_pushes(
            county_id,
            [Reach(None, person_id, row.id, row.channel)],
            report_id=None,
            purpose=PURPOSE,
            occasion=f"test:{person_id}:{row.id}:{now.timestamp():.0f}",
            urgent=True,
            now=now,
        )
    return len(rows)


def trials_of(person_id: int, *, most: int = SHOWN) -> list[Trial]:
    """The latest trial pushes of a person, the newest first."""
    rows = db.session.execute(
        select(Push.created_at, Push.channel, Push.state, Push.last_code)
        .where(Push.person_id == person_id, Push.purpose == PURPOSE)
        .order_by(Push.id.desc())
        .limit(most)
    )
    return [
        Trial(
            row.created_at,
            CHANNEL_NAMES.get(row.channel, row.channel),
            STATES[row.state],
            row.last_code or "",
        )
        for row in rows
    ]


def compose_trial(push: Push) -> Message:
    """The words of a trial push; they say that nothing needs doing."""
    at = local(push.created_at)
    return Message(
        key=f"push-{push.id}",
        purpose="progress",
        title="测试消息：收到说明绑定成功",
        lines=(
            ("状态", "测试"),
            ("时间", f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"),
            ("说明", "这是一条测试消息，无需处理"),
        ),
        url=f"{current_app.extensions['settings'].base_url}/account",
        no=f"TEST-{push.id}",
    )
