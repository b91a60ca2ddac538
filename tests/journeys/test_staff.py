"""The pages of staff in a real browser: readable for everybody, on a phone and at a desk, with and without script."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from server.accounts.roles import Actor
from server.accounts.sessions import open_for_person
from server.core import clock
from server.core.db import db
from server.escalation.service import sweep
from server.photos.service import keep_photo
from server.policy.loader import books
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from tests.journeys.looks import NARROW, SCREENS, faults_of, faults_on_every_screen, too_wide
from tests.journeys.looks import picture as keep_picture
from tests.photos.pictures import encoded, flag

pytestmark = pytest.mark.browser

HOURS_AGO = {"now": 0, "recent": 3, "old": 80}
STORIES = (
    ("水管爆裂，水已经漫到楼道，请尽快来人", "漏水", "recent", (Act.ACCEPT,)),
    ("三楼楼道灯不亮，老人晚上看不清路", "路灯", "now", ()),
    ("电梯停在五楼和六楼之间，有人被困", "电梯困人", "old", ()),
    ("垃圾桶满了好几天没有人清理，有异味", "保洁不到位", "old", (Act.ACCEPT, Act.RESOLVE)),
    ("小区北门路面塌陷", "路面", "recent", (Act.ACCEPT, Act.REPLY)),
)
DEEDS = {
    Act.ACCEPT: {},
    Act.REPLY: {"text": "已到现场查看，配件明天到货后更换。"},
    Act.RESOLVE: {"text": "已清理干净，请查看。", "basis": "现场已清理", "outcome": "solved"},
}


def kind_of(label):
    return next(kind.key for kind in books()["371323"].kinds.values() if kind.label == label)


def tell(site, number, story):
    """One report and what the manager has done about it so far."""
    text, label, when, steps = story
    at = clock.now() - timedelta(hours=HOURS_AGO[when])
    photos = (keep_photo(encoded(flag((640 + 16 * number, 480))), now=at)[0].id,) if number % 2 == 0 else ()
    filing = Filing(
        kind=kind_of(label),
        text=text,
        photos=photos,
        building="3号楼",
        unit="2单元",
        phone="13812345678",
        contact_ok=True,
    )
    filed = file_report(site.world.place("ys.hill"), filing, key=f"story-{number:026d}", by=Actor(), now=at)
    report = report_by_no(filed.no)
    manager = site.world.actor("ys.hill.manager")
    for minutes, step in enumerate(steps, start=5):
        after = keep_photo(encoded(flag((700 + 16 * number, 480))), now=at)[0].id
        photos = (after,) if step is Act.RESOLVE else ()
        deed = Deed(version=report.version, photos=photos, **DEEDS[step])
        act_on(report, step, deed, by=manager, now=at + timedelta(minutes=minutes))
    return filed.no


@pytest.fixture(scope="module")
def stories(site):
    """Reports in every state, the clocks of the old ones run out; their numbers."""
    with site.app.app_context():
        numbers = [tell(site, number, story) for number, story in enumerate(STORIES)]
        sweep(clock.now())
        db.session.commit()
        db.session.remove()
    return numbers


@pytest.fixture
def desk(chromium, site):
    """Makes browsers in which somebody is logged in."""
    made = []

    def make(name, screen="phone", **more):
        context = chromium.new_context(
            viewport=SCREENS[screen], locale="zh-CN", timezone_id="Asia/Shanghai", base_url=site.base, **more
        )
        with site.app.app_context():
            person = db.session.merge(site.world.people[name])
            token, _ = open_for_person(person, device="微信 · 安卓", now=clock.now())
            db.session.commit()
            db.session.remove()
        context.add_cookies([{"name": "session", "value": token, "url": site.base}])
        made.append(context)
        return context.new_page()

    yield make
    for context in made:
        context.close()


def addresses(name, numbers):
    """Every page about reports that somebody comes to, with a name for its picture."""
    leak, lamp, lift, waste, road = numbers
    if name.endswith("manager"):
        return {
            "inbox": "/m/",
            "inbox-late": "/m/?tab=late",
            "inbox-doing": "/m/?tab=doing",
            "report": f"/m/{leak}",
            "report-new": f"/m/{lamp}",
            "report-resolved": f"/m/{waste}",
            **{
                f"act-{act}": f"/m/{leak}/{act}"
                for act in ("resolve", "reply", "ask", "transfer", "hand_back")
            },
            "act-extend": f"/m/{road}/extend",
            "account": "/account",
            "help": "/help/manager",
            "help-community": "/help/community",
            "help-department": "/help/department",
        }
    return {
        "feed": "/b/",
        "feed-all": "/b/?open=all",
        "ledger": "/b/reports",
        "counts": "/b/counts",
        "bodies": "/b/bodies",
        "work": "/m/",
        "work-watch": "/m/?tab=watch",
        "watched": f"/b/{lift}",
        "supervise": f"/b/{lift}/supervise",
        "contact": f"/b/{lift}/contact",
        "help-bureau": "/help/bureau",
    }


@pytest.mark.parametrize("name", ["ys.hill.manager", "ys.bureau"])
def test_every_page_is_free_of_faults_that_axe_knows(desk, stories, name):
    tab = desk(name)
    for called, address in addresses(name, stories).items():
        tab.goto(address)
        assert faults_on_every_screen(tab, f"staff-{called}") == [], called


@pytest.mark.parametrize("name", ["ys.hill.manager", "ys.bureau"])
def test_no_page_scrolls_sideways_on_a_narrow_screen_with_the_biggest_type(desk, stories, name):
    tab = desk(name)
    tab.set_viewport_size(NARROW)
    for called, address in addresses(name, stories).items():
        tab.goto(f"{address}{'&' if '?' in address else '?'}size=xl")
        assert not too_wide(tab), called


def test_the_login_page_is_free_of_faults(chromium, site):
    context = chromium.new_context(viewport=SCREENS["phone"], base_url=site.base)
    tab = context.new_page()
    tab.goto("/login")
    assert faults_of(tab) == []
    keep_picture(tab, "staff-login")
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_manager_takes_a_report_from_the_list_to_its_resolution(desk, site, script):
    with site.app.app_context():
        no = tell(site, 50 + script, ("单元门关不上", "门窗", "now", ()))
        db.session.commit()
        db.session.remove()
    tab = desk("ys.hill.manager", java_script_enabled=script)
    tab.goto("/m/")
    tab.locator(f'a[href="/m/{no}"]').click()
    tab.get_by_role("button", name="受理").click()
    expect(tab.get_by_role("status").first).to_contain_text("已受理")
    tab.get_by_role("link", name="办结", exact=True).click()
    tab.get_by_text("已解决", exact=True).click()
    shot = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": encoded(flag((800, 600)))}
    tab.locator('input[type="file"]').nth(1).set_input_files(shot)
    tab.get_by_label("说明").fill("已更换闭门器")
    if script:
        expect(tab.locator("[data-thumbs] .thumb")).to_have_count(1)
    tab.get_by_role("button", name="提交办结").click()
    expect(tab.get_by_role("status").first).to_contain_text("已提交办结")
    assert tab.url.endswith(f"/m/{no}?done=resolve")
    expect(tab.locator(".timeline img")).to_have_count(1)


def test_the_feed_shows_a_new_entry_without_a_reload(desk, site, stories):
    tab = desk("ys.bureau", "desk")
    tab.clock.install()
    tab.goto("/b/")
    before = tab.locator("[data-entry]").count()
    with site.app.app_context():
        no = tell(site, 90, ("电梯里有人被困", "电梯困人", "now", ()))
        db.session.commit()
        db.session.remove()
    tab.clock.run_for(10_000)
    expect(tab.locator(f'a[href="/b/{no}"]').first).to_be_visible()
    assert tab.locator("[data-entry]").count() > before
