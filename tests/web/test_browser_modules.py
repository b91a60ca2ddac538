"""The shared parts in a real browser: readable, reachable, and a report sent exactly once over a bad network."""

import os
import random
import shutil
import threading
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests.journeys.looks import faults_of
from tests.web.gallery import make_app

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 812}
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium; without one these tests skip, except in CI."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--lang=zh-CN"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def gallery():
    web = make_app()
    for port in random.sample(range(20000, 30000), 20):
        try:
            server = make_server("127.0.0.1", port, web, threaded=True)
        except (OSError, SystemExit):
            continue
        break
    threading.Thread(target=server.serve_forever, daemon=True).start()
    web.extensions["address"] = f"http://127.0.0.1:{server.port}"
    yield web
    server.shutdown()
    server.server_close()


@pytest.fixture
def posted(gallery):
    """What the server received during this test."""
    for name in ("arrived", "answers"):
        gallery.extensions[name].clear()
    gallery.extensions["feed"][:] = ["1"]
    return gallery.extensions["arrived"]


@pytest.fixture
def page(chromium, gallery, posted):
    """A phone at the form."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN", base_url=gallery.extensions["address"])
    context.set_default_timeout(60_000)
    tab = context.new_page()
    tab.goto("/report")
    expect(tab.locator("[data-photos].is-live")).to_be_visible()
    yield tab
    context.close()


def picture(name="a.jpg", size=(900, 700)):
    stream = BytesIO()
    Image.effect_noise(size, 50).save(stream, "JPEG", quality=90)
    return {"name": name, "mimeType": "image/jpeg", "buffer": stream.getvalue()}


KEPT = """() => new Promise((done) => {
  const request = indexedDB.open('mashangban', 1);
  request.onsuccess = () => {
    const read = request.result.transaction('drafts').objectStore('drafts').get('report:X');
    read.onsuccess = () => { request.result.close(); done(JSON.stringify(read.result || '')); };
  };
})"""


def wait_until_kept(tab, words):
    for _ in range(200):
        if words in tab.evaluate(KEPT):
            return
        tab.wait_for_timeout(50)


def add_photos(tab, *photos):
    tab.set_input_files("input[multiple]", list(photos))
    expect(tab.locator(".thumb-state")).to_have_text(["已上传"] * len(photos))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/parts", "/report"])
def test_a_checker_of_accessibility_finds_nothing(chromium, gallery, posted, address, scheme):
    context = chromium.new_context(
        viewport=PHONE, color_scheme=scheme, locale="zh-CN", base_url=gallery.extensions["address"]
    )
    tab = context.new_page()
    tab.goto(address)
    found = faults_of(tab)
    context.close()
    assert found == []


@pytest.mark.parametrize("address", ["/parts", "/report"])
@pytest.mark.parametrize(("width", "root"), [(320, "100%"), (320, "200%"), (375, "150%"), (1280, "100%")])
def test_nothing_scrolls_sideways_and_every_target_is_large(page, address, width, root):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    page.evaluate("root => { document.documentElement.style.fontSize = root }", root)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => Array.from(document.querySelectorAll('a, button, select, textarea, .input, .tile, .option, .check'))
        .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([, box]) => box.width > 2 && (box.height < 43.9 || box.width < 43.9)).map(([html]) => html)"""
    )
    assert [html for html in small if "skip" not in html] == []


def test_a_large_photo_is_made_small_before_it_leaves_the_phone(page, posted):
    large = picture(size=(4000, 3000))
    add_photos(page, large)
    assert len(posted[0]["photo"]) == 32
    assert posted[0]["size"] < len(large["buffer"]) / 3


def test_a_report_made_without_network_is_sent_once_when_it_returns(page, posted):
    add_photos(page, picture())
    page.click("label[for=tile-gate]")
    page.click("label[for=kind-broken]")
    page.click(".chip")
    page.context.set_offline(True)
    page.click("button:has-text('提交')")
    expect(page.locator(".bar [role=status]")).to_contain_text("网络不畅，内容已保存")
    page.context.set_offline(False)
    page.wait_for_url("**/parts")
    (report,) = [each for each in posted if "key" in each]
    assert report["kind"] == ["broken"]
    assert report["text"] == ["物业说没人修"]
    assert len(report["photos"]) == 1


def test_a_draft_with_photos_survives_a_reload_and_can_be_cleared(page, posted):
    add_photos(page, picture(), picture("b.jpg"))
    page.fill("#f-text", "门坏了")
    wait_until_kept(page, "门坏了")
    page.reload()
    expect(page.get_by_text("已恢复上次填写的内容")).to_be_visible()
    expect(page.locator("#f-text")).to_have_value("门坏了")
    expect(page.locator(".thumb")).to_have_count(2)
    page.click("text=清空")
    expect(page.locator("#f-text")).to_have_value("")
    expect(page.locator(".thumb")).to_have_count(0)


def test_errors_stand_at_the_top_and_at_the_field_and_take_the_focus(page, gallery):
    gallery.extensions["answers"].append(
        (422, {"errors": {"phone": "电话少了一位"}, "message": "有 1 处要改一下"})
    )
    page.fill("#f-phone", "1390000")
    page.click("button:has-text('提交')")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#e-phone")).to_have_text("电话少了一位")
    expect(page.locator("#f-phone")).to_have_attribute("aria-invalid", "true")


def test_a_busy_server_is_asked_again_with_the_same_key(page, gallery, posted):
    gallery.extensions["answers"].append((503, {}))
    page.click("button:has-text('提交')")
    page.wait_for_url("**/parts")
    assert len({each["key"][0] for each in posted}) == 1
    assert len(posted) == 2


def test_after_already_sent_the_next_tap_sends_a_new_one(page, gallery, posted):
    gallery.extensions["answers"].append((409, {"message": "已经发过了", "location": "/parts"}))
    page.click("button:has-text('提交')")
    expect(page.locator("#errors a")).to_have_attribute("href", "/parts")
    page.click("button:has-text('提交')")
    page.wait_for_url("**/parts")
    assert len({each["key"][0] for each in posted}) == 2


def test_choices_of_a_tile_now_closed_no_longer_count(page):
    page.click("label[for=tile-lift]")
    page.click("label[for=kind-trapped]")
    expect(page.locator("a[href='tel:96333']")).to_be_visible()
    page.click("label[for=tile-gate]")
    expect(page.locator("[name=kind]:checked")).to_have_count(0)


def test_without_javascript_tiles_open_and_files_are_posted(chromium, gallery, posted):
    context = chromium.new_context(java_script_enabled=False, base_url=gallery.extensions["address"])
    tab = context.new_page()
    tab.goto("/report")
    tab.click("label[for=tile-lift]")
    tab.click("label[for=kind-stopped]")
    tab.set_input_files("input[multiple]", [picture(), picture("b.jpg")])
    tab.click("button:has-text('提交')")
    expect(tab.get_by_text("收到文件 2 个")).to_be_visible()
    context.close()
    assert posted[0]["kind"] == ["stopped"]


def test_a_feed_is_refreshed_and_says_how_many_are_new(page, gallery):
    page.goto("/parts")
    gallery.extensions["feed"].append("2")
    expect(page.locator("[data-entry]")).to_have_count(2)
    expect(page.get_by_text("有 1 条新内容")).to_be_visible()


def test_the_size_of_type_is_kept_for_the_next_page(page):
    page.click("text=特大字")
    page.goto("/parts")
    expect(page.locator("html")).to_have_attribute("data-size", "xl")
