"""A lost link is found again by its reporter, and by nobody who knows number and phone alone (issue 3)."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.devices import know_device
from server.accounts.roles import Actor
from server.core import clock, limits
from server.core.db import db
from server.core.tokens import fingerprint
from server.reports.filing import Filing, file_report, owner_token
from server.reports.find_codes import find_code
from server.reports.identity import IdentityView
from server.reports.links import read_key
from server.reports.models import Report
from tests.web.conftest import read, submit

DEVICE, OTHER, PHONE, KEY = "d" * 43, "e" * 43, "13800138000", "k" * 32


@pytest.fixture
def file(world):
    """File a leak from the reporter's browser; gives it as stored."""

    def make(key=KEY, phone=PHONE):
        by = Actor(device_hash=fingerprint(DEVICE))
        filing = Filing(kind="pipe.leak", text="地下室漏水", phone=phone, contact_ok=True)
        filed = file_report(world.place("ys.hill"), filing, key=key, by=by, now=world.now)
        db.session.commit()
        return db.session.get(Report, filed.report_id)

    return make


@pytest.fixture
def report(file):
    return file()


@pytest.fixture
def mine(client, report):
    """The reporter's own browser."""
    browser = client.application.test_client()
    browser.set_cookie("device", DEVICE)
    return browser


def link(report):
    return f"/r/{report.no}?k={read_key(report.no)}"


def find(browser, report, **fields):
    """Fill in and send the form."""
    form = read(browser.get(f"/find?no={report.no}"))
    given = {"no": report.no, "phone": PHONE, "find_code": find_code(report)} | fields
    return submit(browser, form, at="/find", **given)


def other_code(report, step=1):
    """Six digits that are not the report's."""
    return f"{(int(find_code(report)) + step) % 10**6:06d}"


def said(answer):
    return read(answer).find(id="errors").text


def owner(report):
    return db.session.scalar(select(Report.device_hash).where(Report.id == report.id))


def test_number_phone_and_code_give_a_report_back(client, report):
    code = find_code(report)
    answer = find(
        client, report, no=report.no.lower(), phone="138 0013 8000", find_code=f" {code[:3]}-{code[3:]}"
    )
    assert answer.status_code == 303
    assert client.get_cookie("device")
    assert owner(report) != fingerprint(DEVICE)
    assert read(client.get(answer.location)).find("a", href=f"/r/{report.no}/add")


def test_number_and_phone_alone_neither_confirm_nor_take_a_report(client, report):
    """The company knows both."""
    for code in ("", other_code(report), "000000x"):
        answer = find(client, report, find_code=code)
        assert answer.status_code == 422
        assert find_code(report) not in answer.get_data(as_text=True)
    form = read(client.get("/find"))
    assert submit(client, form, at="/find", no=report.no, phone=PHONE, find_code=None).status_code == 422
    assert client.get_cookie("device") is None
    assert owner(report) == fingerprint(DEVICE)


def test_whatever_is_wrong_is_answered_in_the_same_words_after_the_same_questions(client, file, report):
    from tests.statements import recorded

    given = {"no": report.no, "phone": PHONE, "find_code": find_code(report)}
    tries = [
        {"phone": "13900139000"},
        {"find_code": other_code(report)},
        {"no": "YS261118-22222", "phone": "13800138001"},
        {"no": file("w" * 32, phone=None).no, "phone": "13700137000"},
    ]
    form, texts, costs = read(client.get("/find")), set(), []
    for fields in tries:
        with recorded() as asked:
            answer = submit(client, form, at="/find", **given | fields)
        assert answer.status_code == 422
        texts.add(said(answer))
        costs.append(len(asked))
    assert len(texts) == 1
    assert len(set(costs)) == 1, costs
    assert said(find(client, report, phone="x", no="x")) in texts
    assert client.get_cookie("device") is None


@pytest.mark.parametrize("how", ["logged in", "logged out", "another's"])
def test_staff_and_their_browsers_are_refused_in_the_same_words(client, world, report, how):
    stranger = client.application.test_client()
    wrong = said(find(stranger, report, find_code=other_code(report)))
    client.set_cookie("device", OTHER)
    if how == "logged out":
        know_device(world.people["ys.hill.manager"], fingerprint(OTHER), now=world.now)
        db.session.commit()
    else:
        world.login(client, "ys.hill.manager" if how == "logged in" else "st.hill.manager")
    answer = find(client, report)
    assert (answer.status_code, said(answer)) == (422, wrong)
    assert owner(report) == fingerprint(DEVICE)


