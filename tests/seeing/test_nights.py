"""What the night holds back is no trouble: neither figures, nor alarms, nor the bench's count take it for one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bench.faults.findings import outstanding
from server.core import clock, wire
from server.core.db import db
from server.notices.models import Push
from server.seeing import queries
from server.seeing.facts import gather
from server.settings import Settings
from server.worker.measured import begin_push
from tests.seeing.test_alarms import waiting_push

COUNTY = "371323"
SEVEN_THIRTY = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
NIGHT, MORNING = SEVEN_THIRTY - timedelta(hours=5), SEVEN_THIRTY + timedelta(seconds=30)
MINUTE = timedelta(minutes=1)


def tried_once(*, written, urgent=False, next_at=SEVEN_THIRTY):
    """A push written so long before the morning that was refused once."""
    row = waiting_push(COUNTY, now=SEVEN_THIRTY, waits=written)
    values = {"urgent": urgent, "attempts": 1, "last_code": "-1", "next_at": next_at}
    db.session.execute(update(Push).where(Push.id == row.id).values(values))
    db.session.commit()
    return row.id


@pytest.mark.parametrize(
    ("written", "urgent", "now", "seconds"),
    [
        (timedelta(hours=9), False, MORNING, 30),
        (timedelta(hours=10, minutes=5), False, MORNING, 330),
        (timedelta(hours=10, minutes=15), False, MORNING, 930),
        (timedelta(hours=9), True, MORNING, 9 * 3600 + 30),
        (timedelta(hours=9), True, NIGHT, 4 * 3600),
    ],
)
def test_a_push_that_was_refused_waits_only_while_it_may_go(world, written, urgent, now, seconds):
    push_id = tried_once(written=written, urgent=urgent)
    assert [one.oldest for one in queries.waiting(now)] == [seconds]
    assert gather(Settings(), now=now).stuck(10 * MINUTE) == (seconds >= 600)
    assert begin_push(push_id).waited_s(now) == seconds


def test_what_the_night_holds_back_does_not_wait(world):
    tried_once(written=timedelta(hours=11))
    assert queries.waiting(NIGHT) == []
    assert not gather(Settings(), now=NIGHT).stuck(MINUTE)


def test_several_counties_are_one_line_of_a_channel(world):
    tried_once(written=timedelta(hours=9))
    waiting_push("370406", now=MORNING, waits=2 * MINUTE)
    waiting_push("370406", now=MORNING, waits=MINUTE)
    (line,) = queries.waiting(MORNING)
    assert (line.count, line.oldest) == (3, 120)


@pytest.mark.parametrize(
    ("urgent", "now", "count"), [(False, NIGHT, 0), (True, NIGHT, 1), (False, MORNING, 1)]
)
def test_what_is_parked_is_outstanding_unless_the_night_holds_it(world, urgent, now, count):
    values = {"attempts": 0, "last_code": None, "parked_on": "mp_template"}
    later = MORNING + timedelta(hours=1)
    push_id = tried_once(written=timedelta(hours=9), urgent=urgent, next_at=later)
    db.session.execute(update(Push).where(Push.id == push_id).values(values))
    db.session.commit()
    with clock.stopped(now):
        assert outstanding(wire.link()) == count
