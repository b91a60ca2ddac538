from datetime import timedelta

import pytest
from croniter import croniter
from sqlalchemy import func, select

from server.accounts.models import LoginFailure
from server.core.checks import Check
from server.core.db import NATIONAL, db
from server.core.jobs import HEARTBEAT_SECONDS, STALLED_SECONDS
from server.escalation.models import Beat
from server.notices.rules import LEASE
from server.seeing.alarms import open_alarms
from server.seeing.signs import beat
from server.worker.duties import DUTIES, Duty, forget_failures, periods, run_duty
from server.worker.tasks import STALLED_CRON, build

BACK_WITHIN_SECONDS = 35


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.name)
def test_every_duty_can_be_done_when_there_is_nothing_to_do(world, duty):
    run_duty(duty, now=world.now)
    assert db.session.scalar(select(Beat.at).where(Beat.name == duty.name)) == world.now


def test_a_duty_goes_on_until_nothing_is_left(world):
    left = [3, 2, 0, 9]
    run_duty(Duty("counting", "* * * * *", lambda _: left.pop(0), until_done=True), now=world.now)
    assert left == [9]


def test_a_duty_leaves_one_sign_of_life_however_often_it_runs(world):
    for hours in range(3):
        run_duty(Duty("often", "* * * * *", lambda _: 0), now=world.now + timedelta(hours=hours))
    assert db.session.scalars(select(Beat.at).where(Beat.name == "often")).all() == [
        world.now + timedelta(hours=2)
    ]


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.name)
def test_how_often_a_duty_is_due_is_what_its_times_say(world, duty):
    ticks = croniter(duty.cron, world.now)
    first, second = ticks.get_next(float), ticks.get_next(float)
    assert periods()[duty.name].total_seconds() == second - first


class Broken(RuntimeError):
    """What a duty meets each time."""


def minutes_of_work(world, *, minutes, failing, starting=0):
    """Workers for so many minutes, of whose duties one fails each time; the alarms that are open in the end."""
    for step in range(starting * 2, (starting + minutes) * 2):
        now = world.now + step * timedelta(seconds=30)
        for duty in DUTIES:
            work = duty.work if duty.name == "watch" else lambda _: 0
            if duty.name == failing:
                continue
            if periods()[duty.name] <= timedelta(minutes=2) or step % 10 == 0:
                run_duty(Duty(duty.name, duty.cron, work), now=now)
        beat("photos_kept", now=now)
    return {one.key for one in open_alarms()}


def test_a_duty_that_fails_each_time_has_its_alarm_and_no_other(world):
    assert minutes_of_work(world, minutes=9, failing="dead_pushes") == set()
    assert minutes_of_work(world, minutes=5, starting=9, failing="dead_pushes") == {"duty:dead_pushes"}


def test_a_night_without_workers_is_no_failing_duty(world):
    assert minutes_of_work(world, minutes=2, failing="") == set()
    assert minutes_of_work(world, minutes=4, starting=600, failing="forget_sessions") == set()


def test_a_store_of_photos_that_is_away_has_its_alarm_after_some_minutes(world, app, monkeypatch):
    answers = ["ok"]
    monkeypatch.setitem(app.extensions["ready"], "photos", Check(lambda: answers[0], keep_seconds=0))
    proof = next(duty for duty in DUTIES if duty.name == "photos")
    watching = next(duty for duty in DUTIES if duty.name == "watch")
    seen = []
    for minute in range(8):
        now = world.now + timedelta(minutes=minute)
        for name in ("sweep", "wake_pushes"):
            beat(name, now=now)
        run_duty(proof, now=now)
        run_duty(watching, now=now)
        seen.append("photos" in {one.key for one in open_alarms()})
        answers[0] = "fails"
    assert seen == [False] * 6 + [True] * 2


def test_wrong_passwords_are_forgotten_after_a_day(world):
    for hours in (1, 23, 25, 300):
        db.session.add(
            LoginFailure(county_id=NATIONAL, username_index="x", at=world.now - timedelta(hours=hours))
        )
    assert forget_failures(world.now) == 2
    assert db.session.scalar(select(func.count()).select_from(LoginFailure)) == 2


def test_a_killed_workers_jobs_and_pushes_are_back_within_the_promised_time(world):
    ticks = croniter(STALLED_CRON, world.now)
    apart = ticks.get_next(float), ticks.get_next(float)
    assert HEARTBEAT_SECONDS < STALLED_SECONDS
    assert STALLED_SECONDS + apart[1] - apart[0] <= BACK_WITHIN_SECONDS
    assert LEASE.total_seconds() + apart[1] - apart[0] <= BACK_WITHIN_SECONDS


def test_the_worker_knows_every_task_that_the_house_defers(app):
    tasks = build(app, "postgresql://localhost/nothing").tasks
    assert {"push", "rescue_jobs", "purge_jobs", *(duty.name for duty in DUTIES)} <= set(tasks)
