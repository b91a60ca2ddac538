from datetime import timedelta

import pytest
from croniter import croniter
from sqlalchemy import func, select

from server.accounts.models import LoginFailure
from server.core.db import NATIONAL, db
from server.core.jobs import HEARTBEAT_SECONDS, STALLED_SECONDS
from server.escalation.models import Beat
from server.notices.rules import LEASE
from server.worker.duties import DUTIES, Duty, forget_failures, run_duty
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
