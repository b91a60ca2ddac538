"""A channel that stays broken: what waits for it is given up like what is tried, with the usual alarm."""

from datetime import timedelta

from sqlalchemy import func, select

from server.core.db import db
from server.escalation.alarms import notice_dead_pushes
from server.escalation.models import FeedEntry
from server.notices.channels import RefusalKind, Refused
from server.notices.dispatch import deliver_push, wake_due_pushes
from server.notices.models import Push
from server.notices.releasing import release_parked
from server.notices.rules import GIVE_UP_AFTER
from tests.notices.desk import QUOTA, bind
from tests.notices.test_lines import LINE, Away, pushes, rows, send_all

MANAGER = "ys.hill.manager"
HALF_AN_HOUR = timedelta(minutes=30)
__all__ = ["pushes"]


def live(pushes, way, *, since, until):
    """What the duties and the workers do, every half an hour; gives when it was over."""
    now = since
    while now < until and any(one.state == "pending" for one in rows(pushes, Push.state)):
        now += HALF_AN_HOUR
        release_parked(now)
        wake_due_pushes(now)
        send_all(pushes, way, now)
    return now


def test_nothing_waits_for_ever_for_a_channel_that_is_refused_for_ever(world, pushes):
    way = Away(Refused("40001", RefusalKind.PAUSE))
    send_all(pushes, way, world.now)
    assert {one.failing_at for one in rows(pushes, Push.failing_at)} == {world.now}
    over = live(pushes, way, since=world.now, until=world.now + timedelta(days=7))
    assert over - world.now == GIVE_UP_AFTER
    ends = rows(pushes, Push.state, Push.last_code, Push.parked_on, Push.attempts)
    assert set(ends) == {("dead", "40001", None, 0)}
    while notice_dead_pushes(over):
        continue
    told = select(func.count()).select_from(FeedEntry).where(FeedEntry.occasion.startswith("undelivered:"))
    assert db.session.scalar(told) >= 1
    assert db.session.scalar(select(func.count()).where(Push.state == "dead", Push.noticed_at.is_(None))) == 0


def test_a_days_quota_is_waited_for_and_burns_nothing(world, pushes):
    way = Away(QUOTA)
    send_all(pushes, way, world.now)
    live(pushes, way, since=world.now, until=world.now + timedelta(hours=13))
    waiting = rows(pushes, Push.state, Push.attempts, Push.parked_on)
    assert set(waiting) == {("pending", 0, LINE)}
    assert way.calls == 1
    way.refusal = None
    over = live(pushes, way, since=world.now + timedelta(hours=13), until=world.now + timedelta(days=2))
    assert {one.state for one in rows(pushes, Push.state)} == {"sent"}
    assert over - world.now < timedelta(hours=24)


def test_whoever_has_bound_another_way_meanwhile_is_told_by_it_before_anything_is_given_up(world, pushes):
    way = Away(Refused("40001", RefusalKind.PAUSE))
    send_all(pushes, way, world.now)
    bind(world, MANAGER, "mp_template")
    live(pushes, way, since=world.now, until=world.now + timedelta(hours=4))
    assert {one.state for one in rows(pushes, Push.state)} == {"passed"}


def test_a_message_that_waited_and_then_fails_itself_is_given_up_at_the_same_hour(world, pushes):
    send_all(pushes, Away(Refused("40001", RefusalKind.PAUSE)), world.now)
    at = world.now + GIVE_UP_AFTER
    release_parked(at)
    first = next(one for one, parked in rows(pushes, Push.id, Push.parked_on) if parked is None)
    deliver_push(first, channels={LINE: Away()}, now=at)
    db.session.expire_all()
    assert db.session.get(Push, first).state == "dead"
