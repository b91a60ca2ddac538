"""A phone on a slow line: Chromium with DevTools' slow-4G profile and a CPU four times slower."""

import shutil
from dataclasses import dataclass

from playwright.sync_api import CDPSession, ViewportSize, sync_playwright

PHONE: ViewportSize = {"width": 360, "height": 780}
WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; V2118A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.47.2560 NetType/4G Language/zh_CN"
)
KILOBIT = 1000 / 8
SLOW_4G = {
    "offline": False,
    "latency": 562,
    "downloadThroughput": 1440 * KILOBIT,
    "uploadThroughput": 675 * KILOBIT,
}
SLOWER = 4
PAINTED = (
    "performance.getEntriesByType('paint').find(entry => entry.name === 'first-contentful-paint').startTime"
)
FILES = "performance.getEntriesByType('resource').map(entry => [entry.name, entry.responseEnd])"


@dataclass(frozen=True)
class Look:
    """One first visit with an empty cache."""

    painted_s: float
    kilobytes: float
    before_paint: int
    files: int


def first_look(address: str) -> Look:
    """Open a page as somebody does who scans the poster for the first time."""
    with sync_playwright() as play:
        own = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = play.chromium.launch(executable_path=own, args=["--no-sandbox"])
        page = browser.new_context(
            viewport=PHONE, user_agent=WECHAT, is_mobile=True, has_touch=True
        ).new_page()
        line = page.context.new_cdp_session(page)
        sizes = _slow(line)
        page.goto(address, wait_until="networkidle")
        painted = float(page.evaluate(PAINTED))
        files = page.evaluate(FILES)
        browser.close()
    before = 1 + sum(1 for _, ended in files if 0 < ended < painted)
    return Look(painted / 1000, sum(sizes) / 1000, before, 1 + len(files))


def _slow(line: CDPSession) -> list[float]:
    """Slow a page down; gives the list to which the bytes of each answer will be added."""
    sizes: list[float] = []
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_4G)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return sizes
