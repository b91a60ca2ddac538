"""Dangers: measure, deadline, responsible post, second look; who stands in at estates without a company (A13, A14)."""

from datetime import timedelta

import pytest

from server.accounts.roles import Role
from server.companies.standing import committee_words, stand_of, stand_words
from server.core.db import db
from server.core.errors import Invalid
from server.escalation.service import sweep
from server.notices.models import Inbox
from server.policy.loader import books
from server.reports.acting import acts_for
from server.reports.canned import flag_canned
from server.reports.flags import flags_of
from server.reports.hazards import hazards_of
from server.reports.workflow import Act
from tests.escalation.cases import feed, told
from tests.reports.beside import do, filed
from tests.world import hire

MANAGER = "ys.hill.manager"
DAY = timedelta(days=1)


@pytest.fixture
def lift(world):
    hire(world, "ys.market.staff", world.bodies["ys.market"], Role.DEPARTMENT)
    return filed(world, "ys.hill", "lift.trapped", called_first=True)


def measure(world, **more):
    return {"text": "停梯并围挡，更换门锁", "person": "电梯维保负责人", "until": world.now + 2 * DAY} | more


def test_a_danger_is_not_resolved_before_measure_deadline_and_person_are_named(world, lift):
    assert (lift.hazard_step, lift.called_first) == ("measure", True)
    with pytest.raises(Invalid) as refused:
        do(world, lift, Act.RESOLVE, MANAGER, text="人已经救出")
    assert "measure" in refused.value.fields
    do(world, lift, Act.MEASURE, MANAGER, **measure(world))
    assert (lift.hazard_step, lift.hazard_due_at) == ("rectify", world.now + 2 * DAY)
    do(world, lift, Act.RESOLVE, MANAGER, text="人已经救出")
    assert (lift.hazard_step, lift.hazard_due_at) == ("reinspect", world.now + 7 * DAY)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"person": "13800000000"}, "person"),
        ({"person": " "}, "person"),
        ({"days": 31}, "until"),
        ({"days": -1}, "until"),
    ],
)
def test_a_measure_names_a_post_and_a_deadline_within_the_books_days(world, lift, wrong, field):
    given = measure(world, **{key: value for key, value in wrong.items() if key != "days"})
    if "days" in wrong:
        given["until"] = world.now + wrong["days"] * DAY
    with pytest.raises(Invalid) as refused:
        do(world, lift, Act.MEASURE, MANAGER, **given)
    assert field in refused.value.fields


def test_the_safety_body_looks_again_and_what_is_not_gone_is_open_under_its_own_number(world, lift):
    do(world, lift, Act.MEASURE, MANAGER, **measure(world))
    do(world, lift, Act.RESOLVE, MANAGER, text="人已经救出")
    do(world, lift, Act.CONFIRM)
    assert Act.REINSPECT in acts_for(lift, world.actor("ys.market.staff"), now=world.now)
    assert Act.REINSPECT not in acts_for(lift, world.actor(MANAGER), now=world.now)
    due, no = lift.hazard_due_at, lift.no
    sweep(due)
    assert [(one.reason, one.level) for one in feed(lift, reason="reinspect_late")] == [
        ("reinspect_late", "community")
    ]
    do(world, lift, Act.REINSPECT, "ys.market.staff", now=due + DAY, result="failed", text="门锁没有更换")
    assert (lift.state, lift.no, lift.hazard_step) == ("accepted", no, "measure")
    assert all(one.closed_at for one in feed(lift, reason="reinspect_late"))
    assert told(lift, "reinspect") == [world.people[MANAGER].id]
    later = due + 2 * DAY
    do(world, lift, Act.MEASURE, MANAGER, now=later, **measure(world, until=later + DAY))
    do(world, lift, Act.RESOLVE, MANAGER, now=later, text="门锁已经更换")
    do(world, lift, Act.REINSPECT, "ys.market.staff", now=later + DAY, result="passed", text="门锁完好")
    assert (lift.hazard_step, lift.hazard_due_at) == ("done", None)
    steps = [(row.step, row.result) for row in hazards_of([lift.id])[lift.id]]
    assert steps == [("measure", ""), ("reinspect", "failed"), ("measure", ""), ("reinspect", "passed")]


