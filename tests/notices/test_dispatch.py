from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from server.core.db import db
from server.notices.channels import RefusalKind, Refused, Sent
from server.notices.dispatch import deliver_push, wake_due_pushes
from server.notices.models import ChannelPause, Consent, Push
from server.notices.releasing import release_parked
from server.notices.rules import LEASE
from tests.notices.desk import (
    BAD,
    MINUTE,
    QUOTA,
    REFRESH,
    REFUSED,
    RETRY,
    bind,
    channels,
    filed,
    jobs_of,
    push_to,
)

MANAGER = "ys.hill.manager"


@pytest.fixture
def push(world):
    filed(world)
    return push_to(world, MANAGER)


def deliver(push, ways, now):
    deliver_push(push.id, channels=ways, now=now)
    db.session.expire_all()
    return db.session.get(Push, push.id)


def test_what_is_taken_is_sent_once_and_left_alone_afterwards(world, push):
    ways = channels()
    done = deliver(push, ways, world.now)
    assert (done.state, done.attempts, done.done_at) == ("sent", 1, world.now)
    deliver(push, ways, world.now + timedelta(days=1))
    assert len(ways["wecom_app"].sent) == 1
    target, message = ways["wecom_app"].sent[0]
    assert target == MANAGER
    assert message.key == f"push-{push.id}"


@pytest.mark.parametrize("refusal", [RETRY, REFRESH])
def test_a_passing_fault_is_tried_again_a_little_later(world, push, refusal):
    kept = deliver(push, channels(refusal), world.now)
    assert (kept.state, kept.attempts, kept.last_code) == ("pending", 1, refusal.code)
    assert timedelta(seconds=4) <= kept.next_at - world.now <= timedelta(seconds=6)
    assert kept.next_at in jobs_of(push.id)
    assert deliver(push, channels(), kept.next_at).state == "sent"


def test_nothing_is_sent_before_it_is_due(world, push):
    ways = channels()
    assert deliver(push, ways, world.now - timedelta(seconds=1)).attempts == 0
    assert not ways["wecom_app"].sent


def test_a_channel_that_breaks_in_an_unforeseen_way_loses_nothing(world, push):
    class Broken:
        name = "wecom_app"

        def send(self, address, message):
            raise ZeroDivisionError

    kept = deliver(push, {"wecom_app": Broken()}, world.now)
    assert (kept.state, kept.last_code) == ("pending", "fault")


@pytest.mark.parametrize("refusal", [REFUSED, BAD])
def test_a_final_refusal_goes_on_to_the_next_channel_of_the_same_person(world, push, refusal):
    bind(world, MANAGER, "mp_template")
    ways = channels(refusal)
    assert deliver(push, ways, world.now).state == "passed"
    following = push_to(world, MANAGER)
    assert (following.channel, following.occasion, following.state) == (
        "mp_template",
        push.occasion,
        "pending",
    )
    assert jobs_of(following.id)
    assert deliver(following, ways, world.now).state == "sent"
    assert len(ways["mp_template"].sent) == 1


def test_the_ways_are_tried_by_rank_and_none_twice_until_none_is_left(world, push):
    bind(world, MANAGER, "mini_subscribe", rank=1)
    bind(world, MANAGER, "mp_template", rank=3)
    bind(world, MANAGER, "wecom_robot", rank=2)
    ways = channels(BAD, names=("wecom_app",))
    tried = []
    for _ in range(4):
        newest = push_to(world, MANAGER)
        tried.append(newest.channel)
        deliver(newest, ways, world.now)
    assert tried == ["wecom_app", "wecom_robot", "mp_template", "mp_template"]
    assert push_to(world, MANAGER).state == "dead"


def test_without_another_way_a_final_refusal_is_the_end(world, push):
    done = deliver(push, channels(BAD), world.now)
    assert (done.state, done.last_code, done.done_at) == ("dead", "47003", world.now)
    assert deliver(push, channels(), world.now + LEASE).state == "dead"


def test_a_channel_that_nobody_set_up_is_a_final_refusal(world, push):
    assert deliver(push, {}, world.now).last_code == "no_channel"


def test_after_ten_minutes_of_failing_the_next_channel_takes_over(world, push):
    bind(world, MANAGER, "mp_template")
    ways, now, state = channels(*[RETRY] * 9), world.now, "pending"
    while state == "pending":
        row = deliver(push, ways, now)
        state, now = row.state, row.done_at or row.next_at
    assert state == "passed"
    assert now - world.now == timedelta(minutes=10)


def test_where_there_is_no_other_channel_it_is_tried_for_three_days(world, push):
    ways, now, state = channels(*[RETRY] * 200), world.now, "pending"
    while state == "pending":
        row = deliver(push, ways, now)
        state, now = row.state, row.done_at or row.next_at
    assert state == "dead"
    assert now - world.now == timedelta(hours=72)


