"""Whistling on the desk, the called department's pages, and the link of one without an account (A7)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.roles import Role
from server.core import clock
from server.core.audit import Audit
from server.core.db import db
from server.reports.part_models import LinkUse, ReportLink
from server.reports.parts import called_to
from server.reports.workflow import Act
from tests.escalation.cases import do
from tests.web.conftest import read
from tests.web.staff.conftest import PHONE, act, page_of, send, tabs_of
from tests.web.staff.test_privacy import marks
from tests.world import hire

NUMBER = "13922223333"


@pytest.fixture
def report(world, filed):
    """A whistled report: the fire brigade leads and has an account, the police beside it has none."""
    hire(world, "ys.fire", world.bodies["ys.fire"], Role.DEPARTMENT)
    return filed(label="飞线充电", text=f"三号楼前飞线充电，打{NUMBER}", contact_ok=True)


def whistled(world, staff, report):
    """The community whistles on the desk."""
    fire, police = world.bodies["ys.fire"].id, world.bodies["ys.police"].id
    answer = act(staff("ys.community"), "/b/", report, "whistle", body=fire, joint=police, text="物业拆不了")
    assert answer.status_code == 303
    return staff("ys.community")


def link_for(browser, report, name):
    """A fresh link for a called body, as the desk makes it: its path."""
    page = page_of(browser, f"/b/{report.no}")
    form = next(one for one in page.find_all("form") if name in one.text and "生成" in one.text)
    made = send(browser, page, form["action"])
    assert made.status_code == 200
    return re.search(r"/d/[A-Za-z0-9_-]{43}", read(made).text)[0]


def test_a_whistle_on_the_desk_reaches_the_departments_inbox_and_page(world, staff, report):
    community = whistled(world, staff, report)
    page = page_of(community, f"/b/{report.no}")
    assert "牵头：" + world.bodies["ys.fire"].name in page.text
    assert "还没有答复的会办单位：" + world.bodies["ys.police"].name in page.text
    fire = staff("ys.fire")
    assert tabs_of(page_of(fire, "/m/"))["我要办的"] == 1
    text = page_of(fire, f"/m/{report.no}").text
    assert "物业拆不了" in text
    assert NUMBER not in text
    assert act(fire, "/m/", report, "report_in").status_code == 303
    warned = page_of(fire, f"/m/{report.no}/resolve").text
    assert world.bodies["ys.police"].name in warned


def test_a_department_without_an_account_answers_by_its_link_alone(world, staff, report, client, picture):
    community = whistled(world, staff, report)
    here = link_for(community, report, world.bodies["ys.police"].name)
    phone = client.application.test_client()
    page = page_of(phone, here)
    for mark in (*marks(report), NUMBER, PHONE):
        assert mark not in str(page)
    assert "提交答复" not in page.text
    assert send(phone, page, f"{here}/report_in").status_code == 303
    refused = send(phone, page_of(phone, here), f"{here}/answer", text="去看过了")
    assert refused.status_code == 422
    assert "去看过了" in read(refused).find(id="f-text").text
    done = send(phone, read(refused), f"{here}/answer", text="已当场劝离", photos=[picture()])
    assert done.status_code == 303
    again = page_of(phone, here)
    assert "已当场劝离" in again.text
    assert again.find("button", string=re.compile("提交|报到|退回")) is None
    assert called_to(report).missing == ()
    timeline = page_of(community, f"/b/{report.no}").text
    assert "已当场劝离" in timeline
    assert "凭链接办理" in timeline
    assert {"link.made", "link.open", "link.report_in", "link.reply"} <= set(
        db.session.scalars(select(Audit.act))
    )
    assert here.removeprefix("/d/") not in str(db.session.scalars(select(ReportLink.token_hash)).all())
    uses = db.session.scalars(select(LinkUse.what).order_by(LinkUse.id)).all()
    assert (uses[0], uses[1], uses[-1]) == ("made", "open", "open")


def test_a_link_is_for_one_report_while_it_lasts_and_until_it_is_taken_back(world, staff, report, client):
    community = whistled(world, staff, report)
    name = world.bodies["ys.fire"].name
    first, second = link_for(community, report, name), link_for(community, report, name)
    phone = client.application.test_client()
    assert phone.get(first).status_code == 404
    page = page_of(phone, second)
    assert phone.get(f"/m/{report.no}").status_code in {302, 303, 401}
    with clock.stopped(world.now + timedelta(days=7)):
        assert phone.get(second).status_code == 404
    assert send(phone, page, f"{second}/hand_back", text="不归我们").status_code == 303
    assert report.handler_id == world.bodies["ys.community"].id
    assert send(phone, page, f"{second}/report_in").status_code == 409
    do(world, report, Act.WHISTLE, "ys.community", body_id=world.bodies["ys.fire"].id)
    third = link_for(community, report, name)
    page = page_of(community, f"/b/{report.no}")
    form = next(one for one in page.find_all("form") if "收回" in one.text)
    assert send(community, page, form["action"]).status_code == 303
    assert phone.get(third).status_code == 404
    assert phone.get("/d/" + "x" * 43).status_code == 404


def test_the_company_makes_no_link_and_a_link_is_not_opened_without_end(world, staff, report, client):
    community = whistled(world, staff, report)
    here = link_for(community, report, world.bodies["ys.fire"].name)
    part = called_to(report).lead.id
    assert "生成办理链接" not in page_of(staff("ys.hill.manager"), f"/m/{report.no}").text
    page = page_of(community, f"/b/{report.no}")
    token = page.find("input", attrs={"name": "csrf_token"})["value"]
    for who in ("ys.hill.manager", "ys.fire"):
        answer = staff(who).post(f"/b/{report.no}/parts/{part}/link", data={"csrf_token": token})
        assert answer.status_code in {400, 403}
    phone = client.application.test_client()
    answers = [phone.get(here).status_code for _ in range(125)]
    assert (answers[0], answers[-1]) == (200, 429)
