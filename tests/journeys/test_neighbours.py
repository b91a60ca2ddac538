"""A neighbour in a real browser: chooses a kind, sees what is open already, joins with one tap; the desk merges."""

import os

import pytest
from playwright.sync_api import expect

from tests.journeys.looks import faults_of
from tests.journeys.test_resident_looks import file_one

pytestmark = pytest.mark.browser


def test_a_neighbour_is_shown_what_is_open_and_joins_it_with_one_tap(phone, site):
    no = file_one(phone(), site, "三楼灯不亮，我是张家")
    tab = phone()
    tab.goto(f"{site.scan()}/report")
    tab.get_by_text("设施维修", exact=True).click()
    tab.get_by_text("路灯", exact=True).click()
    card = tab.locator("#similar article").first
    expect(card).to_be_visible()
    assert "张家" not in tab.locator("#similar").inner_text()
    faults = faults_of(tab)
    assert faults == [], faults
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if os.environ.get("SHOTS"):
        tab.screenshot(path=f"{os.environ['SHOTS']}/similar.png", full_page=True)
    card.get_by_role("button", name="我也遇到").click()
    tab.wait_for_url("**/r/**")
    expect(tab.get_by_text("您也遇到了这个问题")).to_be_visible()
    assert no in tab.url
    tab.get_by_text("门牌（可以不填）、退出").click()
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults_of(tab) == []
    if os.environ.get("SHOTS"):
        tab.screenshot(path=f"{os.environ['SHOTS']}/joined.png", full_page=True)
        tab.set_viewport_size({"width": 1280, "height": 900})
        tab.screenshot(path=f"{os.environ['SHOTS']}/joined-wide.png", full_page=True)
