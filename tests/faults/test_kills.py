"""A short, fixed form of `make faults`: six kills while a hundred and fifty reports come in."""

import random
from datetime import timedelta

from sqlalchemy import select

from bench.faults.findings import look
from bench.faults.kills import Killer, strike_all
from bench.faults.product import Crowd
from bench.faults.town import application
from server.core import clock
from server.core.db import db
from server.notices.channels import MemoryChannel
from server.notices.dispatch import deliver_push, wake_due_pushes
from server.notices.models import Push

KILLS = {"worker": 2, "web": 2, "database": 2}
SUBMITS, RATE, SEED = 150, 60, 4
LATER = timedelta(minutes=2)
"""Longer than any lease."""


def due():
    return db.session.scalars(select(Push.id).where(Push.state == "pending")).all()


def test_six_kills_lose_nothing_that_was_acknowledged_and_leave_nothing_stuck(product):
    killer = Killer(product, random.Random(SEED))
    crowd = Crowd(product, total=SUBMITS, rate=RATE, seed=SEED, connections=12)
    strike_all(killer, crowd, KILLS)
    found = look(product, crowd.summary())
    assert (found.acknowledged, found.lost, found.bare, found.twice, found.wrong) == (SUBMITS, 0, 0, 0, {})
    for unit in product.workers:
        unit.kept = False
        unit.kill()
    everything_goes_out(product)


def everything_goes_out(product):
    """What the killed workers held is due again once its lease is over, has a job again, and goes out."""
    app, ways = application(product.owner), {"wecom_app": MemoryChannel("wecom_app")}
    with app.app_context(), clock.stopped(clock.now() + LATER):
        db.session.execute(db.text("UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'doing'"))
        wake_due_pushes(clock.now())
        db.session.commit()
        for number in due():
            deliver_push(number, channels=ways, now=clock.now())
        assert not due()
        db.session.remove()
        db.engine.dispose()
