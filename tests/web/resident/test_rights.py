"""The reporter's rights: to see and take what is held about him, and to have it deleted."""

import json

import pytest
from sqlalchemy import select

from server.accounts.models import Resident
from server.accounts.permissions import Part
from server.accounts.roles import Actor
from server.accounts.sessions import open_for_resident
from server.core.crypto import vault
from server.core.db import db
from server.core.tokens import fingerprint
from server.policy.loader import books
from server.reports.contact import reveal
from server.reports.filing import Filing, file_report
from server.reports.links import read_key
from server.reports.models import Report
from tests.web.conftest import read, submit

DEVICE, PHONE, OPENID = "d" * 43, "13812345678", "oOPENID-of-somebody"


@pytest.fixture
def resident(world):
    one = Resident(
        county_id="000000",
        appid="wx1",
        openid_sealed=vault().seal(OPENID),
        openid_index=vault().blind(OPENID, purpose="openid"),
        created_at=world.now,
    )
    db.session.add(one)
    db.session.flush()
    return one.id


@pytest.fixture
def report(world, resident):
    """A leak with a phone, from a known browser and WeChat, at which the bureau has looked."""
    filing = Filing(kind="pipe.leak", text="地下室漏水", phone=PHONE, contact_ok=True, building="3号楼")
    by = Actor(device_hash=fingerprint(DEVICE), resident_id=resident)
    filed = file_report(world.place("ys.hill"), filing, key="k" * 32, by=by, now=world.now)
    stored = db.session.get(Report, filed.report_id)
    bureau = world.actor("ys.bureau")
    reveal(stored, mine=frozenset({Part.BUREAU}), reason="visit", words="约时间", by=bureau, now=world.now)
    db.session.commit()
    return stored


@pytest.fixture
def mine(client, report):
    client.set_cookie("device", DEVICE)
    return client


@pytest.mark.parametrize("address", ["/r/{no}/data", "/r/{no}/data.json", "/my/data", "/my/data.json"])
def test_page_and_file_hold_everything_that_is_held(mine, report, address):
    answer = mine.get(address.format(no=report.no))
    assert answer.status_code == 200
    said = json.dumps(answer.json, ensure_ascii=False) if address.endswith("json") else read(answer).main.text
    for part in (
        report.no,
        PHONE,
        "地下室漏水",
        "3号楼",
        "青山花园小区",
        "约时间",
        "提交",
        "有，只存它的指纹",
    ):
        assert part in said, part
    assert answer.headers["Cache-Control"] == "no-store" if address.endswith("json") else True


def test_somebody_known_to_wechat_also_gets_his_openid_and_his_logins(client, world, report, resident):
    token, _ = open_for_resident(resident, device="微信 · 安卓", now=world.now)
    db.session.commit()
    client.set_cookie("session", token)
    said = read(client.get("/my/data")).main.text
    for part in (OPENID, "微信 · 安卓", PHONE, report.no):
        assert part in said


@pytest.mark.parametrize(
    "address",
    ["/r/{no}/data", "/r/{no}/data.json", "/r/{no}/erase", "/r/{no}/data?k={key}", "/r/{no}/erase?k={key}"],
)
@pytest.mark.parametrize("name", [None, "ys.bureau", "ys.hill.manager"])
def test_nobody_else_gets_any_of_it(client, world, report, address, name):
    browser = world.login(client, name) if name else client
    answer = browser.get(address.format(no=report.no, key=read_key(report.no)))
    assert answer.status_code == 404
    assert PHONE not in answer.get_data(as_text=True)


def test_a_strange_browser_gets_an_empty_page_of_its_own(client, report):
    assert "没有和这台手机有关" in read(client.get("/my/data")).main.text
    assert client.get("/my/data.json").json["parts"] == []


def test_the_deletion_says_what_it_means_and_leaves_the_link(mine, report):
    page = read(mine.get(f"/r/{report.no}/erase"))
    days = books()[report.county_id].limits.contact_days
    for part in ("手机号", "统计", "不能恢复", "不再认得", f"{days} 天"):
        assert part in page.main.text
    answer = submit(mine, page)
    assert answer.status_code == 303
    after = read(mine.get(answer.location))
    assert "已删除您的联系信息" in after.text
    assert report.no in after.text
    assert "只读链接" in after.text
    stored = db.session.scalar(select(Report).where(Report.no == report.no))
    assert (stored.phone_sealed, stored.phone_index, stored.device_hash, stored.resident_id) == (None,) * 4
    assert mine.get(f"/r/{report.no}/data").status_code == 404
    assert mine.get(f"/r/{report.no}").status_code == 404


def test_the_deletion_needs_the_forms_token(mine, report):
    assert mine.post(f"/r/{report.no}/erase").status_code == 400
    assert db.session.scalar(select(Report.phone_sealed).where(Report.no == report.no))


def test_the_tracking_page_leads_to_both_for_the_reporter_alone(mine, report):
    page = mine.get(f"/r/{report.no}?k={read_key(report.no)}")
    assert read(page).find("a", href=f"/r/{report.no}/data")
    assert read(page).find("a", href=f"/r/{report.no}/erase")
    mine.delete_cookie("device")
    assert not read(mine.get(f"/r/{report.no}?k={read_key(report.no)}")).find(
        "a", href=f"/r/{report.no}/erase"
    )


def test_the_notice_says_who_what_for_how_long_and_how_to_withdraw(client, world):
    days = books()["371323"].limits.contact_days
    form = read(client.get(f"/e/{world.code('ys.hill')}/report")).main.text
    for part in ("负责", "只用来办", f"{days} 天", "随时", "收回", "删除"):
        assert part in form, part
    privacy = read(client.get("/privacy")).main.text
    for part in ("收集什么", "谁能看到", "用来做什么", f"{days} 天自动删除", "您可以做什么", "谁负责"):
        assert part in privacy
