"""Bad days played to their end: the channel is left alone, nobody is lost, nobody is told twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text, update

from server.core.crypto import vault
from server.core.db import db
from server.notices.channels import Message
from server.notices.dispatch import deliver_push
from server.notices.models import Address, ChannelPause, Push
from server.notices.releasing import release_parked
from server.notices.rules import OPENS_AFTER
from server.wechat.channel import channels
from server.wechat.client import TIMEOUT_SECONDS, connect
from server.wechat.sandbox.weather import turn
from tests.notices.desk import bind, filed, push_to

MANAGER, LINE = "ys.hill.manager", "mp_template"
COUNT, TRIES = 12, 2
HASTY = (0.5, 0.3)
BEFORE = Message("before", "progress", "测试", (), "https://a.example/", "T-1")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def pushes(world, mp_openid):
    """A dozen pushes to one manager's WeChat, due now."""
    filed(world)
    first, address = push_to(world, MANAGER), bind(world, MANAGER, LINE)
    values = {"target_sealed": vault().seal(mp_openid)}
    db.session.execute(update(Address).where(Address.id == address.id).values(values))
    columns = {one.name for one in Push.__table__.columns} - {"id", "occasion"}
    row = {name: getattr(first, name) for name in columns} | {"address_id": address.id, "channel": LINE}
    db.session.execute(update(Push).values(state="cancelled"))
    db.session.execute(text("UPDATE address SET ended_at = now() WHERE channel <> :line"), {"line": LINE})
    rows = [row | {"occasion": f"more:{n}"} for n in range(COUNT)]
    found = list(db.session.scalars(insert(Push).returning(Push.id), rows))
    db.session.commit()
    return found


class Workers:
    """What workers and duties do at an instant."""

    def __init__(self, box, ids):
        self.box, self.ids = box, ids
        self.ask()

    def ask(self, *, timeout=TIMEOUT_SECONDS):
        """From now on with these limits to a call."""
        self.ways = channels(connect(self.box.config, self.box.store, timeout=timeout))

    def work(self, now):
        """One round; gives the states there are afterwards."""
        release_parked(now)
        for one in self.ids:
            deliver_push(one, channels=self.ways, now=now)
        db.session.expire_all()
        return set(db.session.scalars(select(Push.state).where(Push.id.in_(self.ids))))


@pytest.mark.parametrize("mode", ["error", "hang", "half_open", "busy", "down"])
def test_a_bad_day_is_left_alone_until_it_is_over_and_then_everything_goes_out(
    world, box, pushes, mp_openid, mode
):
    workers, now = Workers(box, pushes), world.now
    workers.ways[LINE].send(
        mp_openid, BEFORE
    )  # a token is in hand, so that the sending itself meets the bad day
    workers.ask(timeout=HASTY)
    turn(box.state, mode)
    assert workers.work(now) == {"pending"}
    assert workers.work(now + SECOND) == {"pending"}
    parked = select(func.count()).where(Push.parked_on == LINE)
    assert db.session.scalar(parked) == COUNT - OPENS_AFTER
    for _ in range(TRIES):
        now = db.session.get(ChannelPause, LINE).until_at
        assert workers.work(now) == {"pending"}
    burnt = db.session.scalar(select(func.max(Push.attempts)).where(Push.id.in_(pushes)))
    assert burnt <= TRIES + 1
    turn(box.state, "fine")
    workers.ask()
    states, ends = {"pending"}, now + timedelta(hours=1)
    while states != {"sent"} and now < ends:
        now += MINUTE
        states = workers.work(now)
    assert states == {"sent"}
    assert db.session.get(ChannelPause, LINE).opened_at is None
    assert len(box.state.arrivals) == COUNT + 1
