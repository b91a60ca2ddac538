from datetime import timedelta

import pytest
from sqlalchemy import select, update

from server.confidential.compartments import APART
from server.core.clock import ZONE
from server.core.db import db
from server.core.doubles import FREE, double_of, original_of
from server.estates.models import Estate, ScanCode
from server.notices.channels import MemoryChannel
from server.notices.dispatch import deliver_push
from server.notices.models import Push
from server.policy.loader import books
from server.reports.countable import countable_reports
from server.reports.models import Report
from server.reports.scopes import visible_reports
from server.upkeep.checker import check
from server.upkeep.drilling import drill, last_drill
from server.upkeep.missed import watch_drills
from server.upkeep.stage import CHANNEL, DrillChannel, drop_stage, set_stage, stages
from tests.escalation.cases import feed

COUNTY = "371323"
STEP = timedelta(seconds=1)


def deliver(now, channel=None):
    """What a worker would send by now."""
    for push_id in db.session.scalars(select(Push.id).where(Push.state == "pending")).all():
        deliver_push(push_id, channels={CHANNEL: channel or DrillChannel()}, now=now)


def go(now, *, steps=10, channel=None):
    """The worker's rounds, a second each."""
    for _ in range(steps):
        drill(now)
        db.session.commit()
        deliver(now, channel)
        now += STEP
    return now


@pytest.fixture
def staged(world):
    set_stage(COUNTY, now=world.now)
    db.session.commit()


def test_a_report_goes_the_whole_way_in_every_county_once_a_day(world):
    for county in (*books(), COUNTY):
        set_stage(county, now=world.now)
    reports = select(Report).order_by(Report.id)
    later = go(world.now + timedelta(minutes=2))
    for county in books():
        times = last_drill(county)
        assert times.whole
        assert list(times.took_ms) == ["commit", "inbox", "push", "accept", "resolve", "confirm", "done"]
        assert all(0 <= span <= 10_000 for span in times.took_ms.values())
    closed = {(report.state, report.county_id) for report in db.session.scalars(reports)}
    assert closed == {("closed", double_of(county)) for county in books()}
    go(later, steps=2)
    assert len(db.session.scalars(reports).all()) == len(books())
    go(world.now + timedelta(days=1), steps=2)
    assert len(db.session.scalars(reports).all()) == 2 * len(books())
    assert check(whole=True, now=world.now + timedelta(days=1, minutes=2)).found == {}


def test_nobody_finds_a_drill_in_a_list_a_count_an_export_or_on_a_page(world, staged, client):
    go(world.now + timedelta(minutes=2))
    report = db.session.scalars(select(Report)).one()
    bureau = world.actor("ys.bureau")
    assert not db.session.scalars(select(Report).where(visible_reports(bureau))).all()
    day = timedelta(days=1)
    assert countable_reports(COUNTY, since=world.now - day, until=world.now + day) == []
    assert not feed()
    code = db.session.scalars(select(ScanCode.code).join(Estate).where(Estate.name == "演练小区")).one()
    for page in (f"/r/{report.no}", f"/e/{code}", f"/e/{code}/reports"):
        assert client.get(page).status_code == 404
    world.login(client, "ys.bureau")
    for page in ("/b/", "/b/estates", "/b/people", f"/b/{report.no}"):
        answer = client.get(page)
        assert report.no not in answer.get_data(as_text=True) or answer.status_code == 404
        assert not any(name in answer.get_data(as_text=True) for name in ("演练小区", "演练街道", "演练物业"))


def test_a_drill_that_stands_still_is_told_on_the_countys_feed_until_one_is_whole(world, staged):
    class Deaf(MemoryChannel):
        def send(self, address, message):
            raise RuntimeError

    go(world.now + timedelta(minutes=2), channel=Deaf())
    watch_drills(world.now + timedelta(minutes=20))
    assert not feed(reason="drill_late")
    late = world.now + timedelta(minutes=40)
    for _ in range(2):
        watch_drills(late)
    (entry,) = feed(reason="drill_late")
    assert "推送没有送出" in entry.detail
    db.session.execute(update(Push).values(next_at=late))
    watch_drills(go(late))
    assert feed(reason="drill_late")[0].closed_at


def test_a_drill_that_nobody_began_is_told_too(world, staged):
    nine = world.now.astimezone(ZONE).replace(hour=9, minute=0)
    assert drill(nine - timedelta(minutes=1)) == 0
    assert watch_drills(nine + timedelta(minutes=29)) == 0
    assert watch_drills(nine + timedelta(minutes=31)) == 1
    assert "没有开始" in feed(reason="drill_late")[0].detail
    drop_stage(COUNTY, now=world.now)
    assert (stages(), watch_drills(nine + timedelta(hours=2)), drill(nine + timedelta(hours=2))) == ({}, 0, 0)


def test_a_double_is_nobodys_county_and_leads_back_to_one_only():
    assert not set(FREE) & set(APART)
    for county in books():
        double = double_of(county)
        assert double not in books()
        assert original_of(double) == county
        assert original_of(county) is None
        assert books()[double].kinds == books()[county].kinds


def test_the_commands_set_up_begin_show_and_stop(world, app):
    runner = app.test_cli_runner()
    said = [
        runner.invoke(args=["drill", *args.split()]).output
        for args in (
            "show",
            f"make --county {COUNTY} --wecom duty",
            f"run --county {COUNTY}",
            "show",
            f"stop --county {COUNTY}",
        )
    ]
    assert [words in one for words, one in zip(
        ("没有开启", "已开启", "已开始", "没有走完", "已关闭"), said, strict=True
    )] == [True] * 5  # fmt: skip
