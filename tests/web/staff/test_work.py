"""The work view: what a body must do, with the next act on one tap; what it watches; who is stuck."""

from datetime import timedelta

import pytest

from server.accounts.roles import Role
from server.core import clock
from server.core.db import db
from server.notices.models import Push
from server.reports.composing import compose_push
from tests.web.staff.conftest import act, page_of, send, tabs_of
from tests.web.staff.test_inbox import LIST, SESSION, statements  # noqa: F401 - a fixture
from tests.world import hire


def work_of(page):
    """Each report of a list: its number, and what the page says is to be done or awaited."""
    return {
        li.find("a", class_="cell")["href"].rpartition("/")[2]: li.find(class_="work-next").p.get_text(
            " ", strip=True
        )
        for li in page.select("ul.works > li")
        if li.find(class_="work-next")
    }


def test_a_community_takes_its_turn_from_the_list_and_finds_it_among_the_answered(staff, filed):
    bare, hill = filed("ys.bare"), filed("ys.hill")
    browser = staff("ys.community")
    page = page_of(browser, "/m/")
    assert tabs_of(page) == {"我要办的": 1, "我关注的": 1, "已超时": 0, "已答复": 0}
    assert work_of(page)[bare.no].startswith("要办： 受理，11月18日")
    answer = send(browser, page, f"/m/{bare.no}/accept")
    assert (answer.status_code, answer.location) == (303, "/m/?done=accept")
    page = page_of(browser, answer.location)
    assert "已受理" in page.find(role="status").text
    assert work_of(page)[bare.no].startswith("要办： 办理并答复")
    assert page.find("a", class_="btn", href=f"/m/{bare.no}/resolve")
    act(browser, "/m/", bare, "resolve", outcome="solved", basis="已关阀门")
    assert list(work_of(page_of(browser, "/m/?tab=watch"))) == [hill.no]
    page = page_of(browser, "/m/?tab=answered")
    assert [row["href"] for row in page.select("ul.works a.cell")] == [f"/m/{bare.no}"]


def test_one_estate_can_be_chosen_and_a_foreign_one_chooses_nothing(staff, filed, world):
    bare, hill = filed("ys.bare"), filed("ys.hill")
    browser = staff("ys.town")
    page = page_of(browser, f"/m/?tab=watch&estate={world.estates['ys.bare'].id}")
    assert list(work_of(page)) == [bare.no]
    assert tabs_of(page)["我关注的"] == 1
    assert [option.text for option in page.find("select", id="f-estate").find_all("option")] == [
        "全部小区",
        "无物业小区",
        "青山花园小区",
    ]
    page = page_of(browser, f"/m/?tab=watch&estate={world.estates['st.hill'].id}")
    assert set(work_of(page)) == {bare.no, hill.no}
    assert work_of(page)[hill.no] == "等 好邻居物业 受理".replace(" ", "")


def test_the_report_says_what_is_to_be_done_to_whom_it_concerns_alone(staff, filed):
    report = filed("ys.hill")
    manager = page_of(staff("ys.hill.manager"), f"/m/{report.no}").text
    assert "现在要您单位办" in manager
    bureau = page_of(staff("ys.bureau"), f"/b/{report.no}").text
    assert "现在要您单位办" not in bureau
    assert "受理" in bureau


def test_a_push_names_what_its_reader_must_do(filed):
    report = filed("ys.bare")
    pushes = db.session.query(Push).filter_by(report_id=report.id).all()
    told = {dict(compose_push(push).lines).get("要办") for push in pushes}
    assert told == {"受理", None}


def test_the_bureau_sees_who_is_stuck_and_what_a_body_sees_itself(staff, filed, world, now):
    first, second = filed("ys.hill"), filed("ys.bare")
    hill = world.bodies["ys.hill"]
    with clock.stopped(now + timedelta(days=3)):
        browser = staff("ys.bureau")
        page = page_of(browser, "/b/bodies")
        rows = {link["href"]: link.get_text(" ", strip=True) for link in page.select("ul.cells a.cell")}
        assert "1 件要办，1 件超时" in rows[f"/b/bodies/{hill.id}"]
        assert f"/b/bodies/{world.bodies['ys.community'].id}" in rows
        page = page_of(browser, f"/b/bodies/{hill.id}?tab=late")
    assert tabs_of(page) == {"要办的": 1, "关注的": 0, "已超时": 1, "已答复": 0}
    assert list(work_of(page)) == [first.no]
    assert second.no not in page.text
    assert not page.select(".work form")
    for name, status in (("st.bureau", 404), ("ys.community", 403), ("ys.hill.manager", 403)):
        assert staff(name).get(f"/b/bodies/{hill.id}").status_code == status


@pytest.mark.parametrize("view", ["ys.community /m/", "ys.bureau /m/", "ys.bureau /b/bodies"])
def test_a_work_view_costs_four_statements_at_most(staff, filed, statements, view, picture):  # noqa: F811
    name, address = view.split()
    for number in range(5):
        report = filed(("ys.bare", "ys.hill")[number % 2], photo=picture(number))
    whistled(staff, report)
    browser = staff(name)
    for tab in ("mine", "watch", "late", "answered"):
        statements.clear()
        page_of(browser, f"{address}?tab={tab}")
        assert len(statements) <= LIST + SESSION, statements


def whistled(staff, report):
    """Somebody else is called to a report, so that the lists must ask who."""
    browser = staff("ys.bureau")
    page = page_of(browser, f"/b/{report.no}/whistle")
    body = page.find("input", attrs={"name": "body"})["value"]
    assert act(browser, "/b/", report, "whistle", body=body, text="请来看").status_code == 303


def test_a_called_department_reports_in_on_one_tap(staff, filed, world):
    report = filed("ys.hill", label="飞线充电")
    hire(world, "ys.fire", world.bodies["ys.fire"], Role.DEPARTMENT)
    act(staff("ys.community"), "/b/", report, "whistle", body=world.bodies["ys.fire"].id, text="物业拆不了")
    fire = staff("ys.fire")
    page = page_of(fire, "/m/")
    assert work_of(page)[report.no].startswith("要办： 报到")
    assert send(fire, page, f"/m/{report.no}/report_in").status_code == 303
    assert work_of(page_of(fire, "/m/"))[report.no].startswith("要办： 办理并答复")
