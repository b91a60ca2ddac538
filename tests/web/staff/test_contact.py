"""Asking for the reporter's phone: with his consent, for a reason, once, written down, and told to him (A7)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from server.accounts.models import Resident
from server.core import clock
from server.core.audit import Audit
from server.core.crypto import vault
from server.core.db import NATIONAL, db
from server.notices.models import Address, Push
from server.reports.contact import A_DAY
from server.reports.filing import owner_token
from server.reports.identity import ContactChange, IdentityView
from server.reports.queries import report_by_no
from tests.web.staff.conftest import DEVICE, PHONE, page_of, send

WHY = {"reason": "visit", "words": "约周三上午看漏水"}


@pytest.fixture
def mine(app, client):
    """The reporter's own browser."""
    browser = client.application.test_client()
    browser.set_cookie("device", DEVICE)
    return browser


def ask(browser, report, **fields):
    """Fill in and send the question for the phone."""
    address = f"/b/{report.no}/contact"
    return send(browser, page_of(browser, address), address, **(WHY | fields))


def looks():
    return db.session.scalar(select(func.count()).select_from(IdentityView))


@pytest.mark.parametrize("name", ["ys.bureau", "ys.community"])
def test_the_phone_is_shown_once_for_a_reason_and_kept_out_of_every_cache(staff, filed, name):
    report, browser = filed(contact_ok=True), staff(name)
    answer = ask(browser, report)
    assert answer.status_code == 200
    assert PHONE in answer.get_data(as_text=True)
    assert "no-store" in answer.headers["Cache-Control"]
    for address in (f"/b/{report.no}/contact", f"/b/{report.no}"):
        assert PHONE not in browser.get(address).get_data(as_text=True)


def test_who_looked_when_and_why_is_kept_and_told_to_the_reporter_alone(staff, filed, mine, client):
    report, browser = filed(contact_ok=True), staff("ys.bureau")
    ask(browser, report)
    page = page_of(mine, f"/r/{report.no}")
    told = page.find(id="looks").find_next("ul").text
    view = db.session.scalars(select(IdentityView)).one()
    assert view.by_label in told
    assert "约周三上午看漏水" in told
    assert "约上门或现场查看的时间" in told
    assert "约周三" not in browser.get(f"/b/{report.no}").get_data(as_text=True)
    audited = db.session.scalars(select(Audit).where(Audit.act == "identity.reveal")).one()
    assert audited.about == f"report:{report.no}"
    assert "约周三上午" in audited.reason
    assert PHONE not in str((audited.reason, audited.facts))


@pytest.mark.parametrize("fields", [{"reason": ""}, {"reason": "nosy"}, {"words": ""}, {"words": "长" * 201}])
def test_without_a_reason_nothing_is_shown_or_kept(staff, filed, fields):
    report = filed(contact_ok=True)
    answer = ask(staff("ys.bureau"), report, **fields)
    assert answer.status_code == 422
    assert PHONE not in answer.get_data(as_text=True)
    assert looks() == 0


@pytest.mark.parametrize("name", ["ys.bureau", "ys.community"])
@pytest.mark.parametrize("given", [{"contact_ok": False}, {"contact_ok": True, "phone": None}])
def test_there_is_no_such_page_without_a_phone_and_consent(staff, filed, name, given):
    report = filed(**given)
    assert staff(name).get(f"/b/{report.no}/contact").status_code == 404


@pytest.mark.parametrize("name", ["ys.hill.manager", "ys.town"])
def test_company_and_township_have_no_such_road(staff, filed, name):
    report = filed(contact_ok=True)
    assert staff(name).get(f"/b/{report.no}/contact").status_code == 403
    assert staff(name).post(f"/b/{report.no}/contact", data=WHY).status_code in {400, 403}
    assert looks() == 0


