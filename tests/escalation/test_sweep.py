from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from server.core import clock
from server.core.db import db
from server.escalation.service import sweep
from server.notices.models import Inbox
from server.reports.models import Event
from server.reports.workflow import Act
from tests.escalation.cases import do, feed, filed, told

MANAGER = "ys.hill.manager"


def at(day, hour, minute=0):
    """An hour on the wall clock of Shanghai in November 2026; the 18th is a Wednesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.ZONE).astimezone(UTC)


def run_until(end, *, start, step=timedelta(minutes=10)):
    """Sweep like the worker does, the clock standing still at every look."""
    now = start
    while now <= end:
        with clock.stopped(now):
            while sweep(clock.now()):
                db.session.commit()
        now += step


def levels(report, reason=None):
    """Which level was told when, on the wall clock."""
    return [
        (one.level, f"{clock.local(one.opened_at):%d %H:%M}")
        for one in feed(report)
        if reason is None or one.reason == reason
    ]


def test_an_ordinary_report_climbs_by_working_hours_over_lunch_and_night(world):
    report = filed(world)
    run_until(at(20, 12), start=report.accept_due_at - timedelta(hours=1))
    assert clock.local(report.accept_due_at).strftime("%d %H:%M") == "18 16:00"
    assert levels(report, "not_accepted") == [
        ("community", "18 16:00"),
        ("township", "19 11:00"),
        ("bureau", "20 11:00"),
    ]
    assert told(report) == [world.people[who].id for who in ("ys.community", "ys.town", "ys.bureau")]


def test_over_a_weekend_nobody_is_told_before_monday(world):
    friday = at(20, 15)
    report = filed(world, now=friday)
    run_until(at(25, 18), start=friday, step=timedelta(minutes=30))
    assert levels(report, "not_accepted") == [
        ("community", "23 10:00"),
        ("township", "23 16:00"),
        ("bureau", "24 16:00"),
    ]


def test_an_urgent_report_goes_to_community_and_bureau_at_once_even_at_night(world):
    night = at(18, 23)
    report = filed(world, now=night, time_class="urgent", safety=True)
    run_until(at(18, 23, 40), start=night)
    assert levels(report, "not_accepted") == [("community", "18 23:30"), ("bureau", "18 23:30")]
    waits = db.session.scalars(
        text("SELECT next_at FROM push WHERE purpose = 'overdue' AND report_id = :id").bindparams(
            id=report.id
        )
    ).all()
    assert waits == [at(18, 23, 30)] * 2


def test_an_answer_overdue_climbs_too_and_the_words_say_how_late(world):
    report = filed(world)
    do(world, report, Act.ACCEPT, MANAGER)
    run_until(at(30, 18), start=at(25, 9), step=timedelta(hours=1))
    assert levels(report, "not_resolved") == [
        ("community", "25 10:00"),
        ("township", "26 10:00"),
        ("bureau", "27 10:00"),
    ]
    assert feed(report)[1].detail == "超时 1 天未办结，已通知镇街"
    assert report.sweep_at is None


def test_three_hours_stopped_and_then_twice_each_level_is_told_once(world):
    report = filed(world, time_class="urgent", safety=True)
    for _ in range(2):
        sweep(world.now + timedelta(hours=3))
        db.session.execute(text("UPDATE report SET sweep_at = :at"), {"at": world.now})
    late = [one for one in feed(report) if one.reason.startswith("not_")]
    assert [(one.reason, one.level) for one in late] == [
        ("not_accepted", "community"),
        ("not_accepted", "bureau"),
        ("not_resolved", "community"),
    ]
    assert len(told(report)) == 3
    assert late[0].detail == "超时 2 小时 30 分钟未受理，已通知社区"


def test_what_was_accepted_in_time_is_no_overrun_and_what_was_late_closes_by_itself(world):
    report = filed(world)
    sweep(report.accept_due_at)
    later = report.accept_due_at + timedelta(minutes=5)
    do(world, report, Act.ACCEPT, MANAGER, now=later)
    assert [one.closed_at for one in feed(report)] == [later]
    sweep(at(20, 12))
    assert len(feed(report)) == 1


def test_where_the_community_handles_its_desk_keeps_the_report_as_its_own(world):
    report = filed(world, "ys.bare")
    sweep(report.accept_due_at)
    part = db.session.scalar(
        db.select(Inbox.part).where(Inbox.report_id == report.id, Inbox.body_id == report.community_id)
    )
    assert part == "handle"


def test_a_level_without_anybody_is_told_one_up_and_named(world):
    report = filed(world)
    db.session.execute(
        text("UPDATE holding SET ended_at = now() WHERE person_id = :id"),
        {"id": world.people["ys.community"].id},
    )
    sweep(report.accept_due_at)
    assert told(report) == [world.people["ys.town"].id]
    assert [one.reason for one in feed(report)] == ["not_accepted", "vacant"]
    assert "测试社区" in feed(report)[1].detail


def test_silence_after_a_resolution_closes_it_as_unconfirmed(world):
    report = filed(world)
    do(world, report, Act.RESOLVE, MANAGER)
    assert sweep(world.now + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert sweep(world.now + timedelta(days=7)) == 1
    db.session.refresh(report)
    assert (report.state, report.closed_as, report.sweep_at) == ("closed", "unconfirmed", None)
    last = db.session.scalars(db.select(Event).order_by(Event.id.desc())).first()
    assert (last.act, last.by_kind) == ("close", "system")
    assert sweep(world.now + timedelta(days=30)) == 0


def test_a_reopened_report_climbs_by_its_second_clock(world):
    report = filed(world)
    do(world, report, Act.RESOLVE, MANAGER)
    do(world, report, Act.REOPEN, text="还在漏")
    run_until(at(24, 9), start=at(21, 9), step=timedelta(hours=1))
    assert [one.level for one in feed(report) if one.reason == "not_resolved"] == ["community", "township"]


@pytest.mark.parametrize("batch", [1, 2])
def test_a_report_that_cannot_be_judged_does_not_stand_in_the_way(world, batch):
    broken, sound = filed(world), filed(world, "ys.lake", key="l" * 32)
    db.session.execute(
        text(
            "UPDATE report SET time_class = 'gone', sweep_at = sweep_at - interval '1 minute' WHERE id = :id"
        ),
        {"id": broken.id},
    )
    db.session.expire_all()
    late = sound.accept_due_at
    for _ in range(2):
        sweep(late, most=batch)
    assert [one.level for one in feed(sound)] == ["community"]
    assert broken.sweep_at > late
