"""The main job end to end, over what `make run` starts: web, worker, WeChat's sandbox, real phones' pages.

A resident scans, the manager and the bureau get it, the manager fixes it, the resident says so, and says no.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from server.launch import taken
from tests.journeys.conftest import PHONE, WECHAT
from tests.journeys.test_resident_journey import hand_in, snapshot

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent.parent
BEGINS = "Ctrl-C 结束"


@pytest.fixture(scope="module")
def demo(worker_name, chromium):
    """What `make run` prints, once everything answers; its data lies below folders that are open already."""
    var = ROOT / "var" / f"loop-{worker_name}"
    shutil.rmtree(var, ignore_errors=True)
    port = next(
        port for port in random.sample(range(20000, 30000), 50) if not taken(port) and not taken(port + 1)
    )
    base = f"http://127.0.0.1:{port}"
    env = os.environ | {
        "PORT": str(port),
        "VAR_DIR": str(var),
        "PUBLIC_BASE_URL": base,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "server.launch"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    said = ""
    for line in process.stdout:
        said += line
        if BEGINS in line:
            break
    assert BEGINS in said, said
    yield said
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=150)[0]
    assert "正在结束" in rest
    assert not taken(port)
    shutil.rmtree(var)


@pytest.fixture
def browser(chromium, demo):
    """A function that opens a page of somebody's own phone."""
    contexts = []

    def of(**more):
        context = chromium.new_context(
            user_agent=WECHAT, viewport=PHONE, is_mobile=True, has_touch=True, locale="zh-CN", **more
        )
        contexts.append(context)
        return context.new_page()

    yield of
    for context in contexts:
        context.close()


def until(tab, address, words):
    """Look again until the page says so, as somebody would who waits for a message."""
    for _ in range(60):
        tab.goto(address)
        if words in tab.content():
            return
        tab.wait_for_timeout(500)
    raise AssertionError(f"{address} never said {words}: {tab.inner_text('body')[:800]}")


def log_in(tab, base, user, demo):
    tab.goto(f"{base}/login")
    tab.fill("[name=username]", user)
    tab.fill("[name=password]", re.search(r"密码都是 (\S+)", demo)[1])
    tab.click("main [type=submit]")


def report(mine, scan, words, *, script, group="设施维修", kind="路灯"):
    """Scan, three photos, the network gone in between, sent once; the number."""
    mine.goto(scan)
    mine.get_by_role("link", name="报修、投诉", exact=True).click()
    if script:
        expect(mine.locator("[data-photos].is-live")).to_be_visible()
    mine.set_input_files("input[multiple]", [snapshot(1), snapshot(2), snapshot(3)])
    if script:
        expect(mine.locator(".thumb-state")).to_have_text(["已上传"] * 3, timeout=20000)
        mine.context.set_offline(True)
    mine.get_by_text(group, exact=True).click()
    mine.get_by_text(kind, exact=True).click()
    mine.get_by_label("说明").fill(words)
    hand_in(mine)
    if script:
        expect(mine.get_by_role("status").filter(has_text="内容已保存")).to_be_visible()
        mine.goto("about:blank")
        mine.context.set_offline(False)
        mine.goto(f"{scan}/report")
    mine.wait_for_url("**/r/**")
    return re.search(r"YS\d{6}-\w{5}", mine.url)[0]


def fix(manager, base, no, words, *, script):
    """The manager opens what the push leads to, accepts, and resolves it with a photo."""
    manager.goto(f"{base}/go/{no}")
    expect(manager.locator("main")).to_contain_text(words)
    manager.get_by_role("button", name="受理").click()
    expect(manager.get_by_role("status").first).to_contain_text("已受理")
    manager.get_by_role("link", name="办结", exact=True).click()
    manager.get_by_text("已解决", exact=True).click()
    if script:
        expect(manager.locator("[data-photos].is-live")).to_be_visible()
    manager.locator('input[type="file"]').nth(1).set_input_files(snapshot(4))
    manager.get_by_label("说明").fill("换了灯泡")
    manager.get_by_role("button", name="提交办结").click()
    expect(manager.get_by_role("status").first).to_contain_text("已提交办结")


def judge(mine, base, no):
    """The reporter confirms and rates, and the next day says that it is broken again."""
    mine.goto(f"{base}/r/{no}")
    expect(mine.get_by_text("处理后")).to_be_visible()
    mine.get_by_role("link", name="已解决").click()
    mine.locator("label", has=mine.locator("input[name=score][value='4']")).click()
    mine.get_by_role("button", name="已解决").click()
    expect(mine.get_by_role("status").first).to_contain_text("已确认解决")
    mine.get_by_role("link", name="没解决").click()
    mine.get_by_label("想说的话").fill("第二天又灭了")
    mine.get_by_role("button", name="没解决").click()
    expect(mine.get_by_role("status").first).to_contain_text("已退回重办")


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_from_the_poster_to_the_reopening(browser, demo, script):
    scan = re.search(r"http://\S+/e/[0-9A-Z]{12}", demo)[0]
    base, words = scan.split("/e/")[0], f"楼道灯全灭了（{'有' if script else '无'}脚本）"
    mine = browser(java_script_enabled=script)
    no = report(mine, scan, words, script=script)
    manager = browser(java_script_enabled=script)
    log_in(manager, base, "anju", demo)
    fix(manager, base, no, words, script=script)
    judge(mine, base, no)
    bureau = browser(java_script_enabled=script)
    log_in(bureau, base, "zhujian", demo)
    bureau.goto(f"{base}/b/?reason=reopened")
    expect(bureau.locator("main")).to_contain_text(no)


def test_a_danger_rings_on_both_phones_at_any_hour(browser, demo):
    """What is not dangerous waits for the morning from 21:30 on, which tests with a clock of their own hold."""
    scan = re.search(r"http://\S+/e/[0-9A-Z]{12}", demo)[0]
    base, mine, phone = scan.split("/e/")[0], browser(), browser()
    no = report(mine, scan, "楼道里拉了插线板充电", script=True, group="消防·充电", kind="飞线充电")
    for owner in ("manager-1", "bureau-1"):
        until(phone, f"{base}/_sandbox/phones/{owner}", no)
    manager = browser()
    log_in(manager, base, "anju", demo)
    manager.goto(f"{base}/go/{no}")
    expect(manager.locator("main")).to_contain_text("楼道里拉了插线板充电")
