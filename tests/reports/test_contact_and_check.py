"""蒙城县: the community contacts the reporter, and checks the answer before he is asked (A8, second body)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.models import Body
from server.accounts.roles import Role
from server.core.db import db
from server.core.errors import Conflict, Invalid
from server.escalation.service import sweep
from server.reports.acting import acts_for
from server.reports.facts import running
from server.reports.queries import history
from server.reports.workflow import Act
from tests.escalation.cases import feed, told
from tests.reports.beside import add_county, do, filed
from tests.world import hire

MANAGER, COMMUNITY = "mc.hill.manager", "mc.community"
PHONE = {"phone": "13800000000", "contact_ok": True}
BY_PHONE = {"result": "reached", "way": "phone", "text": "约好今天下午上门"}


@pytest.fixture
def mc(world):
    add_county(world, "mc")
    return world


def test_the_community_rings_whoever_agreed_and_the_reporter_is_told(mc):
    report = filed(mc, "mc.hill", "repair.road", **PHONE)
    assert Act.CONTACT in acts_for(report, mc.actor(COMMUNITY), now=mc.now)
    assert Act.CONTACT not in acts_for(report, mc.actor(MANAGER), now=mc.now)
    do(mc, report, Act.CONTACT, COMMUNITY, result="not_reached", way="phone")
    assert report.contact_due_at is not None
    do(mc, report, Act.CONTACT, COMMUNITY, **BY_PHONE)
    assert report.contact_due_at is None
    assert Act.CONTACT not in acts_for(report, mc.actor(COMMUNITY), now=mc.now)
    data = history(report.id)[-1].data
    assert (data["result"], data["way"]) == ("reached", "phone")
    do(mc, report, Act.ACCEPT, MANAGER)
    assert report.state == "accepted"


@pytest.mark.parametrize(
    ("deed", "field"),
    [
        (BY_PHONE, "way"),
        ({"result": "reached", "way": "message"}, "text"),
        ({"result": "gone", "way": "phone"}, "result"),
    ],
)
def test_without_consent_the_contact_is_a_message_in_words(mc, deed, field):
    report = filed(mc, "mc.hill", "repair.road", phone="13800000000")
    with pytest.raises(Invalid) as refused:
        do(mc, report, Act.CONTACT, COMMUNITY, **deed)
    assert field in refused.value.fields
    do(mc, report, Act.CONTACT, COMMUNITY, result="not_reached", way="message", text="请问几号楼")
    assert report.contact_due_at is None


def test_a_missed_contact_stands_on_the_feed_and_blocks_nothing(mc):
    report = filed(mc, "mc.hill", "repair.road", **PHONE)
    late = report.contact_due_at
    do(mc, report, Act.ACCEPT, MANAGER)
    assert sweep(late) == 1
    (entry,) = feed(report, county="341622")
    assert (entry.reason, entry.level, "社区未联系报告人" in entry.detail) == (
        "contact_late",
        "township",
        True,
    )
    do(mc, report, Act.CONTACT, COMMUNITY, now=late + timedelta(hours=1), result="not_reached", way="phone")
    assert feed(report, county="341622")[0].closed_at is None
    do(mc, report, Act.CONTACT, COMMUNITY, now=late + timedelta(hours=1), **BY_PHONE)
    assert feed(report, county="341622")[0].closed_at is not None
    do(mc, report, Act.RESOLVE, MANAGER, now=late + timedelta(hours=2), text="已经补平路面")
    assert report.state == "resolved"


def answered(mc):
    report = filed(mc, "mc.hill", "repair.road", **PHONE)
    do(mc, report, Act.CONTACT, COMMUNITY, **BY_PHONE)
    do(mc, report, Act.RESOLVE, MANAGER, text="已经补平路面")
    return report


def test_the_reporter_is_asked_only_after_the_community_agreed(mc):
    report = answered(mc)
    assert set(acts_for(report, report.owner, now=mc.now)) == {Act.ADD}
    assert Act.CHECK in acts_for(report, mc.actor(COMMUNITY), now=mc.now)
    assert told(report, "check") == [mc.people[COMMUNITY].id]
    later = mc.now + timedelta(hours=2)
    do(mc, report, Act.CHECK, COMMUNITY, now=later, result="agreed")
    assert {Act.CONFIRM, Act.REOPEN} <= set(acts_for(report, report.owner, now=later))
    assert report.due_at == later + timedelta(days=7)


def test_an_answer_sent_back_is_the_managers_again_and_no_clock_restarts(mc):
    report = answered(mc)
    before = report.resolve_due_at
    with pytest.raises(Invalid):
        do(mc, report, Act.CHECK, COMMUNITY, result="sent_back")
    do(mc, report, Act.CHECK, COMMUNITY, result="sent_back", text="坑还在")
    assert (report.state, report.resolve_due_at, report.resolved_at) == ("accepted", before, None)
    assert told(report, "sent_back") == [mc.people[MANAGER].id]
    do(mc, report, Act.RESOLVE, MANAGER, text="重新补平路面")
    assert report.check_due_at is not None


def test_silence_of_the_second_body_passes_on_to_the_reporter_and_shows_on_the_feed(mc):
    report = answered(mc)
    ends = report.check_due_at
    with pytest.raises(Conflict):
        do(mc, report, Act.CONFIRM)
    assert sweep(ends - timedelta(seconds=1)) == 0
    assert sweep(ends) == 1
    db.session.refresh(report)
    assert (report.state, report.check_due_at, report.checked_at) == ("resolved", None, ends)
    assert [one.reason for one in feed(report, county="341622") if not one.closed_at] == ["check_late"]
    assert (history(report.id)[-1].act, history(report.id)[-1].by_kind) == ("check", "system")
    assert sweep(ends + timedelta(days=7)) == 1
    db.session.refresh(report)
    assert report.closed_as == "unconfirmed"


def reopened(mc, report, now):
    do(mc, report, Act.REOPEN, now=now, text="又坏了")


def looked_at_again(mc, report, now):
    do(mc, report, Act.REINSPECT, "mc.bureau", now=now, result="failed", text="隐患还在")


TAKEN_BACK = [("repair.road", reopened), ("lift.stopped", looked_at_again)]


@pytest.mark.parametrize(("kind", "take_back"), TAKEN_BACK, ids=[row[1].__name__ for row in TAKEN_BACK])
def test_with_an_answer_that_is_taken_back_its_check_is_gone_too(mc, kind, take_back):
    report = filed(mc, "mc.hill", kind, **PHONE)
    if report.hazard_step:
        until = mc.now + timedelta(days=1)
        do(mc, report, Act.MEASURE, MANAGER, text="停用围挡", person="维保负责人", until=until)
    do(mc, report, Act.RESOLVE, MANAGER, text="已经修好并试运行")
    do(mc, report, Act.CHECK, COMMUNITY, result="agreed")
    assert report.checked_at == mc.now
    take_back(mc, report, mc.now + timedelta(days=2))
    assert (report.state, report.checked_at, report.check_due_at) == ("accepted", None, None)


def mediated(mc, report, *, days):
    """The dispute goes to the centre, which brings them together so many days later."""
    do(mc, report, Act.REFER, MANAGER, now=mc.now + timedelta(days=1), text="请调解")
    do(mc, report, Act.CONSENT, now=mc.now + timedelta(days=1))
    do(mc, report, Act.TAKE, "mc.court", now=mc.now + timedelta(days=2))
    now = mc.now + timedelta(days=days)
    do(mc, report, Act.SETTLE, "mc.court", now=now, result="agreed", text="双方达成一致")
    return now


def test_after_a_mediation_the_reporter_has_his_week_whatever_was_checked_before(mc):
    court = select(Body).where(Body.county_id == "341622", Body.key == "court")
    hire(mc, "mc.court", db.session.scalars(court).one(), Role.COURT)
    report = answered(mc)
    do(mc, report, Act.CHECK, COMMUNITY, result="agreed")
    do(mc, report, Act.REOPEN, text="还是不平")
    settled = mediated(mc, report, days=20)
    week = settled + timedelta(days=7)
    assert (report.state, report.resolved_at, report.due_at) == ("resolved", settled, week)
    assert {Act.CONFIRM, Act.REOPEN} <= set(acts_for(report, report.owner, now=week))
    assert sweep(week - timedelta(seconds=1)) == 0
    assert sweep(week) == 1
    db.session.refresh(report)
    assert report.closed_as == "unconfirmed"


@pytest.mark.parametrize(("checked", "asked"), [(None, 5), (3, 5), (6, 6)])
def test_a_check_of_an_earlier_answer_says_nothing_about_this_one(mc, checked, asked):
    """Also where an earlier release has left one standing."""
    report = filed(mc, "mc.hill", "repair.road", **PHONE)
    report.state, report.resolved_at = "resolved", mc.now + timedelta(days=5)
    report.checked_at = None if checked is None else mc.now + timedelta(days=checked)
    assert running(report).resolved_at == mc.now + timedelta(days=asked)
    db.session.rollback()
