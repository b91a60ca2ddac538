from datetime import timedelta

import pytest
from sqlalchemy import text

from server.core.db import db
from server.escalation.queries import feed_version
from server.reports.workflow import Act
from tests.escalation.cases import do, feed, filed
from tests.statements import recorded

MANAGER, LAKE = "ys.hill.manager", "ys.lake.manager"


def reasons(report, *, open_only=False):
    return [one.reason for one in feed(report) if not (open_only and one.closed_at)]


def test_an_ordinary_report_stands_not_on_the_feed_and_moves_no_version(world):
    assert feed(filed(world)) == []
    assert feed_version("371323") == 0


def test_a_dangerous_report_stands_on_the_feed_at_once_with_its_place(world):
    report = filed(world, time_class="urgent", safety=True)
    (entry,) = feed(report)
    assert (entry.reason, entry.level, entry.kind) == ("safety", "bureau", report.kind)
    assert (entry.estate_id, entry.community_id) == (report.estate_id, report.community_id)
    assert feed_version("371323") == 1
    assert feed_version("370406") == 0


def test_where_nobody_holds_the_post_the_feed_names_the_body(world):
    db.session.execute(
        text("UPDATE holding SET ended_at = now() WHERE person_id = :id"), {"id": world.people[MANAGER].id}
    )
    report = filed(world)
    (entry,) = feed(report)
    assert entry.reason == "vacant"
    assert "好邻居物业" in entry.detail


@pytest.mark.parametrize(("score", "found"), [(1, ["bad_rating"]), (2, ["bad_rating"]), (3, []), (5, [])])
def test_a_bad_rating_calls_the_bureau(world, score, found):
    report = filed(world)
    do(world, report, Act.RESOLVE, MANAGER)
    do(world, report, Act.RATE, score=score, reasons=("没有修好",))
    assert reasons(report) == found
    assert all("没有修好" in one.detail for one in feed(report))


def test_confirming_after_a_bad_rating_tells_it_no_second_time(world):
    report = filed(world)
    do(world, report, Act.RESOLVE, MANAGER)
    do(world, report, Act.RATE, score=1)
    do(world, report, Act.CONFIRM)
    assert reasons(report, open_only=True) == ["bad_rating"]


def test_a_reopening_is_told_and_one_too_many_goes_to_the_bureau(world):
    report, found = filed(world), []
    for handler in (MANAGER, MANAGER, MANAGER, "ys.bureau"):
        do(world, report, Act.RESOLVE, handler)
        do(world, report, Act.REOPEN, text="还在漏")
        found = [one.reason for one in feed(report) if one.closed_at is None]
        if report.reopen_count == 3:
            break
    assert found == ["reopened_often"]
    assert report.handler_id == world.bodies["ys.bureau"].id
    assert [one.reason for one in feed(report)] == ["reopened", "reopened", "reopened_often"]
    assert "还在漏" in feed(report)[0].detail


def test_the_third_hand_back_shows_every_partys_reason_side_by_side(world):
    report = filed(world)
    for who, why in (
        (MANAGER, "不在服务范围"),
        ("ys.community", "没有执法权"),
        ("ys.town", "请主管部门指定"),
    ):
        assert feed(report) == []
        do(world, report, Act.HAND_BACK, who, text=why)
    (entry,) = feed(report)
    assert entry.reason == "hand_backs"
    assert all(why in entry.detail for why in ("不在服务范围", "没有执法权", "请主管部门指定"))
    do(world, report, Act.TRANSFER, "ys.bureau", text="由社区办理", body_id=world.bodies["ys.community"].id)
    assert feed(report)[0].closed_at == world.now


def test_resolving_settles_the_entries_and_moves_the_version(world):
    report = filed(world, time_class="urgent", safety=True)
    do(world, report, Act.ACCEPT, MANAGER)
    before = feed_version("371323")
    assert reasons(report, open_only=True) == ["safety"]
    later = world.now + timedelta(hours=1)
    do(world, report, Act.RESOLVE, MANAGER, now=later)
    (entry,) = feed(report)
    assert (entry.closed_at, entry.closed_by) == (later, None)
    assert feed_version("371323") > before


def test_any_act_on_a_report_that_stands_on_the_feed_moves_the_version(world):
    report = filed(world, time_class="urgent", safety=True)
    before = feed_version("371323")
    do(world, report, Act.REPLY, MANAGER)
    assert feed_version("371323") > before


def test_listening_costs_an_act_one_statement(world):
    report = filed(world)
    with recorded() as sent:
        do(world, report, Act.ACCEPT, MANAGER)
    assert sum("feed_" in one for one in sent.texts) == 1


def test_listening_costs_a_plain_report_no_statement(world):
    with recorded() as sent:
        filed(world)
    assert not any("feed_" in one for one in sent.texts)
