from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from server.core.db import db
from server.core.holidays import national_holidays
from server.escalation.alarms import close_mended, notice_dead_pushes, watch_holidays
from server.escalation.channels import watch_channels
from server.escalation.feed import close_entry
from server.notices import ledger
from server.notices.dispatch import deliver_push
from server.notices.trial import send_trial
from tests.escalation.cases import feed, filed
from tests.notices.desk import BAD, bind, channels, push_to

MANAGER = "ys.hill.manager"


def refuse(world, who, report=None):
    deliver_push(push_to(world, who, report).id, channels=channels(BAD), now=world.now)


def unbind(world, who):
    ended = text("UPDATE address SET ended_at = now() WHERE person_id = :id")
    db.session.execute(ended, {"id": world.people[who].id})


def undelivered(*, open_only=True):
    return [one for one in feed(reason="undelivered") if not (open_only and one.closed_at)]


def test_a_push_that_reached_nobody_stands_on_the_feed_with_post_and_code(world):
    report = filed(world)
    refuse(world, MANAGER)
    assert notice_dead_pushes(world.now) == 1
    (entry,) = undelivered()
    assert (entry.report_id, entry.person_id) == (report.id, world.people[MANAGER].id)
    assert "项目经理" in entry.detail
    assert "47003" in entry.detail
    assert MANAGER not in entry.detail
    assert notice_dead_pushes(world.now) == 0


def test_several_dead_pushes_to_one_person_about_one_report_are_one_entry(world):
    report = filed(world)
    refuse(world, MANAGER)
    copy = """INSERT INTO push (county_id, report_id, purpose, occasion, post_id, person_id, address_id, channel, urgent,
              state, next_at, created_at) SELECT county_id, report_id, 'remind', 'event:0', post_id, person_id,
              address_id, channel, urgent, 'dead', next_at, created_at FROM push WHERE state = 'dead'"""
    db.session.execute(text(copy))
    assert notice_dead_pushes(world.now) == 2
    assert [one.report_id for one in undelivered()] == [report.id]


def test_somebody_without_any_channel_is_one_alarm_until_he_has_one_and_again_when_it_is_gone(world):
    unbind(world, MANAGER)
    for key in "ab":
        filed(world, key=key * 32)
    notice_dead_pushes(world.now)
    (entry,) = undelivered()
    assert (entry.report_id, entry.person_id) == (None, world.people[MANAGER].id)
    assert close_mended(world.now) == 0
    bind(world, MANAGER, "mp_template")
    assert close_mended(world.now) == 1
    assert undelivered() == []
    unbind(world, MANAGER)
    filed(world, key="c" * 32)
    notice_dead_pushes(world.now)
    assert len(undelivered(open_only=False)) == len(undelivered()) == 1


def test_what_the_bureau_has_closed_by_hand_does_not_come_back(world):
    unbind(world, MANAGER)
    filed(world)
    notice_dead_pushes(world.now)
    close_entry(undelivered()[0].id, by=world.actor("ys.bureau"), note="已电话通知", now=world.now)
    filed(world, key="c" * 32)
    notice_dead_pushes(world.now)
    assert undelivered() == []


def test_a_push_that_gets_through_after_all_settles_its_alarm(world):
    filed(world)
    refuse(world, MANAGER)
    notice_dead_pushes(world.now)
    ledger.retry_dead(now=world.now)
    deliver_push(push_to(world, MANAGER).id, channels=channels(), now=world.now)
    assert close_mended(world.now) == 1
    assert undelivered() == []


def test_a_trial_push_that_fails_alarms_nobody(world):
    send_trial("371323", world.people[MANAGER].id, now=world.now)
    db.session.execute(text("UPDATE push SET state = 'dead'"))
    assert notice_dead_pushes(world.now) == 1
    assert undelivered() == []


def test_a_residents_push_is_no_alarm(world):
    filed(world)
    db.session.execute(text("UPDATE push SET state = 'dead', resident_id = 1"))
    assert notice_dead_pushes(world.now) == 0


def test_a_post_that_is_held_again_settles_its_vacancy(world):
    db.session.execute(
        text("UPDATE holding SET ended_at = now() WHERE person_id = :id"), {"id": world.people[MANAGER].id}
    )
    filed(world)
    assert close_mended(world.now) == 0
    db.session.execute(text("UPDATE holding SET ended_at = NULL"))
    assert close_mended(world.now) == 1


LAST = max(national_holidays().published)
"""The last year whose holidays are known."""


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (datetime(LAST, 11, 18, 2, tzinfo=UTC), []),
        (datetime(LAST, 12, 1, 15, tzinfo=UTC), []),
        (datetime(LAST, 12, 2, 0, tzinfo=UTC), [LAST + 1]),
        (datetime(LAST + 1, 12, 20, 0, tzinfo=UTC), [LAST + 1, LAST + 2]),
    ],
)
def test_a_month_before_a_year_whose_holidays_nobody_knows_every_county_is_told_once(world, today, years):
    for minutes in range(3):
        watch_holidays(today + timedelta(minutes=minutes))
    for county in ("371323", "370406"):
        assert [one.occasion for one in feed(reason="holidays", county=county)] == [
            f"holidays:{year}" for year in years
        ]


def test_the_alarm_about_holidays_goes_when_they_are_known(world):
    watch_holidays(datetime(LAST, 12, 20, tzinfo=UTC))
    watch_holidays(datetime(LAST, 11, 1, tzinfo=UTC))
    (entry,) = feed(reason="holidays")
    assert entry.closed_at is not None


@pytest.mark.parametrize(
    ("line", "rests_minutes", "since_minutes", "counties"),
    [
        ("mp_template", 1, 0, set()),
        ("mp_template", 1, 10, {"371323", "370406"}),
        ("mp_template", 600, 0, {"371323", "370406"}),
        ("wecom_robot:{address}", 1, 10, {"371323"}),
        ("content_check", 600, 0, set()),
    ],
)
def test_a_channel_that_rests_for_long_is_told_to_those_it_concerns_until_it_works(
    world, line, rests_minutes, since_minutes, counties
):
    address = db.session.scalar(text("SELECT id FROM address WHERE county_id = '371323' LIMIT 1"))
    until, since = timedelta(minutes=rests_minutes), timedelta(minutes=since_minutes)
    row = {"until": world.now + until, "since": world.now - since, "line": line.format(address=address)}
    insert = (
        "INSERT INTO channel_pause (channel, until_at, code, opened_at) VALUES (:line, :until, '-1', :since)"
    )
    db.session.execute(text(insert), row)
    for _ in range(2):
        watch_channels(world.now)
    told = {one for one in ("371323", "370406") if feed(reason="channel_down", county=one)}
    assert told == counties
    db.session.execute(text("DELETE FROM channel_pause"))
    watch_channels(world.now)
    assert all(one.closed_at for county in told for one in feed(reason="channel_down", county=county))
