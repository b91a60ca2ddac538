"""Somebody who types before choosing: the form says what he may mean, and one tap chooses it."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_typed_words_offer_kinds_and_one_tap_chooses(phone, site, tmp_path):
    tab = phone()
    tab.goto(f"{site.scan()}/report")
    box = tab.locator("[data-suggest]")
    tab.get_by_label("说明").fill("楼上往俺家漏水，天花板都泡了")
    chip = box.get_by_role("button", name="漏水", exact=True)
    expect(chip).to_be_visible()
    assert chip.bounding_box()["height"] >= 44
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    chip.scroll_into_view_if_needed()
    tab.screenshot(path=tmp_path / "suggest.png")
    chip.click()
    expect(tab.locator("#kind-pipe\\.leak")).to_be_checked()
    expect(box).to_be_hidden()

    tab.get_by_label("说明").fill("社区干部收了物业的好处，给他们当保护伞")
    box.get_by_role("link", name="举报").click()
    expect(tab.locator("#accuse")).to_have_attribute("open", "")
