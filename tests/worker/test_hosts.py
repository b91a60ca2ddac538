"""Machines whose clocks are five minutes apart: leases hold, nothing is told early, and somebody hears of it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from server.core import clock
from server.core.db import db
from server.core.hosts import agreed, ahead
from server.escalation.models import FeedEntry
from server.notices import jobs
from server.notices.channels import MemoryChannel
from server.notices.models import Push
from server.notices.rules import LEASE
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.models import Report
from server.reports.workflow import Act
from server.seeing import alarms
from server.worker import run
from server.worker.duties import DUTIES
from server.worker.tasks import _runner
from tests.escalation.cases import filed

SECOND = timedelta(seconds=1)
FIVE_MINUTES = timedelta(minutes=5)
SWEEP = next(duty for duty in DUTIES if duty.name == "sweep")


@pytest.fixture
def host(monkeypatch):
    """This machine's clock, to be set."""
    real = clock.host

    def turn(gap: timedelta):
        monkeypatch.setattr(clock, "host", lambda: real() + gap)

    return turn


@pytest.fixture
def worker(committed):
    """A worker of this process, with a channel that keeps what it sends."""
    channel, plugged = MemoryChannel("wecom_app"), list(jobs._plugged)
    committed.extensions["channels"] = {"wecom_app": channel}
    run.plug(committed)
    yield channel
    jobs._plugged[:] = plugged


def one_push(town):
    """A push that is due, and its number; every other one is done."""
    filed(town, now=clock.now(), time_class="urgent", safety=True)
    number = db.session.scalars(select(Push.id).where(Push.state == "pending").order_by(Push.id)).first()
    db.session.execute(update(Push).where(Push.id != number).values(state="cancelled"))
    db.session.commit()
    return number


@pytest.mark.parametrize("gap", [timedelta(0), timedelta(seconds=1), -FIVE_MINUTES, FIVE_MINUTES])
def test_machines_agree_on_the_databases_clock_where_one_is_plainly_wrong(app, host, gap):
    host(gap)
    right = datetime.fromisoformat(str(db.session.scalar(select(db.func.clock_timestamp()))))
    assert abs(ahead() - gap) < SECOND
    assert abs(agreed() - right) < 2 * SECOND


@pytest.mark.parametrize("gap", [-FIVE_MINUTES, FIVE_MINUTES])
def test_a_workers_wrong_clock_breaks_no_lease_and_delays_no_push(town, worker, host, gap):
    number = one_push(town)
    host(gap)
    deliver, _ = jobs._plugged[0]
    lease = update(Push).where(Push.id == number).values(attempts=1, next_at=clock.now() - gap + LEASE)
    db.session.execute(lease)
    db.session.commit()
    deliver(number)
    assert worker.sent == [], "another worker has it in hand"
    db.session.execute(update(Push).where(Push.id == number).values(next_at=clock.now() - gap - SECOND))
    db.session.commit()
    deliver(number)
    deliver(number)
    assert len(worker.sent) == 1


def test_a_workers_wrong_clock_tells_nothing_early_so_that_an_act_in_time_is_in_time(committed, town, host):
    report = filed(town, now=clock.now())
    in_time = clock.now() + timedelta(minutes=1)
    due = {"accept_due_at": in_time, "due_at": in_time, "sweep_at": in_time}
    db.session.execute(update(Report).values(due))
    db.session.commit()
    host(FIVE_MINUTES)
    _runner(committed, SWEEP)(0)
    host(timedelta(0))
    db.session.rollback()
    assert db.session.scalars(select(FeedEntry).where(FeedEntry.report_id == report.id)).all() == []
    act_on(report, Act.ACCEPT, Deed(report.version), by=town.actor("ys.hill.manager"), now=clock.now())
    assert report.state == "accepted"


@pytest.mark.parametrize(("gap", "wrong"), [(29 * SECOND, False), (31 * SECOND, True), (-FIVE_MINUTES, True)])
def test_a_machine_whose_clock_is_wrong_is_named(world, host, gap, wrong):
    host(gap)
    found = [key for key in alarms.look(now=world.now) if key.startswith("clock:")]
    assert bool(found) is wrong
