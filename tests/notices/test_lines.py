"""Circuits, parking, paced release and turns, with the clock in hand."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update

from server.core.db import db
from server.notices.channels import MemoryChannel, RefusalKind, Refused
from server.notices.dispatch import deliver_push, wake_due_pushes
from server.notices.fairness import share_out
from server.notices.models import ChannelPause, Push
from server.notices.releasing import release_parked
from server.notices.rules import OPENS_AFTER, RELEASED_PER_SECOND
from tests.notices.desk import bind, channels, filed, push_to

MANAGER = "ys.hill.manager"
AWAY, TOKEN = Refused("http_502", RefusalKind.RETRY), Refused("network", RefusalKind.RETRY, reached=False)
SECOND, LINE = timedelta(seconds=1), "wecom_app"


class Away:
    """A channel that fails in one way until it is told to work again."""

    name = LINE

    def __init__(self, refusal=AWAY):
        self.refusal, self.calls, self.well = refusal, 0, MemoryChannel(LINE)

    def send(self, address, message):
        self.calls += 1
        if self.refusal:
            raise self.refusal
        return self.well.send(address, message)


@pytest.fixture
def pushes(world):
    """Forty pushes to one manager over one line, due now, without jobs."""
    filed(world)
    first = push_to(world, MANAGER)
    columns = {one.name for one in Push.__table__.columns} - {"id", "occasion"}
    row = {name: getattr(first, name) for name in columns}
    db.session.execute(insert(Push), [row | {"occasion": f"more:{n}"} for n in range(39)])
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    query = select(Push.id).where(Push.person_id == first.person_id).order_by(Push.id)
    return list(db.session.scalars(query))


def send_all(pushes, way, now):
    for one in pushes:
        deliver_push(one, channels={LINE: way}, now=now)
    db.session.expire_all()


def wake(pushes, now):
    """As the release does."""
    db.session.execute(update(Push).where(Push.id.in_(pushes), Push.state == "pending").values(next_at=now))
    db.session.commit()


def circuit():
    return db.session.get(ChannelPause, LINE)


def rows(pushes, *columns):
    return db.session.execute(select(*columns).where(Push.id.in_(pushes)).order_by(Push.id)).all()


def test_a_sick_channel_is_left_alone_after_a_few_failures_and_nobody_else_burns_an_attempt(world, pushes):
    way = Away()
    send_all(pushes, way, world.now)
    assert way.calls == OPENS_AFTER
    waiting = rows(pushes, Push.attempts, Push.parked_on)
    assert waiting == [(1, None)] * OPENS_AFTER + [(0, LINE)] * (40 - OPENS_AFTER)


def test_one_push_at_a_time_tries_a_sick_channel_and_the_rests_grow(world, pushes):
    way = Away()
    send_all(pushes, way, world.now)
    now, tries = world.now, []
    for _ in range(6):
        now = circuit().until_at
        wake(pushes[OPENS_AFTER:], now)
        send_all(pushes[OPENS_AFTER:], way, now)
        tries.append((circuit().until_at - now) / SECOND)
    assert way.calls == OPENS_AFTER + 6
    assert tries[:4] == sorted(tries[:4])
    assert max(tries) <= 300 * 1.2
    way.refusal, now = None, circuit().until_at
    wake(pushes[OPENS_AFTER:], now)
    send_all(pushes[OPENS_AFTER:], way, now)
    assert circuit().opened_at is None
    assert len(way.well.sent) > 1


def test_a_try_that_never_comes_back_gives_its_place_to_the_next(world, pushes):
    send_all(pushes, Away(), world.now)
    at = circuit().until_at
    circuit().probe_at = at + 24 * SECOND
    way = Away(None)
    wake(pushes[10:12], at)
    send_all(pushes[10:12], way, at)
    assert way.calls == 0
    wake(pushes[10:12], at)
    send_all(pushes[10:12], way, at + 24 * SECOND)
    assert way.calls == 2


def test_what_was_parked_goes_so_many_a_second_once_the_channel_works(world, pushes):
    send_all(pushes, Away(), world.now)
    parked, at = pushes[OPENS_AFTER:], circuit().until_at
    assert release_parked(at - SECOND) == 0
    assert release_parked(at) == 1
    send_all(parked[:1], Away(None), at)
    assert release_parked(at) == len(parked) - 1
    due = rows(parked[1:], Push.next_at)
    assert [one.next_at for one in due].count(at) == RELEASED_PER_SECOND
    assert max(one.next_at for one in due) == at + SECOND


def test_an_odd_message_alone_closes_no_channel(world, pushes):
    way = Away()
    for again in range(OPENS_AFTER * 2):
        send_all(pushes[:1], way, world.now + again * timedelta(minutes=75))
    assert way.calls == OPENS_AFTER * 2
    assert circuit().opened_at is None


@pytest.mark.parametrize("refusal", [TOKEN, Refused("45009", RefusalKind.PAUSE)])
def test_without_a_token_or_a_quota_no_attempt_is_burnt(world, pushes, refusal):
    send_all(pushes, Away(refusal), world.now)
    assert {one.attempts for one in rows(pushes, Push.attempts)} == {0}
    assert circuit().opened_at == world.now


def test_a_refusal_by_the_addressee_says_that_the_channel_lives(world, pushes):
    way = Away()
    send_all(pushes[:3], way, world.now)
    way.refusal = Refused("43101", RefusalKind.FINAL)
    send_all(pushes[3:4], way, world.now)
    assert circuit().failures == 0


def test_whoever_has_another_way_takes_it_once_the_outage_lasts(world, pushes):
    bind(world, MANAGER, "mp_template")
    way = Away()
    send_all(pushes, way, world.now)
    assert {one.state for one in rows(pushes, Push.state)} == {"pending"}
    later = world.now + timedelta(minutes=10)
    assert wake_due_pushes(later) >= 35
    circuit().until_at = later + SECOND
    send_all(pushes[OPENS_AFTER:], way, later)
    assert {one.state for one in rows(pushes[OPENS_AFTER:], Push.state)} == {"passed"}
    assert way.calls == OPENS_AFTER


def test_one_groups_robot_rests_alone(world, pushes):
    db.session.execute(update(Push).where(Push.id.in_(pushes)).values(channel="wecom_robot"))
    other = bind(world, "ys.bureau", "wecom_robot")
    db.session.execute(update(Push).where(Push.id.in_(pushes[20:])).values(address_id=other.id))
    quota, well = (
        channels(Refused("45009", RefusalKind.PAUSE), names=("wecom_robot",)),
        channels(names=("wecom_robot",)),
    )
    deliver_push(pushes[0], channels=quota, now=world.now)
    for one in (pushes[1], pushes[21]):
        deliver_push(one, channels=well, now=world.now)
    assert len(well["wecom_robot"].sent) == 1


def test_an_estate_that_floods_waits_behind_the_few_of_the_others(world, pushes):
    lone = filed(world, "ys.lake", key="z" * 32)
    mine = push_to(world, "ys.bureau", lone).id
    order = [*pushes * 5, mine]
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    for one in order:
        defer = "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('push','push',0,NULL,NULL,jsonb_build_object('push_id', CAST(:id AS bigint),'county_id','371323'),NULL)::procrastinate_job_to_defer_v1])"
        db.session.execute(text(defer), {"id": one})
    assert share_out(world.now + timedelta(days=1)) == len(pushes) * 5 - 20
    assert share_out(world.now + timedelta(days=1)) == 0
    queue = "SELECT (args ->> 'push_id')::bigint FROM procrastinate_jobs ORDER BY priority DESC, id"
    assert list(db.session.scalars(text(queue))).index(mine) == 20
