"""Every page of the resident in a real browser: readable, reachable, never wider than the screen."""

import pytest
from playwright.sync_api import expect

from server.core import clock
from server.core.db import db
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.models import Report
from server.reports.workflow import Act
from tests.journeys.looks import NARROW, faults_by_day_and_night, too_wide

pytestmark = pytest.mark.browser


def file_one(tab, site, text="三楼灯不亮"):
    """A report of this phone; the address of its tracking page."""
    tab.goto(f"{site.scan()}/report")
    tab.get_by_text("设施维修", exact=True).click()
    tab.get_by_text("路灯", exact=True).click()
    tab.get_by_label("说明").fill(text)
    tab.get_by_role("button", name="提交").click()
    tab.wait_for_url("**/r/**")
    return tab.url.split("/r/")[1].split("?")[0]


def resolved(tab, site):
    """A report of this phone that its handler has resolved."""
    no = file_one(tab, site, "楼道灯坏了")
    with site.app.app_context():
        report = db.session.scalar(db.select(Report).where(Report.no == no))
        deed = Deed(version=report.version, text="换好了", basis="换了灯泡")
        act_on(report, Act.RESOLVE, deed, by=site.world.actor("ys.hill.manager"), now=clock.now())
        db.session.commit()
        db.session.remove()
    return no


def addresses(site, no, done):
    """Every page that a resident can come to, with an open report and a resolved one."""
    code = site.codes["ys.hill"]
    return {
        "landing": f"/e/{code}",
        "report": f"/e/{code}/report",
        "sent": f"/r/{no}?sent=1",
        "track": f"/r/{no}",
        "add": f"/r/{no}/add",
        "withdraw": f"/r/{no}/withdraw",
        "resolved": f"/r/{done}",
        "confirm": f"/r/{done}/confirm",
        "reopen": f"/r/{done}/reopen",
        "rate": f"/r/{done}/rate",
        "moved": f"/r/{done}/withdraw",
        "data": f"/r/{no}/data",
        "erase": f"/r/{no}/erase",
        "my": "/my",
        "my data": "/my/data",
        "find": "/find",
        "help": "/help",
        "privacy": "/privacy",
        "unknown": "/e/0000-0000-0000",
    }


def whole(tab, site):
    """Wait for what a page fetches apart: the landing page's own part."""
    if site.codes["ys.hill"] in tab.url and tab.locator("#mine").count():
        tab.wait_for_load_state("networkidle")


def test_every_page_is_free_of_faults_that_axe_knows(phone, site):
    tab = phone()
    pages = addresses(site, file_one(tab, site), resolved(tab, site))
    for name, address in pages.items():
        tab.goto(address)
        whole(tab, site)
        assert faults_by_day_and_night(tab, name) == [], name


@pytest.mark.parametrize("script", [True, False])
def test_no_page_scrolls_sideways_on_the_narrowest_screen_with_the_biggest_type(phone, site, script):
    tab = phone(viewport=NARROW)
    pages = addresses(site, file_one(tab, site), resolved(tab, site))
    kept = tab.context.cookies()
    tab = phone(viewport=NARROW, java_script_enabled=script)
    tab.context.add_cookies(kept)
    for name, address in pages.items():
        tab.goto(f"{address}{'&' if '?' in address else '?'}size=xl")
        if script:
            whole(tab, site)
        assert tab.locator("html").get_attribute("data-size") == "xl", name
        tab.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not too_wide(tab), name


def test_the_size_of_type_stays_when_somebody_goes_on(phone, site):
    tab = phone(java_script_enabled=False)
    tab.goto(site.scan())
    tab.get_by_role("link", name="特大字").click()
    tab.get_by_role("link", name="报修、投诉", exact=True).click()
    expect(tab.locator("html")).to_have_attribute("data-size", "xl")
