"""What leads to a reporter is in no byte that the company can reach."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from server.core.db import db
from server.reports.models import Report
from tests.web.bureau.forms import send
from tests.web.staff.conftest import DEVICE, PHONE, act, page_of


def marks(report):
    """Everything stored that tells this reporter from another."""
    row = db.session.execute(select(Report.__table__).where(Report.id == report.id)).one()
    secrets = {PHONE, PHONE[:3] + "****" + PHONE[-4:], DEVICE, row.owner_hash, row.device_hash}
    return secrets | {row.phone_sealed, row.phone_index, row.key_hash, row.body_hash}


def reached(browser, start):
    """Every page that a browser comes to by following links of the house, and its body."""
    seen, todo = {}, [start]
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        answer = browser.get(address)
        seen[address] = answer.get_data()
        if answer.status_code != 200 or "html" not in answer.content_type:
            continue
        page = page_of(browser, address)
        for link in page.find_all("a", href=True):
            href = link["href"].split("#")[0]
            if href.startswith(("/m/", "/account", "/b/", "/go/")):
                todo.append(href)
    return seen


@pytest.mark.parametrize("ok", [True, False])
def test_no_page_of_the_company_tells_who_reported(staff, filed, picture, ok):
    report = filed(contact_ok=ok, photo=picture())
    browser = staff("ys.hill.manager")
    act(browser, "/m/", report, "accept")
    pages = reached(browser, "/m/")
    assert f"/m/{report.no}" in pages
    assert f"/m/{report.no}/reply" in pages
    for address, body in pages.items():
        for mark in marks(report):
            assert mark.encode() not in body, (address, mark)


def test_the_company_is_sent_to_the_community_where_a_call_is_welcome(staff, filed):
    report = filed(contact_ok=True)
    assert "请通过社区联系" in page_of(staff("ys.hill.manager"), f"/m/{report.no}").text


@pytest.mark.parametrize("name", ["ys.bureau", "ys.community"])
def test_bureau_and_community_see_no_number_by_default_but_the_way_to_ask_for_it(staff, filed, name):
    report = filed(contact_ok=True)
    body = staff(name).get(f"/b/{report.no}").get_data(as_text=True)
    assert "5678" not in body
    assert f"/b/{report.no}/contact" in body


@pytest.mark.parametrize("name", ["ys.bureau", "ys.community", "ys.town"])
def test_without_consent_nobody_sees_any_of_it(staff, filed, name):
    report = filed(contact_ok=False)
    assert "5678" not in staff(name).get(f"/b/{report.no}").get_data(as_text=True)


def test_the_township_sees_no_number(staff, filed):
    report = filed(contact_ok=True)
    assert "5678" not in staff("ys.town").get(f"/b/{report.no}").get_data(as_text=True)


def test_the_export_tells_what_happened_and_not_who_said_so(staff, filed):
    report = filed(contact_ok=True, text='=HYPERLINK("http://x")，打13922223333')
    answer = send(staff("ys.bureau"), "/b/reports/export", reason="月度汇总")
    assert answer.status_code == 200
    parts = ZipFile(BytesIO(answer.get_data()))
    whole = b"".join(parts.read(name) for name in parts.namelist())
    assert report.no.encode() in whole
    assert b"13922223333" not in whole, "a file goes further than a screen"
    assert b"<f>" not in whole, "what was typed is no formula"
    for mark in marks(report):
        assert mark.encode() not in whole
