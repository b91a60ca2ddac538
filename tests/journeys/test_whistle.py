"""蒙城县 飞线充电: the community whistles for fire brigade and police; one answers by a link, one stays silent (A7)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from server.accounts.bodies import ensure_bodies, ensure_place_body
from server.accounts.models import Body, BodyKind
from server.accounts.roles import Actor, Role
from server.core import clock
from server.core.db import db
from server.escalation.silence import sweep_parts
from server.policy.loader import books
from server.reports.filing import Filing, file_report
from server.reports.links import track_url
from tests.journeys.looks import faults_of, too_wide
from tests.journeys.test_staff import desk  # noqa: F401 - a fixture
from tests.photos.pictures import encoded, flag
from tests.world import add_estate, hire

pytestmark = pytest.mark.browser
COUNTY = "341622"
LATER = timedelta(minutes=40)


@pytest.fixture(scope="module")
def report(site):
    """A county more, the fire brigade there without anybody at a desk; the number of a report of wires."""
    with site.app.app_context():
        world, now = site.world, clock.now()
        bureau = ensure_bodies(books()[COUNTY], now=now)
        town = ensure_place_body(bureau, BodyKind.TOWNSHIP, "城关街道", now=now)
        community = ensure_place_body(town, BodyKind.COMMUNITY, "南华社区", now=now)
        world.bodies["mc.community"] = community
        police = db.session.scalar(db.select(Body).where(Body.county_id == COUNTY, Body.key == "police"))
        for name, body, role in (
            ("mc.bureau", bureau, Role.BUREAU),
            ("mc.town", town, Role.TOWNSHIP),
            ("mc.community", community, Role.COMMUNITY),
            ("mc.police", police, Role.DEPARTMENT),
        ):
            hire(world, name, body, role)
        add_estate(world, "mc.garden", "mc.community", "漆园小区", "漆园物业")
        kind = next(one.key for one in books()[COUNTY].kinds.values() if one.label == "飞线充电")
        filing = Filing(kind=kind, text="二号楼从四楼拉线充电，打13922223333")
        filed = file_report(world.place("mc.garden"), filing, key="w" * 32, by=Actor(), now=now)
        site.codes["mc.garden"] = world.code("mc.garden")
        db.session.commit()
        db.session.remove()
        with site.app.test_request_context():
            address = track_url(filed.no)
    return filed.no, address


def test_one_answers_by_a_link_and_the_silent_one_stands_on_the_feed_and_in_the_month(
    desk,  # noqa: F811
    phone,
    site,
    report,
):
    no, tracking = report
    community = desk("mc.community")
    community.goto(f"/b/{no}/whistle")
    assert faults_of(community) == []
    assert not too_wide(community)
    lead = community.get_by_role("group", name="谁来办")
    expect(lead.locator("input:checked + label")).to_contain_text("消防")
    community.get_by_role("group", name="还要谁会办").locator("label", has_text="公安").click()
    community.get_by_label("为什么要叫部门来").fill("劝了三次不听，物业没有执法权")
    community.get_by_role("button", name="吹哨").click()
    expect(community.get_by_text("被叫的单位会收到消息")).to_be_visible()
    assert faults_of(community) == []
    community.get_by_role("button", name=re.compile("消防.*没有账号")).click()
    words = community.locator(".said").inner_text()
    assert faults_of(community) == []
    link = re.search(r"/d/[A-Za-z0-9_-]{43}", words)[0]

    fire = phone(java_script_enabled=False)
    fire.goto(link)
    assert "13922223333" not in fire.content()
    fire.get_by_role("button", name="报到").click()
    expect(fire.get_by_text("已报到")).to_be_visible()
    later = clock.now() + LATER
    with clock.stopped(later):
        silent(desk, site, no, later)
        answered(fire)
    looked = phone()
    looked.goto(link)
    assert faults_of(looked) == []
    assert not too_wide(looked)
    reporter = phone()
    reporter.goto(tracking)
    for words in ("吹哨", "报到", "县消防救援大队 凭链接办理"):
        expect(reporter.get_by_text(words).first).to_be_visible()


def silent(desk, site, no, later):  # noqa: F811
    """Forty minutes later: the police have not reported in, and everybody above sees it."""
    with site.app.app_context():
        while sweep_parts(later):
            db.session.commit()
        db.session.remove()
    bureau = desk("mc.bureau")
    bureau.goto("/b/")
    entry = bureau.locator(".entry", has_text=no).filter(has_text="未报到").first
    expect(entry).to_contain_text(re.compile("公安局.*未报到"))
    expect(bureau.get_by_text(re.compile("消防.*未报到"))).to_have_count(0)
    bureau.goto(f"/b/counts?month={clock.local(later - LATER):%Y-%m}")
    row = bureau.get_by_role("row").filter(has_text="公安")
    assert row.locator("td, th").all_inner_texts()[1:4] == ["1", "0", "1"]
    police = desk("mc.police")
    police.goto(f"/m/{no}")
    expect(police.get_by_role("button", name="报到")).to_be_visible()
    assert "13922223333" not in police.content()


def answered(fire):
    """The fire brigade answers on its phone, without login and without script."""
    fire.locator("label.option", has_text=re.compile("^已解决$")).click()
    picture = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": encoded(flag((640, 480)))}
    fire.locator('input[name="photo"]').last.set_input_files(picture)
    fire.get_by_label("说明").fill("飞线已拆除，充电桩已启用")
    fire.get_by_role("button", name="提交答复").click()
    expect(fire.get_by_text("这个链接只能再看")).to_be_visible()
    expect(fire.get_by_role("button", name="提交答复")).to_have_count(0)
