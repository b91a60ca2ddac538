"""By night only what is urgent goes out, whatever brings a push to its sending; with the clock in hand."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from server.accounts.models import Resident
from server.accounts.roles import Actor
from server.core.db import NATIONAL, db
from server.core.doubles import double_of
from server.notices import ledger, night
from server.notices.channels import MemoryChannel, RefusalKind, Refused
from server.notices.dispatch import deliver_push, wake_due_pushes
from server.notices.models import ChannelPause, Push
from server.notices.releasing import release_parked
from server.notices.rules import RELEASED_PER_SECOND
from server.notices.service import tell_resident
from server.notices.trial import send_trial
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from server.upkeep.pushes import mend_pushes
from tests.escalation.cases import kind_like
from tests.notices.desk import BAD, QUOTA, RETRY, bind, channels, filed, jobs_of, push_to
from tests.notices.test_lines import LINE, Away, circuit, pushes, rows, send_all

MANAGER, COUNTY = "ys.hill.manager", "371323"
MIDNIGHT = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)
TEN, MORNING = MIDNIGHT - timedelta(hours=2), MIDNIGHT + timedelta(hours=7, minutes=30)
SECOND = timedelta(seconds=1)
__all__ = ["pushes"]


@pytest.fixture
def push(world):
    filed(world)
    return push_to(world, MANAGER)


def deliver(push, ways, now):
    deliver_push(push.id, channels=ways, now=now)
    db.session.expire_all()
    return db.session.get(Push, push.id)


def due(now):
    return update(Push).where(Push.state == "pending").values(next_at=now)


def reporter(world):
    """Somebody known by a WeChat, who can be reached there."""
    row = Resident(appid="wx", openid_sealed="s", openid_index="i", county_id=COUNTY, created_at=world.now)
    db.session.add(row)
    db.session.flush()
    bind(world, "", "mp_template", resident_id=row.id)
    return row.id


def test_a_retry_by_night_waits_for_the_morning_and_burns_no_attempt(world, push):
    deliver(push, channels(RETRY), world.now)
    db.session.execute(due(TEN))
    ways = channels()
    held = deliver(push, ways, TEN)
    assert (held.state, held.attempts, held.next_at, held.parked_on) == ("pending", 1, MORNING, None)
    assert not ways["wecom_app"].sent
    assert MORNING in jobs_of(push.id)
    assert deliver(push, ways, MORNING).state == "sent"


def test_what_is_urgent_goes_at_any_hour(world, push):
    db.session.execute(update(Push).values(urgent=True))
    assert deliver(push, channels(), MIDNIGHT).state == "sent"


@pytest.mark.parametrize("county_id", [NATIONAL, double_of(COUNTY)])
def test_what_belongs_to_no_countys_book_goes_when_it_was_meant_to(county_id):
    assert night.ends_at(county_id, urgent=False, now=MIDNIGHT) is None


def test_a_trial_that_somebody_asked_for_comes_at_once(world):
    send_trial(COUNTY, world.people[MANAGER].id, now=MIDNIGHT)
    assert deliver(push_to(world, MANAGER), channels(), MIDNIGHT).state == "sent"


def test_the_next_channel_rings_nobody_by_night_either(world, push):
    db.session.execute(update(Push).values(urgent=True))
    bind(world, MANAGER, "mp_template")
    ways = channels(BAD)
    deliver(push, ways, TEN)
    following = push_to(world, MANAGER)
    assert following.urgent
    db.session.execute(update(Push).where(Push.id == following.id).values(urgent=False))
    assert deliver(following, ways, TEN).next_at == MORNING
    assert not ways["mp_template"].sent


def test_what_is_sent_again_by_hand_at_night_waits_too(world, push):
    deliver(push, channels(BAD), world.now)
    assert ledger.retry_dead(now=TEN) == 1
    assert deliver(push, channels(), TEN).next_at == MORNING


def test_what_the_check_wakes_at_night_waits_too(world, push):
    db.session.execute(update(Push).where(Push.id == push.id).values(state="passed", done_at=world.now))
    mend_pushes(0, most=10, now=TEN)
    db.session.commit()
    assert deliver(push, channels(), TEN).next_at == MORNING


def test_a_quota_that_comes_back_at_midnight_lets_only_the_urgent_go_before_morning(world, pushes):
    send_all(pushes, Away(QUOTA), world.now)
    danger, way = pushes[-1], Away(None)
    db.session.execute(update(Push).where(Push.id == danger).values(urgent=True))
    assert release_parked(MIDNIGHT) == 1
    send_all(pushes, way, MIDNIGHT)
    assert (len(way.well.sent), circuit().opened_at) == (1, None)
    for hour in range(1, 8):
        at = MIDNIGHT + timedelta(hours=hour)
        assert release_parked(at) == 0
        wake_due_pushes(at)
        send_all(pushes, way, at)
    assert len(way.well.sent) == 1
    assert {one.attempts for one in rows(pushes[:-1], Push.attempts)} == {0}
    assert {one.parked_on for one in rows(pushes[:-1], Push.parked_on)} == {LINE}
    assert release_parked(MORNING) == len(pushes) - 1
    laid = [one.next_at for one in rows(pushes[:-1], Push.next_at)]
    assert (laid.count(MORNING), max(laid)) == (RELEASED_PER_SECOND, MORNING + SECOND)
    send_all(pushes, way, MORNING + SECOND)
    assert len(way.well.sent) == len(pushes)


def test_nobody_is_rung_with_an_ordinary_message_to_try_a_sick_channel(world, pushes):
    send_all(pushes, Away(), TEN - timedelta(hours=1))
    way = Away(None)
    assert release_parked(TEN) == 0
    db.session.execute(due(TEN))
    send_all(pushes, way, TEN)
    assert (way.calls, circuit().probe_at) == (0, None)
    db.session.execute(update(Push).where(Push.id == pushes[-1]).values(urgent=True))
    assert release_parked(TEN) == 1
    send_all(pushes[-1:], way, TEN)
    assert (way.calls, circuit().opened_at) == (1, None)


def test_a_resident_hears_by_night_of_what_is_urgent_and_of_nothing_else(world):
    report, resident = filed(world), reporter(world)
    told = {"report_id": report.id, "purpose": "accept", "now": MIDNIGHT}
    ways = {"mp_template": MemoryChannel("mp_template")}
    for urgent, state in ((True, "sent"), (False, "pending")):
        tell_resident(COUNTY, resident, occasion=f"urgent:{urgent}", urgent=urgent, **told)
        row = db.session.scalars(select(Push).where(Push.occasion == f"urgent:{urgent}")).one()
        assert deliver(row, ways, MIDNIGHT).state == state


def test_a_channel_that_fails_by_night_parks_the_urgent_alone(world, pushes):
    db.session.execute(update(Push).where(Push.id.in_(pushes[:10])).values(urgent=True))
    db.session.execute(due(TEN))
    send_all(pushes, Away(Refused("40001", RefusalKind.PAUSE)), TEN)
    assert db.session.scalar(select(ChannelPause.opened_at)) == TEN
    assert release_parked(TEN + timedelta(minutes=10)) == 1
    parked = rows(pushes, Push.parked_on, Push.state)
    assert {one.state for one in parked} == {"pending"}
    assert sum(one.parked_on == LINE for one in parked) == len(pushes) - 1


def test_a_lost_job_is_found_again_in_the_morning(world, push):
    db.session.execute(due(TEN))
    deliver(push, channels(), TEN)
    db.session.execute(text("DELETE FROM procrastinate_jobs"))
    db.session.execute(update(Push).where(Push.id != push.id).values(state="cancelled"))
    assert wake_due_pushes(MORNING - SECOND) == 0
    assert wake_due_pushes(MORNING) == 1


@pytest.mark.parametrize(("time_class", "at"), [("urgent", MIDNIGHT), ("ordinary", MORNING)])
def test_a_reporter_is_told_of_what_is_urgent_at_any_hour(world, time_class, at):
    resident = reporter(world)
    kind = kind_like(COUNTY, time_class=time_class, safety=time_class == "urgent")
    done = file_report(
        world.place("ys.hill"),
        Filing(kind=kind, text="有问题"),
        key="r" * 32,
        by=Actor(resident_id=resident),
        now=world.now,
    )
    report = report_by_no(done.no)
    by = world.actor(MANAGER)
    act_on(report, Act.ACCEPT, Deed(version=report.version), by=by, now=MIDNIGHT)
    told = db.session.scalars(select(Push).where(Push.resident_id == resident)).one()
    assert (told.urgent, told.next_at) == (time_class == "urgent", at)
