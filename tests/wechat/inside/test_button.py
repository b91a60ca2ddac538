"""The page with WeChat's own button, in a real browser, with a stand-in for the script that Tencent serves."""

import json
import os
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from server.web.wechat.news import ASKING_POLICY

pytestmark = pytest.mark.browser
HOME = "http://wy.test"
PAGE = f"{HOME}/wechat/ask?next=/r/1"
INSIDE = "Mozilla/5.0 (Linux; Android 12) Chrome/120 MicroMessenger/8.0.40"
OUTSIDE = "Mozilla/5.0 (Linux; Android 12) Chrome/120"
SDK = """
window.wx = {
  ready(done) { this.done = done; },
  error(failed) { this.failed = failed; },
  config(given) { window.given = given; setTimeout(() => given.signature === "bad" ? this.failed({}) : this.done()); },
};
"""


@pytest.fixture(scope="module")
def chromium():
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--lang=zh-CN"])
        yield browser
        browser.close()


@pytest.fixture
def ask(chromium, application):
    """Opens the page in a browser that calls itself so; gives the tab and what it asked the network for."""
    made = []

    def open_page(agent, *, signature="good", sdk=True):
        asked = []
        context = chromium.new_context(user_agent=agent, locale="zh-CN")
        made.append(context)
        context.route("**/*", lambda route: answer(route, application, asked, signature=signature, sdk=sdk))
        tab = context.new_page()
        tab.goto(PAGE)
        return tab, asked

    yield open_page
    for context in made:
        context.close()


def answer(route, application, asked, *, signature, sdk):
    """What the network says: our page and files, a signature, Tencent's script."""
    url = urlsplit(route.request.url)
    asked.append(url)
    if url.path == "/wechat/ask":
        with application.test_request_context("/wechat/ask"):
            template = application.jinja_env.get_template("wechat/ask.html")
            body = template.render(back="/r/1", template="TPL-1")
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": ASKING_POLICY}
        route.fulfill(body=body, headers=headers)
    elif url.path == "/wechat/jssdk":
        given = {"appId": "wx1", "timestamp": 1, "nonceStr": "n", "signature": signature}
        route.fulfill(body=json.dumps(given), content_type="application/json")
    elif url.netloc == "res.wx.qq.com" and sdk:
        route.fulfill(body=SDK, content_type="text/javascript")
    elif url.path.startswith("/static/"):
        route.fulfill(path=Path(application.static_folder) / url.path.removeprefix("/static/"))
    else:
        route.abort()


def test_inside_wechat_the_button_appears_and_says_what_came_of_it(ask):
    tab, asked = ask(INSIDE)
    button = tab.locator("wx-open-subscribe")
    expect(button).to_have_attribute("template", "TPL-1")
    signed = next(parse_qs(url.query)["url"] for url in asked if url.path == "/wechat/jssdk")
    assert signed == [PAGE]
    assert tab.evaluate("window.given.openTagList") == ["wx-open-subscribe"]
    accepted = "tag => tag.dispatchEvent(new CustomEvent('success', {detail: {subscribeDetails: '{\"TPL-1\":\"accept\"}'}}))"
    button.evaluate(accepted)
    expect(tab.get_by_role("status")).to_contain_text("已记下")
    assert [
        url
        for url in asked
        if url.path.startswith("/wechat/") and url.path not in {"/wechat/ask", "/wechat/jssdk"}
    ] == []


def test_outside_wechat_nothing_is_fetched_from_tencent(ask):
    tab, asked = ask(OUTSIDE)
    expect(tab.get_by_role("status")).to_contain_text("现在不能用微信的按钮")
    assert [url for url in asked if url.netloc == "res.wx.qq.com"] == []


@pytest.mark.parametrize("trouble", [{"sdk": False}, {"signature": "bad"}])
def test_where_the_button_cannot_come_the_page_says_so(ask, trouble):
    tab, _ = ask(INSIDE, **trouble)
    expect(tab.get_by_role("status")).to_contain_text("报告页随时可以看进展")
    expect(tab.get_by_role("link", name="返回")).to_be_visible()