def test_what_the_reporter_takes_back_holds_at_once_even_on_an_open_page(staff, filed, mine):
    report, browser = filed(contact_ok=True), staff("ys.bureau")
    address = f"/b/{report.no}/contact"
    opened = page_of(browser, address)
    own = f"/r/{report.no}/contact"
    assert send(mine, page_of(mine, f"/r/{report.no}"), own).status_code == 303
    answer = send(browser, opened, address, **WHY)
    assert answer.status_code == 404
    assert PHONE not in answer.get_data(as_text=True)
    assert looks() == 0
    assert "收回同意" in page_of(mine, f"/r/{report.no}").text
    assert "收回同意" not in browser.get(f"/b/{report.no}").get_data(as_text=True)
    send(mine, page_of(mine, f"/r/{report.no}"), own)
    assert ask(browser, report).status_code == 200
    assert [one.ok for one in db.session.scalars(select(ContactChange).order_by(ContactChange.id))] == [
        False,
        True,
    ]


def test_nobody_looks_at_more_phones_a_day_than_the_limit(staff, filed):
    report, browser = filed(contact_ok=True), staff("ys.bureau")
    for _ in range(A_DAY):
        assert ask(browser, report).status_code == 200
    answer = ask(browser, report)
    assert answer.status_code == 429
    assert PHONE not in answer.get_data(as_text=True)
    assert looks() == A_DAY
    assert (
        db.session.scalar(select(func.count()).select_from(Audit).where(Audit.act == "identity.reveal"))
        == A_DAY
    )
    assert ask(staff("ys.community"), report).status_code == 200
    with clock.stopped(clock.now() + timedelta(hours=25)):
        assert ask(staff("ys.bureau"), report).status_code == 200


def test_a_reporter_who_can_be_pushed_to_is_told_at_once(staff, filed, world):
    report, safe = filed(contact_ok=True), vault()
    resident = Resident(
        county_id=NATIONAL,
        appid="wx1",
        openid_sealed=safe.seal("o1"),
        openid_index=safe.blind("o1", purpose="openid"),
        created_at=world.now,
    )
    db.session.add(resident)
    db.session.flush()
    db.session.add(
        Address(
            county_id=NATIONAL,
            resident_id=resident.id,
            channel="sms",
            target_sealed=safe.seal("o1"),
            target_index=safe.blind("o1", purpose="sms"),
            created_at=world.now,
        )
    )
    report_by_no(report.no).resident_id = resident.id
    db.session.commit()
    ask(staff("ys.bureau"), report)
    push = db.session.scalars(select(Push).where(Push.purpose == "identity_view")).one()
    assert push.resident_id == resident.id


def test_the_reporter_asks_and_decides_by_the_api_too(client, staff, filed, world):
    report = filed(contact_ok=True)
    ask(staff("ys.bureau"), report)
    own = {"Authorization": f"Bearer {owner_token('0' * 32)}"}
    address = f"/api/v1/reports/{report.no}"
    view = client.get(address, headers=own).json
    assert view["has_phone"]
    assert view["contact_ok"]
    assert [look["words"] for look in view["identity_views"]] == [WHY["words"]]
    off = client.put(f"{address}/contact", json={"contact_ok": False}, headers=own)
    assert off.json["contact_ok"] is False
    assert staff("ys.bureau").get(f"/b/{report.no}/contact").status_code == 404
    foreign = client.put(f"{address}/contact", json={"contact_ok": True}, headers=world.bearer("ys.bureau"))
    assert foreign.status_code == 404
    assert "identity_views" not in client.get(address, headers=world.bearer("ys.bureau")).json


def test_the_page_tells_the_reporter_that_the_company_does_not_read_his_number(filed, mine, staff):
    report = filed(text="漏水，打13922223333")
    assert "物业看不到这些" in page_of(mine, f"/r/{report.no}").text
    assert "13922223333" in page_of(mine, f"/r/{report.no}").text
    assert "〔号码已隐去〕" in page_of(staff("ys.hill.manager"), f"/m/{report.no}").text
    assert "物业看不到这些" not in page_of(mine, f"/r/{filed(text='漏水').no}").text
