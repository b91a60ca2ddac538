"""The phone: a kind word while it is typed into the text, asking for it with a reason, and who looked."""

import pytest
from playwright.sync_api import expect

from tests.journeys.looks import faults_by_day_and_night, too_wide
from tests.journeys.test_staff import desk  # noqa: F401 - a fixture

pytestmark = pytest.mark.browser
WARNING = "物业看不到这些"


def report(tab, site):
    """Fill in a report with numbers in its words."""
    tab.goto(f"{site.scan()}/report")
    tab.get_by_text("水电气暖", exact=True).click()
    tab.get_by_text("漏水", exact=True).click()
    tab.get_by_label("说明").fill("楼上漏水，打13922223333，我住3号楼2单元501")
    expect(tab.get_by_text(WARNING)).to_be_visible()
    tab.get_by_label("手机号", exact=True).fill("13911112222")
    tab.get_by_label("社区和主管部门可以打电话").check()
    return tab


def test_asking_for_a_phone_from_the_form_to_the_list_of_looks(phone, desk, site):  # noqa: F811
    tab = report(phone(), site)
    assert not too_wide(tab)
    tab.get_by_role("button", name="提交").click()
    tab.wait_for_url("**/r/**")
    expect(tab.get_by_text(WARNING)).to_be_visible()
    no = tab.url.split("/r/")[1].split("?")[0]
    assert faults_by_day_and_night(tab, "identity-sent") == []
    bureau = desk("ys.bureau")
    bureau.goto(f"/b/{no}")
    bureau.get_by_role("link", name="查看联系方式").click()
    assert faults_by_day_and_night(bureau, "identity-ask") == []
    bureau.get_by_text("回访办理结果").click()
    bureau.get_by_label("具体原因").fill("核对漏水的位置")
    bureau.get_by_role("button", name="查看号码").click()
    expect(bureau.get_by_text("13911112222")).to_be_visible()
    assert faults_by_day_and_night(bureau, "identity-shown") == []
    assert not too_wide(bureau)
    tab.reload()
    expect(tab.get_by_text("核对漏水的位置")).to_be_visible()
    tab.get_by_role("button", name="不再接听电话").click()
    expect(tab.get_by_text("谁都看不到您的号码").first).to_be_visible()
    assert faults_by_day_and_night(tab, "identity-track") == []
    assert not too_wide(tab)