def test_a_missing_measure_and_a_missed_deadline_stand_on_the_feed(world, lift):
    do(world, lift, Act.ACCEPT, MANAGER)
    sweep(lift.hazard_due_at)
    assert [one.level for one in feed(lift, reason="measure_late")] == ["community"]
    now = world.now + 2 * DAY
    do(world, lift, Act.MEASURE, MANAGER, now=now, **measure(world, until=now + DAY))
    assert all(one.closed_at for one in feed(lift, reason="measure_late"))
    sweep(now + DAY)
    assert [one.level for one in feed(lift, reason="rectify_late")] == ["community"]


def place_with(world, **facts):
    estate = world.estates["ys.bare"]
    for name, value in facts.items():
        setattr(estate, name, value)
    db.session.commit()
    return world.place("ys.bare")


STANDS = [
    ({}, ("community", "测试社区"), "没有物业企业，由社区负责受理"),
    (
        {"stand_kind": "township_company", "stand_name": "测试街道物业公司", "stand_phone": "0539-1"},
        ("township_company", "测试街道物业公司"),
        "没有物业企业，镇街的物业服务公司代管，由社区负责受理",
    ),
    (
        {"stand_kind": "committee", "stand_name": "无物业小区业主委员会"},
        ("committee", "无物业小区业主委员会"),
        "没有物业企业，业主委员会自己聘的服务人员代管，由社区负责受理",
    ),
]


@pytest.mark.parametrize(("facts", "who", "words"), STANDS)
def test_without_a_company_the_report_is_the_communitys_and_the_page_names_who_stands_in(
    world, facts, who, words
):
    place = place_with(world, **facts)
    stand = stand_of(place)
    assert (stand[0].value, stand[1]) == who
    assert stand_words(place) == words
    report = filed(world, "ys.bare", "repair.road")
    assert report.handler_id == world.bodies["ys.community"].id
    assert stand_of(world.place("ys.hill")) is None


def test_without_a_committee_the_community_is_told_that_the_owners_must_decide(world):
    book = books()["371323"]
    assert committee_words(place_with(world, has_committee=None), book) == ""
    assert committee_words(place_with(world, has_committee=True), book) == ""
    words = committee_words(place_with(world, has_committee=False), book)
    assert words.startswith("还没有业主委员会，由测试社区代行：")
    world.estates["ys.hill"].has_committee = False
    report = filed(world, "ys.hill", "repair.road")
    do(world, report, Act.RESOLVE, MANAGER, outcome="needs_fund", text="路面大修要用维修资金")
    assert told(report, "fund_or_vote") == [world.people["ys.community"].id]
    desk = db.session.scalar(
        db.select(Inbox.part).where(Inbox.report_id == report.id, Inbox.body_id == report.community_id)
    )
    assert desk is not None


def test_the_same_answer_again_and_again_is_flagged_for_the_bureau_alone(world):
    reports = [filed(world, "ys.hill", "repair.road", key=letter * 32) for letter in "abcdef"]
    for number, report in enumerate(reports):
        words = "已安排人员处理完毕" if number < 5 else "换了两块路沿石，接缝已灌"
        do(world, report, Act.RESOLVE, MANAGER, text=words)
    later = world.now + timedelta(minutes=5)
    assert flag_canned(later) == 5
    assert flag_canned(later) == 0
    bureau = world.actor("ys.bureau")
    flagged = [[row.flag for row in flags_of(report.id, bureau)] for report in reports]
    assert flagged == [["canned"]] * 5 + [[]]
    assert flags_of(reports[0].id, world.actor(MANAGER)) == []
