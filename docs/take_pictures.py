"""`make pictures`: starts the demo, walks it in a browser, and keeps what README and the help pages show."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pylopdf_fonts_zh_cn
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
SHOWN = ROOT / "server" / "web" / "static" / "pictures"
"""Where the help pages find them; README shows the same."""
VAR = ROOT / "out" / "pictures"
PORT = 8610
PHONE = {"width": 375, "height": 812}
DESK = {"width": 1280, "height": 800}


def start() -> tuple[subprocess.Popen[str], str]:
    """The demo on data of its own, and what it says about where to begin."""
    shutil.rmtree(VAR, ignore_errors=True)
    env = os.environ | {"PORT": str(PORT), "VAR_DIR": str(VAR), "PUBLIC_BASE_URL": f"http://127.0.0.1:{PORT}"}
    demo = subprocess.Popen(
        [sys.executable, "-m", "server.launch"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    said = ""
    for line in demo.stdout or ():
        said += line
        if "Ctrl-C 结束" in line:
            return demo, said
    raise RuntimeError(f"the demo did not start:\n{said}")


def fonts() -> Path:
    """A fontconfig file that adds our Chinese font to the system's."""
    folder = Path(str(pylopdf_fonts_zh_cn.sans_path())).parent
    path = VAR / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>'
    )
    return path


def shoot(page: Page, name: str) -> None:
    """Keep what the page shows now."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=SHOWN / f"{name}.png", scale="css")


def log_in(browser: Browser, base: str, user: str, password: str, *, size: dict[str, int]) -> Page:
    """A page of somebody who has just logged in."""
    page = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
    page.goto(f"{base}/login")
    page.fill("[name=username]", user)
    page.fill("[name=password]", password)
    page.click("main [type=submit]")
    page.wait_for_load_state("networkidle")
    return page


def resident(browser: Browser, scan: str) -> None:
    """A resident scans, reports and follows."""
    page = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai").new_page()
    page.goto(scan)
    shoot(page, "resident-landing")
    page.click("text=报修、投诉")
    page.click("label:has-text('设施维修')")
    page.click("label:has-text('路灯')")
    shoot(page, "resident-report")
    page.click("main form [type=submit]:visible")
    page.wait_for_url("**/r/**")
    shoot(page, "resident-track")
    page.goto(f"{scan}/disclosures")
    shoot(page, "resident-disclosures")


def manager(browser: Browser, base: str, password: str) -> None:
    """A manager looks at the inbox and opens what is due first."""
    page = log_in(browser, base, "anju", password, size=PHONE)
    page.goto(f"{base}/m/")
    shoot(page, "manager-inbox")
    page.click("main a[href^='/m/YS']")
    shoot(page, "manager-report")
    page.click("a:has-text('办结')")
    shoot(page, "manager-resolve")


def called(browser: Browser, base: str, password: str) -> None:
    """A community and a department look at what they must do."""
    for user, name in (("mcshequ", "community"), ("mcxiaofang", "department")):
        page = log_in(browser, base, user, password, size=PHONE)
        page.goto(f"{base}/m/")
        shoot(page, f"{name}-work")


def bureau(browser: Browser, base: str, password: str) -> None:
    """The bureau looks at the feed, the estates and the counts."""
    page = log_in(browser, base, "zhujian", password, size=DESK)
    for name, path in (("feed", ""), ("estates", "estates"), ("counts", "counts"), ("ledger", "reports")):
        page.goto(f"{base}/b/{path}")
        shoot(page, f"bureau-{name}")


def main() -> None:
    """Start, walk, keep, end."""
    SHOWN.mkdir(parents=True, exist_ok=True)
    demo, said = start()
    scan = re.search(r"http://\S+/e/[0-9A-Z]{12}", said)
    password = re.search(r"密码都是 (\S+)", said)
    assert scan, said
    assert password, said
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox", "--lang=zh-CN"],
                env={**os.environ, "FONTCONFIG_FILE": str(fonts())},
            )
            resident(browser, scan[0])
            manager(browser, f"http://127.0.0.1:{PORT}", password[1])
            called(browser, f"http://127.0.0.1:{PORT}", password[1])
            bureau(browser, f"http://127.0.0.1:{PORT}", password[1])
            browser.close()
    finally:
        demo.terminate()
        demo.wait(30)


if __name__ == "__main__":
    main()
