from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts import invitations, people
from server.accounts.login import TRIES
from server.accounts.models import Session
from server.core import clock
from server.core.db import db
from tests.web.conftest import read
from tests.web.staff.conftest import PASSWORD, page_of, send


def log_in(browser, name, password, *, at="/login"):
    return send(browser, page_of(browser, at), "/login", username=name, password=password)


def test_a_name_and_its_password_open_the_inbox(client, password):
    password("ys.hill.manager")
    answer = log_in(client, "ys.hill.manager", PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/m/")
    assert page_of(client, "/m/").h1.text == "待办"


def test_the_cookie_is_for_the_browser_alone_and_the_database_keeps_its_fingerprint(client, password):
    password("ys.bureau")
    cookie = next(
        one
        for one in log_in(client, "ys.bureau", PASSWORD).headers.getlist("Set-Cookie")
        if one[:8] == "session="
    )
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    token = cookie.split(";")[0].split("=", 1)[1]
    assert token not in set(db.session.scalars(select(Session.token_hash)))


def test_over_https_the_cookie_carries_its_prefix(app, client, password):
    from dataclasses import replace

    password("ys.bureau")
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, public_base_url="https://wy.example.gov.cn")
    try:
        cookies = log_in(client, "ys.bureau", PASSWORD).headers.getlist("Set-Cookie")
    finally:
        app.extensions["settings"] = settings
    cookie = next(one for one in cookies if one.startswith("__Host-session="))
    assert "Secure" in cookie.split("; ")


@pytest.mark.parametrize(("name", "password_"), [("ys.bureau", "wrong password"), ("nobody", PASSWORD)])
def test_what_is_wrong_is_not_told(client, password, name, password_):
    password("ys.bureau")
    answer = log_in(client, name, password_)
    assert answer.status_code == 401
    page = read(answer)
    assert page.find(id="errors").h2.text.startswith("用户名或密码不对")
    assert page.find(id="f-username")["value"] == name
    assert password_ not in answer.get_data(as_text=True)


def test_after_a_few_failures_even_the_right_password_waits(client, password):
    password("ys.bureau")
    for _ in range(TRIES):
        assert log_in(client, "ys.bureau", "wrong password").status_code == 401
    assert log_in(client, "ys.bureau", PASSWORD).status_code == 429
    with clock.stopped(clock.now() + timedelta(minutes=16)):
        assert log_in(client, "ys.bureau", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("way", "goes"),
    [
        ("/m/YS261118-7K2QM", "/m/YS261118-7K2QM"),
        ("/b/reports?q=a", "/b/reports?q=a"),
        ("https://evil.example/", "/m/"),
        ("//evil.example/", "/m/"),
        ("/\\evil.example/", "/m/"),
        ("/%0d%0aSet-Cookie:x", "/%0d%0aSet-Cookie:x"),
        ("/\nx", "/m/"),
        ("javascript:alert(1)", "/m/"),
        ("/logout", "/m/"),
    ],
)
def test_the_way_on_stays_in_the_house(client, password, way, goes):
    password("ys.hill.manager")
    page = page_of(client, "/login")
    answer = send(client, page, "/login", username="ys.hill.manager", password=PASSWORD, next=way)
    assert answer.location == goes


def test_a_push_leads_through_the_login_to_its_report(client, password, filed):
    report = filed()
    password("ys.hill.manager")
    page = page_of(client, f"/go/{report.no}", 401)
    way = page.find("a", href=lambda href: href and href.startswith("/login?next="))["href"]
    answer = log_in(client, "ys.hill.manager", PASSWORD, at=way)
    assert client.get(answer.location).location == f"/m/{report.no}"


@pytest.mark.parametrize(
    ("name", "base"), [("ys.hill.manager", "/m/"), ("ys.bureau", "/b/"), ("ys.town", "/b/")]
)
def test_a_push_leads_to_the_page_of_ones_own_duty(staff, filed, name, base):
    report = filed()
    browser = staff(name)
    location = browser.get(f"/go/{report.no}").location
    assert location == f"{base}{report.no}"
    assert browser.get(location).status_code == 200


def test_logging_out_ends_the_session_itself(staff):
    browser = staff("ys.bureau")
    token = browser.get_cookie("session").value
    answer = send(browser, page_of(browser, "/account"), "/logout")
    assert answer.location == "/login?out=1"
    browser.set_cookie("session", token)
    assert browser.get("/account").status_code == 401


@pytest.mark.parametrize("address", ["/login", "/logout", "/account/password", "/account/test"])
def test_a_form_without_its_token_is_refused(staff, address):
    assert staff("ys.bureau").post(address, data={"username": "x"}).status_code == 400


def test_who_is_not_known_is_shown_the_way_to_the_login(client, world):
    page = page_of(client, "/m/", 401)
    assert page.find("a", href=lambda href: href and href.startswith("/login?next=%2Fm%2F"))


@pytest.mark.parametrize("address", ["/m/", "/b/", "/b/reports", "/b/counts", "/account"])
def test_who_left_is_out_at_the_next_request(staff, world, address):
    browser = staff("ys.bureau")
    assert browser.get(address).status_code == 200
    people.leave(world.people["ys.bureau"], by=None, now=world.now)
    db.session.commit()
    assert browser.get(address).status_code == 401


def test_whose_term_ended_loses_his_pages_though_he_may_still_log_in(staff, client, password, world):
    browser = staff("ys.hill.manager")
    password("ys.hill.manager")
    people.end_terms(world.people["ys.hill.manager"], by=None, now=world.now)
    db.session.commit()
    assert browser.get("/m/").status_code == 403
    answer = log_in(client, "ys.hill.manager", PASSWORD)
    assert answer.status_code == 403
    assert "还没有分配岗位" in answer.get_data(as_text=True)
    assert client.get_cookie("session") is None


def invited(world, name="ys.lake.manager"):
    token = invitations.invite(world.people[name], by=None, now=world.now)
    db.session.commit()
    return f"/invite/{token}"


def test_an_invitation_sets_a_password_once_and_lets_its_holder_in(client, world):
    address = invited(world)
    page = page_of(client, address)
    assert page.find(class_="note").find("a", href="/privacy")
    answer = send(client, page, address, password=PASSWORD, again=PASSWORD)
    assert answer.location == "/account?done=welcome"
    assert "您已登录" in client.get(answer.location).get_data(as_text=True)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ("short", "short", "password"),
        (PASSWORD, "another", "again"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", "password"),
    ],
)
def test_a_password_that_will_not_do_says_why(client, world, first, second, field):
    address = invited(world)
    answer = send(client, page_of(client, address), address, password=first, again=second)
    assert answer.status_code == 422
    page = read(answer)
    assert page.find(id=f"e-{field}").text
    assert not page.find(id="f-password").get("value")


@pytest.mark.parametrize("token", ["x", "a" * 43])
def test_an_invitation_that_was_never_given_is_not_found(client, world, token):
    page_of(client, f"/invite/{token}", 404)
