"""Workers as processes of their own, on a database that keeps what is committed."""

import signal
from datetime import timedelta

from sqlalchemy import select, text

from server.core import clock
from server.core.db import db
from server.escalation.models import Beat, FeedEntry
from server.notices.models import Push
from server.reports.models import Report
from tests.escalation.cases import filed
from tests.worker.conftest import eventually

URGENT = {"time_class": "urgent", "safety": True}
"""Pushed at once, at any hour at which the tests may run."""


def states():
    return set(db.session.scalars(select(Push.state)))


def test_a_report_that_is_filed_is_pushed_to_everybody_it_concerns(town, stage):
    stage.worker()
    filed(town, now=clock.now(), **URGENT)
    eventually(lambda: states() <= {"sent", "dead"})
    assert {"ys.hill.manager", "ys.bureau", "ys.town"} <= set(stage.sent())
    assert len(stage.sent()) == len(set(stage.sent()))


def test_what_a_killed_worker_held_is_sent_by_the_next_one(town, stage):
    (stage.folder / "hang").touch()
    first = stage.worker()
    filed(town, now=clock.now(), **URGENT)
    eventually((stage.folder / "hanging").exists)
    stage.kill(first)
    assert stage.sent() == []
    (stage.folder / "hang").unlink()
    stage.worker()
    eventually(lambda: states() <= {"sent", "dead"})
    assert {"ys.hill.manager", "ys.bureau", "ys.town"} <= set(stage.sent())
    eventually(
        lambda: not db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"))
    )


def test_a_worker_that_is_told_to_stop_finishes_what_it_holds(town, stage):
    (stage.folder / "hang").touch()
    worker = stage.worker()
    filed(town, now=clock.now(), **URGENT)
    eventually((stage.folder / "hanging").exists)
    worker.send_signal(signal.SIGTERM)
    (stage.folder / "hang").unlink()
    assert worker.wait(timeout=60) == 0
    assert stage.sent()
    stage.worker()  # a job fetched at the very instant of the signal was not begun: it is the next one's
    eventually(lambda: states() <= {"sent", "dead"})
    assert set(db.session.scalars(select(Push.attempts).where(Push.state == "sent"))) == {1}


def test_the_clock_runs_out_to_the_bureau_while_nobody_but_the_workers_acts(town, stage):
    """A week has passed in which nothing was done; two workers find out, and tell every level once."""
    report = filed(town, now=clock.now() - timedelta(days=60))
    for _ in range(2):
        stage.worker()
    eventually(lambda: db.session.scalar(select(Report.sweep_at).where(Report.id == report.id)) is None)
    entries = db.session.scalars(
        select(FeedEntry).where(FeedEntry.report_id == report.id).order_by(FeedEntry.id)
    )
    told = [(one.reason, one.level) for one in entries]
    assert sorted(told) == sorted(
        (reason, level)
        for reason in ("not_accepted", "not_resolved")
        for level in ("community", "township", "bureau")
    )
    pushes = db.session.scalars(select(Push.occasion).where(Push.purpose == "overdue")).all()
    assert len(pushes) == len(told)


def test_every_duty_leaves_a_sign_of_life(town, stage):
    stage.worker()
    often = {"wake_pushes", "sweep", "dead_pushes"}
    eventually(lambda: often <= set(db.session.scalars(select(Beat.name))))


def test_a_worker_that_loses_the_database_begins_anew_when_it_is_back(town, stage):
    worker = stage.worker()
    eventually(lambda: db.session.scalar(text("SELECT count(*) FROM procrastinate_workers")))
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    db.session.execute(text(cut))
    filed(town, now=clock.now(), **URGENT)
    eventually(lambda: states() <= {"sent", "dead"})
    assert {"ys.hill.manager", "ys.bureau", "ys.town"} <= set(stage.sent())
    assert worker.poll() is None