@pytest.mark.parametrize("same", ["number", "phone"])
def test_guessing_ends_after_a_few_tries(client, world, report, same):
    code = find_code(report)
    for number in range(5):
        no = report.no if same == "number" else f"YS261118-2222{number + 2}"
        phone = PHONE if same == "phone" else f"1390013900{number}"
        assert find(client, report, no=no, phone=phone, find_code=other_code(report)).status_code == 422
    last = find(client, report)
    assert last.status_code == 429
    assert "15 分钟" in read(last).text
    with clock.stopped(world.now + timedelta(minutes=15)):
        assert find(client, report, find_code=code).status_code == 303


def guess(client, world, report, times, *, begun):
    """Wrong codes, as slowly as the short limit demands; when the last one was sent."""
    for number in range(times):
        at = begun + timedelta(minutes=15 * (number // 5))
        with clock.stopped(at):
            phone = f"139{number:08d}"
            assert find(client, report, phone=phone, find_code=other_code(report)).status_code == 422
    return at


def test_slow_guessing_ends_too_and_the_sentence_says_whom_to_ring(client, world, report):
    """From the beginning of a window of thirty days, so that the test never stands across two."""
    month = timedelta(days=30)
    begun = limits.Quota("find-failed", report.no, 20, month).began_at(world.now) + month
    last = guess(client, world, report, 20, begun=begun)
    for later in (timedelta(hours=1), timedelta(days=1), timedelta(days=29)):
        with clock.stopped(last + later):
            limits.forget(clock.now())
            answer = find(client, report)
            assert answer.status_code == 429
            assert "打电话给小区所属社区" in read(answer).text
    with clock.stopped(begun + month):
        assert find(client, report).status_code == 303


def test_finding_one_s_own_again_and_again_is_no_failure(client, world, report):
    begun = limits.Quota("find-failed", report.no, 20, timedelta(days=30)).began_at(world.now) + timedelta(
        days=30
    )
    for number in range(25):
        with clock.stopped(begun + timedelta(minutes=15 * (number // 5))):
            assert find(client.application.test_client(), report).status_code == 303


def test_long_counts_are_forgotten_in_the_end(app, world):
    quota = limits.Quota("find-failed", "x", 20, timedelta(days=30))
    limits.hit_all([quota, limits.Quota("find", "x", 5, timedelta(minutes=15))], now=world.now)
    assert limits.forget(quota.began_at(world.now) + timedelta(days=31)) == 1
    assert limits.forget(quota.began_at(world.now) + timedelta(days=41)) == 1


def test_the_code_stands_beside_the_number_for_the_reporter_alone(client, mine, world, report):
    code, address = find_code(report), link(report)
    page = read(mine.get(address))
    assert code in page.main.text
    assert "请抄下或截屏" in page.find(id="find-code").text
    assert code not in client.get(address).get_data(as_text=True)
    for name in ("ys.hill.manager", "ys.community", "ys.bureau"):
        browser = world.login(client.application.test_client(), name)
        desk = "/m/" if name == "ys.hill.manager" else "/b/"
        for here in (address, f"{desk}{report.no}", f"/api/v1/reports/{report.no}"):
            assert code not in browser.get(here, headers=None).get_data(as_text=True), (name, here)
        api = client.get(f"/api/v1/reports/{report.no}", headers=world.bearer(name))
        assert "find_code" not in api.json


def test_the_reporter_s_own_view_of_the_api_holds_it(client, file, report):
    def view(one, key):
        token = {"Authorization": f"Bearer {owner_token(key)}"}
        return client.get(f"/api/v1/reports/{one.no}", headers=token).json

    assert view(report, KEY)["find_code"] == find_code(report)
    assert view(file("w" * 32, phone=None), "w" * 32)["find_code"] is None


def test_without_a_phone_there_is_no_code(file, client):
    without = file("w" * 32, phone=None)
    client.set_cookie("device", DEVICE)
    assert find_code(without) == ""
    assert read(client.get(link(without))).find(id="find-code") is None


def test_two_reports_have_codes_of_their_own(file, report):
    assert find_code(file("x" * 32)) != find_code(report)
    assert len(find_code(report)) == 6


def test_a_finding_again_is_told_to_the_reporter_where_looks_stand(client, world, mine, report):
    assert find(mine, report).status_code == 303
    assert db.session.scalars(select(IdentityView)).all() == [], "the browser is the same"
    answer = find(client, report)
    told = read(client.get(answer.location)).find(id="looks").find_next("ul").text
    assert "您自己（或知道编号、手机号和找回码的人）" in told
    assert "在另一台手机上打开" in told
    assert "查看了手机号" not in told
    assert "在另一台手机上打开" not in mine.get(link(report)).get_data(as_text=True)
    api = client.get(f"/api/v1/reports/{report.no}", headers=world.bearer("ys.bureau")).json
    assert "identity_views" not in api


def test_no_log_holds_the_code(client, report, caplog):
    caplog.set_level(logging.DEBUG)
    code = find_code(report)
    find(client, report, phone="13900139000")
    find(client, report)
    assert code not in caplog.text
