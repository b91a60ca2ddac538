"""A new phone finds a report again by number, phone and 找回码; number and phone alone find nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.looks import NARROW, faults_by_day_and_night, too_wide
from tests.journeys.test_resident_journey import hand_in

pytestmark = pytest.mark.browser
NUMBER = "13800138000"


def file_one(tab, site):
    """A report with a phone; its number and the code that stands beside it."""
    tab.goto(f"{site.scan()}/report")
    tab.get_by_text("设施维修", exact=True).click()
    tab.get_by_text("路灯", exact=True).click()
    tab.get_by_label("手机号").fill(NUMBER)
    hand_in(tab)
    tab.wait_for_url("**/r/**")
    expect(tab.locator("#find-code")).to_contain_text("请抄下或截屏")
    shown = re.search(r"找回码\s*(\d{6})", tab.locator("main").inner_text())
    return tab.url.split("/r/")[1].split("?")[0], shown[1]


def find(tab, no, code):
    """Fill in the form and send it."""
    tab.goto("/find")
    form = tab.locator("form").first
    form.get_by_label("编号").fill(no)
    form.get_by_label("手机号").fill(NUMBER)
    form.get_by_label("找回码").fill(code)
    form.get_by_role("button", name="查找").click()


@pytest.mark.parametrize("script", [True, False])
def test_the_code_copied_from_the_page_opens_the_report_on_another_phone(phone, site, script):
    first = phone(java_script_enabled=script, viewport=NARROW)
    no, code = file_one(first, site)
    assert not too_wide(first)
    if script:
        assert faults_by_day_and_night(first, "the page with a code") == []
    second = phone(java_script_enabled=script)
    find(second, no, f"{(int(code) + 1) % 10**6:06d}")
    expect(second.get_by_role("alert")).to_contain_text("没有找到")
    find(second, no, code)
    second.wait_for_url("**/r/**")
    expect(second.get_by_role("link", name="补充")).to_be_visible()
    expect(second.locator("main")).to_contain_text("在另一台手机上打开")
    first.goto(f"/r/{no}")
    expect(first.locator("main")).to_contain_text("没有找到")
