"""蒙城县: the community contacts the reporter, and checks the answer before he is asked (A8, second body)."""

from datetime import timedelta

import pytest

from server.core.db import db
from server.core.errors import Conflict, Invalid
from server.escalation.service import sweep
from server.reports.acting import acts_for
from server.reports.queries import history
from server.reports.workflow import Act
from tests.escalation.cases import feed, told
from tests.reports.beside import add_county, do, filed

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
