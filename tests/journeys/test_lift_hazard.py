"""奇台县: a lift with somebody inside. The phone first, then measure, deadline and person, then the second look (A13)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from server.accounts.models import Body
from server.accounts.roles import Role
from server.core import clock
from server.core.db import db
from server.estates.service import set_emergency_numbers
from server.reports.hazards import hazards_of
from server.reports.queries import report_by_no
from tests.journeys.conftest import PHONE
from tests.journeys.test_staff import desk  # noqa: F401 - a fixture
from tests.reports.beside import add_county
from tests.world import hire

pytestmark = pytest.mark.browser
LIFT_FIRM = "0994-2000001"


@pytest.fixture(scope="module")
def qitai(site):
    """奇台县 in the running product: an estate with its lift firm's number, and staff of 市场监管; the scan code."""
    with site.app.app_context():
        add_county(site.world, "qt")
        hire(
            site.world,
            "qt.market.staff",
            site.world.bodies.get("qt.market") or body("market"),
            Role.DEPARTMENT,
        )
        set_emergency_numbers(
            site.world.estates["qt.hill"], [("lift_firm", "电梯维保", LIFT_FIRM)], now=clock.now()
        )
        code = site.world.code("qt.hill")
        db.session.commit()
        db.session.remove()
    return code


def body(key):
    return db.session.scalar(db.select(Body).where(Body.county_id == "652325", Body.key == key))


def wide(tab):
    """Nothing sticks out at the side."""
    assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def file_report(tab, site, code):
    """A resident at the lift: the phone stands beside the choice, and again once it is sent; page and number."""
    tab.goto(f"{site.base}/e/{code}/report")
    tab.get_by_text("电梯", exact=True).click()
    tab.get_by_text("电梯困人", exact=True).click()
    expect(tab.locator(f"a[href='tel:{LIFT_FIRM}']:visible")).to_have_count(1)
    tab.get_by_label("说明").fill("两个人困在四楼")
    tab.get_by_role("button", name="提交").click()
    tab.wait_for_url("**/r/**")
    no = tab.url.split("/r/")[1].split("?")[0]
    expect(tab.locator(f"a[href='tel:{LIFT_FIRM}']")).to_be_visible()
    wide(tab)
    return tab, no


def name_measure(manager, no):
    """Measure, deadline and responsible post on the manager's form."""
    manager.goto(f"/m/{no}/measure")
    manager.get_by_label("整改措施").fill("更换层门锁，检验合格前停用")
    manager.get_by_label("责任人").fill("电梯维保负责人")
    until = clock.local(clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    manager.get_by_label("整改期限").fill(until)
    manager.get_by_role("button", name="保存措施").click()


def test_a_lift_with_somebody_inside(phone, desk, site, qitai, tmp_path):  # noqa: F811
    tab, no = file_report(phone(), site, qitai)
    with site.app.app_context():
        report = report_by_no(no)
        assert (report.called_first, report.hazard_step) == (True, "measure")
        db.session.remove()

    manager = desk("qt.hill.manager")
    manager.goto(f"/m/{no}/resolve")
    expect(manager.get_by_text("先写明整改措施、期限和责任人").first).to_be_visible()
    manager.get_by_text("已解决", exact=True).click()
    manager.get_by_label("说明").fill("人已经救出，电梯停用")
    manager.get_by_role("button", name="提交办结").click()
    expect(manager.get_by_text("请先写明整改措施").first).to_be_visible()
    name_measure(manager, no)
    expect(manager.get_by_text("更换层门锁，检验合格前停用").first).to_be_visible()
    manager.screenshot(path=str(tmp_path / "hazard-375.png"), full_page=True)
    wide(manager)
    manager.goto(f"/m/{no}/resolve")
    manager.get_by_text("已解决", exact=True).click()
    manager.get_by_label("说明").fill("层门锁已更换，检验合格")
    manager.get_by_role("button", name="提交办结").click()
    expect(manager.get_by_text("已提交办结")).to_be_visible()

    tab.reload()
    expect(tab.get_by_text("写明整改措施").first).to_be_visible()
    market = desk("qt.market.staff")
    market.goto(f"/m/{no}/reinspect")
    market.get_by_text("隐患还在，退回重办", exact=True).click()
    market.get_by_label("现场情况").fill("门锁间隙仍然超标")
    market.get_by_role("button", name="提交复查结果").click()
    expect(market.get_by_text("已记下复查结果")).to_be_visible()
    wide(market)
    with site.app.app_context():
        report = report_by_no(no)
        assert (report.state, report.hazard_step) == ("accepted", "measure")
        assert [row.step for row in hazards_of([report.id])[report.id]] == ["measure", "reinspect"]
        db.session.remove()
    board = desk("qt.bureau", "desk")
    board.goto(f"/b/{no}")
    expect(board.get_by_text("门锁间隙仍然超标").first).to_be_visible()
    board.screenshot(path=str(tmp_path / "hazard-1280.png"), full_page=True)
    wide(board)
    assert PHONE["width"] < board.viewport_size["width"]
