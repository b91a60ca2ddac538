"""What passes between an office and the reporter is no reading for the company (A3, A8)."""

import pytest

from server.accounts.roles import Actor, Role
from server.core.db import db
from server.reports.eyes import MASKED, eyes_on
from server.reports.queries import history
from server.reports.steps import steps_for
from server.reports.views import whole_view
from server.reports.workflow import Act
from tests.reports.beside import add_county, do, filed
from tests.world import hire

MANAGER, COMMUNITY, BUREAU = "mc.hill.manager", "mc.community", "mc.bureau"


@pytest.fixture
def talked(world):
    """The community handles a report, contacts and asks its reporter, then hands it to the company, which asks too."""
    add_county(world, "mc")
    hire(world, "mc.hill.company", world.bodies["mc.hill"], Role.COMPANY, duty="负责人")
    report = filed(world, "mc.hill", "repair.road")
    handler = report.handler_id
    do(
        world,
        report,
        Act.CONTACT,
        COMMUNITY,
        result="reached",
        way="message",
        text="王测试女士您好，明天上门",
    )
    do(world, report, Act.TRANSFER, BUREAU, text="社区先了解", body_id=report.community_id)
    do(world, report, Act.ASK, COMMUNITY, text="王测试女士，您家哪天有人？")
    do(world, report, Act.ANSWER, text="我姓王测试，周六在家")
    do(world, report, Act.TRANSFER, COMMUNITY, text="请物业办理", body_id=handler)
    do(world, report, Act.ASK, MANAGER, text="是哪一段路？")
    do(world, report, Act.ANSWER, text="北门里面那一段")
    return report


def told(world, report, name):
    """The words of each step as somebody reads them."""
    actor = world.actor(name) if name else Actor(owner_hash=report.owner_hash)
    return [(step["act"], step["text"]) for step in whole_view(report, actor, now=world.now)["events"]]


@pytest.mark.parametrize("name", [MANAGER, "mc.hill.company"])
def test_the_company_sees_that_the_reporter_was_contacted_and_asked_and_reads_its_own_talk_alone(
    world, talked, name
):
    assert told(world, talked, name) == [
        ("submit", ""),
        ("contact", ""),
        ("transfer", "社区先了解"),
        ("ask", ""),
        ("answer", ""),
        ("transfer", "请物业办理"),
        ("ask", "是哪一段路？"),
        ("answer", "北门里面那一段"),
    ]


def test_whoever_follows_in_a_post_reads_what_his_body_asked(world, talked):
    hire(world, "mc.hill.next", world.bodies["mc.hill"], Role.MANAGER)
    assert ("answer", "北门里面那一段") in told(world, talked, "mc.hill.next")


@pytest.mark.parametrize("name", [COMMUNITY, BUREAU, None])
def test_the_offices_and_the_reporter_read_all_of_it(world, talked, name):
    words = told(world, talked, name)
    assert ("contact", "王测试女士您好，明天上门") in words
    assert ("answer", "我姓王测试，周六在家") in words


def test_pages_and_the_holder_of_a_link_read_no_more(world, client, talked):
    manager = world.login(client, MANAGER)
    page = manager.get(f"/m/{talked.no}").get_data(as_text=True)
    assert "王测试" not in page
    assert "社区联系报告人" in page
    assert "北门里面那一段" in page
    steps = steps_for(history(talked.id), MASKED)
    assert [
        step.words("王测试", MASKED) for step in steps if step.event.act in {"contact", "ask", "answer"}
    ] == [""] * 5
    assert eyes_on(talked, world.actor(COMMUNITY)).as_typed
    db.session.rollback()


def test_the_form_says_who_reads_what_is_written(world, client):
    add_county(world, "mc")
    report = filed(world, "mc.hill", "repair.road")
    page = world.login(client, COMMUNITY).get(f"/b/{report.no}/contacted").get_data(as_text=True)
    assert "物业和其他单位只看到联系过" in page