def test_a_used_up_quota_rests_the_channel_and_burns_no_attempt(world, push):
    kept = deliver(push, channels(QUOTA), world.now)
    assert (kept.state, kept.attempts) == ("pending", 0)
    pause = db.session.get(ChannelPause, "wecom_app")
    assert pause.until_at - world.now == timedelta(hours=14)
    assert (kept.parked_on, kept.next_at > pause.until_at) == ("wecom_app", True)
    bureau, ways = push_to(world, "ys.bureau"), channels()
    waiting = deliver(bureau, ways, world.now)
    assert (waiting.state, waiting.attempts, waiting.last_code) == ("pending", 0, "45009")
    assert not ways["wecom_app"].sent
    assert waiting.failing_at == world.now
    assert deliver(bureau, ways, waiting.next_at + timedelta(hours=7)).state == "sent"


def test_a_channel_that_rests_until_midnight_is_gone_round_by_whoever_has_another(world, push):
    bind(world, MANAGER, "mp_template")
    assert deliver(push, channels(QUOTA), world.now).state == "passed"
    assert push_to(world, MANAGER).channel == "mp_template"


def test_a_minutes_rest_is_sat_out_although_there_is_another_channel(world, push):
    bind(world, MANAGER, "mp_template")
    kept = deliver(push, channels(MINUTE), world.now)
    assert kept.state == "pending"
    assert release_parked(world.now + timedelta(seconds=59)) == 0
    assert release_parked(world.now + timedelta(seconds=60)) == 1
    assert deliver(push, channels(), world.now + timedelta(seconds=60)).state == "sent"


@pytest.mark.parametrize(("refusals", "left"), [([], 1), ([REFUSED], 0), ([RETRY], 2)])
def test_a_subscription_is_used_up_by_a_message_and_ended_by_a_refusal(world, push, refusals, left):
    address = bind(world, MANAGER, "mp_subscribe")
    consent = Consent(
        county_id="371323", address_id=address.id, purpose="new_report", left=2, changed_at=world.now
    )
    db.session.add(consent)
    push.address_id, push.channel = address.id, "mp_subscribe"
    db.session.commit()
    deliver(push, channels(*refusals, names=("mp_subscribe",)), world.now)
    assert db.session.scalar(select(Consent.left)) == left


def test_an_address_that_has_ended_is_not_used(world, push):
    bind(world, MANAGER, "mp_template")
    db.session.execute(text("UPDATE address SET ended_at = now() WHERE id = :id"), {"id": push.address_id})
    ways = channels()
    assert deliver(push, ways, world.now).last_code == "no_address"
    assert not ways["wecom_app"].sent
    assert push_to(world, MANAGER).channel == "mp_template"


def test_what_has_nothing_to_tell_any_more_is_cancelled(world, push):
    db.session.execute(text("UPDATE push SET report_id = 0 WHERE id = :id"), {"id": push.id})
    assert deliver(push, channels(), world.now).state == "cancelled"


@pytest.mark.parametrize(
    ("changed", "code"), [({"purpose": "unheard_of"}, "no_words"), ({"channel": "unheard_of"}, "no_channel")]
)
def test_what_a_newer_program_wrote_is_left_for_its_worker(world, push, changed, code):
    meant = {name: getattr(push, name) for name in changed}
    db.session.execute(update(Push).where(Push.id == push.id).values(changed))
    kept = deliver(push, channels(), world.now)
    assert (kept.state, kept.last_code) == ("pending", code)
    assert kept.next_at in jobs_of(push.id)
    assert db.session.get(ChannelPause, kept.channel) is None
    db.session.execute(update(Push).where(Push.id == push.id).values(meant))
    assert deliver(push, channels(), kept.next_at).state == "sent"


def test_words_that_cannot_be_found_are_looked_for_again(world, push):
    db.session.execute(text("UPDATE report SET kind = 'gone' WHERE id = :id"), {"id": push.report_id})
    kept = deliver(push, channels(), world.now)
    assert (kept.state, kept.last_code, kept.attempts) == ("pending", "no_words", 1)


def test_a_sender_that_comes_back_after_its_lease_changes_nothing(world, push):
    class Slow:
        """While it is sending, another worker takes the push over and sends it."""

        name = "wecom_app"

        def send(self, address, message):
            deliver_push(push.id, channels=channels(), now=world.now + LEASE)
            raise Refused("-1", RefusalKind.FINAL)

    done = deliver(push, {"wecom_app": Slow()}, world.now)
    assert (done.state, done.attempts) == ("sent", 2)


def test_while_one_is_sending_nobody_else_does(world, push):
    ways = channels()

    class Nosy:
        name = "wecom_app"

        def send(self, address, message):
            deliver_push(push.id, channels=ways, now=world.now + LEASE / 2)
            return Sent()

    assert deliver(push, {"wecom_app": Nosy()}, world.now).state == "sent"
    assert not ways["wecom_app"].sent


def test_a_due_push_whose_job_was_lost_gets_one_again(world, push):
    assert wake_due_pushes(world.now) == 0
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    due = db.session.scalar(
        select(db.func.count()).select_from(Push).where(Push.state == "pending", Push.next_at <= world.now)
    )
    assert wake_due_pushes(world.now) == due > 0
    assert len(jobs_of(push.id)) == 1
    assert wake_due_pushes(world.now) == 0


def test_a_push_that_is_not_due_needs_no_job(world, push):
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    assert wake_due_pushes(world.now - timedelta(seconds=1)) == 0
