"""Called bodies that stay silent: on the feed, told, counted in the month; an answer ends it (A7)."""

from datetime import timedelta

import pytest

from server.accounts.roles import Role
from server.core import clock
from server.core.db import db
from server.escalation.counts import estate_counts, month_bounds
from server.escalation.silence import sweep_parts
from server.escalation.whistles import body_counts
from server.reports.workflow import Act
from tests.escalation.cases import do, feed, filed, told
from tests.escalation.test_sweep import at, levels
from tests.world import hire


@pytest.fixture
def report(world):
    """Whistled by the community to the fire brigade, the police beside it; at ten on Wednesday 18 November."""
    for who in ("ys.fire", "ys.police"):
        hire(world, who, world.bodies[who], Role.DEPARTMENT)
    report = filed(world)
    fire, police = world.bodies["ys.fire"].id, world.bodies["ys.police"].id
    do(world, report, Act.WHISTLE, "ys.community", body_id=fire, joint=(police,))
    return report


def run_until(end, *, start):
    """Sweep like the worker does."""
    now = start
    while now <= end:
        with clock.stopped(now):
            while sweep_parts(now):
                db.session.commit()
        now += timedelta(minutes=30)


def test_whoever_does_not_report_in_stands_on_the_feed_and_the_whistler_is_told(world, report):
    do(world, report, Act.REPORT_IN, "ys.fire", now=at(18, 11))
    run_until(at(19, 18), start=at(18, 15))
    assert levels(report, "not_reported_in") == [("township", "18 16:00"), ("bureau", "19 11:00")]
    assert all(world.bodies["ys.police"].name in one.detail for one in feed(report, reason="not_reported_in"))
    first = {world.people[who].id for who in ("ys.town", "ys.community", "ys.police")}
    assert set(told(report, "not_reported_in")) == first | {world.people["ys.bureau"].id}
    do(world, report, Act.REPORT_IN, "ys.police", now=at(20, 9))
    assert all(one.closed_at for one in feed(report, reason="not_reported_in"))


def test_a_part_that_is_late_is_told_once_a_level_and_settled_by_its_answer(world, report):
    for who in ("ys.fire", "ys.police"):
        do(world, report, Act.REPORT_IN, who, now=at(18, 11))
    run_until(at(25, 12), start=at(25, 9))
    assert len(feed(report, reason="part_late")) == 2
    run_until(at(25, 13), start=at(25, 9))
    assert len(feed(report, reason="part_late")) == 2
    do(world, report, Act.REPLY, "ys.police", part=True, basis="出警记录", now=at(25, 14))
    assert [one.closed_at is None for one in feed(report, reason="part_late")].count(True) == 1
    do(world, report, Act.RESOLVE, "ys.fire", basis="已拆除并恢复原状", now=at(25, 15))
    assert all(one.closed_at for one in feed(report, reason="part_late"))


def test_silence_counts_in_the_month_and_what_was_refused_is_counted_apart(world, report):
    do(world, report, Act.REPORT_IN, "ys.fire", now=at(18, 15))
    refused = filed(world, key="r" * 32)
    do(world, refused, Act.REJECT, "ys.bureau")
    since, until = month_bounds(2026, 11)
    estates = [world.estates["ys.hill"].id]
    counted = body_counts("371323", estates, since=since, until=until, now=at(19, 9))
    rows = {one.body: (one.called, one.in_time, one.silent, one.answered) for one in counted}
    assert rows == {world.bodies["ys.police"].name: (1, 0, 1, 0), world.bodies["ys.fire"].name: (1, 1, 0, 0)}
    hill = next(
        one
        for one in estate_counts("371323", since=since, until=until, now=at(19, 9))
        if one.estate_id == estates[0]
    )
    assert (hill.total, hill.open, hill.rejected) == (1, 1, 1)
