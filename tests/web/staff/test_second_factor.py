"""The second factor on pages: enrolment, the second step, who is led there first, reset by an admin."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts import invitations
from server.accounts.models import Person, StaffChange
from server.accounts.roles import Role
from server.core import clock
from server.core.audit import Audit
from server.core.crypto import vault
from server.core.db import db
from tests.accounts.phone import code_of, enrolled
from tests.web.conftest import read
from tests.web.staff.conftest import PASSWORD, page_of, send
from tests.world import hire

HERE = "/account/second-factor"
ME = "ys.bureau"


@pytest.fixture
def demanding(app):
    """The application as production has it."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, demand_totp=True)
    yield
    app.extensions["settings"] = settings


def words_of(page):
    return page.get_text(" ", strip=True)


def log_in(browser, name=ME, password=PASSWORD):
    return send(browser, page_of(browser, "/login"), "/login", username=name, password=password)


def second(browser, field="totp", code=""):
    return send(browser, page_of(browser, "/login/code"), "/login/code", **{field: code})


def set_up(browser, person):
    """Walk through the pages; gives the recovery codes shown at the end."""
    answer = send(browser, page_of(browser, HERE), f"{HERE}/begin", password=PASSWORD)
    assert answer.location == HERE
    page = page_of(browser, HERE)
    secret = page.find(id="secret").text.replace(" ", "")
    assert vault().open(person.totp_sealed) == secret
    assert page.find("svg", attrs={"role": "img"})
    field = page.find(id="f-totp")
    assert (field["autocomplete"], field["inputmode"]) == ("one-time-code", "numeric")
    answer = send(browser, page, f"{HERE}/confirm", totp=code_of(person, steps=-1))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return [code.text for code in read(answer).find("main").find_all("code")]


def test_enrolment_shows_secret_and_codes_and_the_next_login_asks_for_one(staff, client, password, world):
    password(ME)
    me, other, browser = world.people[ME], staff(ME), staff(ME)
    codes = set_up(browser, me)
    assert len(codes) == 10
    assert all(re.fullmatch(r"\w{4}-\w{4}-\w{4}", code) for code in codes)
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 401
    assert "10 个" in words_of(page_of(browser, HERE))
    assert log_in(client).location == "/login/code"
    assert client.get_cookie("session") is None
    assert second(client, code=code_of(me)).location == "/b/"
    assert client.get("/b/").status_code == 200


def test_a_recovery_code_lets_in_once(client, password, world):
    password(ME)
    codes = enrolled(world.people[ME])
    for works in (True, False):
        log_in(client)
        assert second(client, "recovery", codes[0]).status_code == (303 if works else 401)
        client.delete_cookie("session")


def test_a_wrong_code_says_so_and_leaves_the_second_step_open(client, password, world):
    password(ME)
    enrolled(world.people[ME])
    log_in(client)
    answer = second(client, code="000000")
    assert answer.status_code == 401
    assert "验证码不对" in read(answer).find(id="errors").text
    assert second(client, code=code_of(world.people[ME])).status_code == 303


def test_guessing_codes_ends_in_the_same_pause(client, password, world):
    password(ME)
    enrolled(world.people[ME])
    log_in(client)
    assert [second(client, code=f"{number:06d}").status_code for number in range(6)] == [401] * 5 + [429]
    client.delete_cookie("form")
    assert log_in(client).status_code == 429


def test_the_second_step_waits_ten_minutes_and_needs_the_first(client, password, world):
    assert client.get("/login/code").location == "/login?late=1"
    password(ME)
    enrolled(world.people[ME])
    log_in(client)
    page = page_of(client, "/login/code")
    with clock.stopped(clock.now() + timedelta(minutes=11)):
        assert client.get("/login/code").location == "/login?late=1"
        late = send(client, page, "/login/code", totp=code_of(world.people[ME]))
        assert late.location == "/login?late=1"


def test_an_invitation_sets_a_password_but_does_not_skip_the_second_step(client, world):
    enrolled(world.people[ME])
    token = invitations.invite(world.people[ME], by=None, now=clock.now())
    db.session.commit()
    address = f"/invite/{token}"
    answer = send(client, page_of(client, address), address, password=PASSWORD, again=PASSWORD)
    assert answer.location == "/login/code"
    assert client.get_cookie("session") is None


@pytest.mark.parametrize("name", ["ys.bureau", "ys.admin", "ys.auditor"])
@pytest.mark.parametrize("address", ["/b/", "/b/people", "/account", "/m/", "/b/reports"])
def test_where_it_is_demanded_nothing_opens_before_enrolment(demanding, staff, world, name, address):
    hire(world, "ys.auditor", world.bodies["ys.bureau"], Role.AUDITOR, duty="审计")
    browser = staff(name)
    assert browser.get(address).location == HERE
    assert page_of(browser, HERE).find("form", action="/logout")


def test_where_it_is_demanded_the_api_says_so(demanding, client, world):
    answer = client.get("/api/v1/feed", headers=world.bearer(ME))
    assert (answer.status_code, answer.get_json()["code"]) == (403, "totp_enrol")


def test_after_enrolment_the_work_opens(demanding, staff, password, world):
    password(ME)
    browser = staff(ME)
    set_up(browser, world.people[ME])
    assert browser.get("/b/").status_code == 200


@pytest.mark.parametrize("name", ["ys.hill.manager", "ys.town", "ys.community"])
def test_others_are_not_kept_waiting(demanding, staff, name):
    assert staff(name).get("/account").status_code == 200


def test_a_demonstration_only_offers_it(staff):
    browser = staff(ME)
    assert browser.get("/b/").status_code == 200
    assert page_of(browser, "/account").find("a", href=HERE)


def test_a_stolen_login_alone_sets_nothing_up(staff, password, world):
    password(ME)
    browser = staff(ME)
    page = page_of(browser, HERE)
    for _ in range(5):
        assert send(browser, page, f"{HERE}/begin", password="wrong password").status_code == 422
    assert send(browser, page, f"{HERE}/begin", password=PASSWORD).status_code == 429
    assert world.people[ME].totp_sealed is None


@pytest.mark.parametrize(("act", "field"), [("codes", "codes_totp"), ("off", "off_totp")])
def test_changing_anything_asks_for_a_code(staff, world, act, field):
    me = world.people[ME]
    before = enrolled(me)
    browser = staff(ME)
    page = page_of(browser, HERE)
    assert send(browser, page, f"{HERE}/{act}", **{field: "123"}).status_code == 422
    answer = send(browser, page, f"{HERE}/{act}", **{field: code_of(me)})
    if act == "off":
        assert answer.location == f"{HERE}?done=off"
        assert (me.totp_sealed, me.totp_since_at, me.totp_step) == (None, None, None)
    else:
        fresh = {code.text for code in read(answer).find("main").find_all("code")}
        assert len(fresh) == 10
        assert not fresh & set(before)


def reset(browser, person, **fields):
    address = f"/b/people/{person.id}/totp-reset"
    return send(browser, page_of(browser, address), address, **fields)


def test_another_admin_resets_it_with_a_reason_and_every_login_ends(staff, client, password, world):
    password(ME)
    me = world.people[ME]
    enrolled(me)
    mine, admin = staff(ME), staff("ys.admin")
    assert page_of(admin, f"/b/people/{me.id}").find("a", href=f"/b/people/{me.id}/totp-reset")
    assert reset(admin, me, reason="").status_code == 422
    assert reset(admin, me, reason="手机丢失").location == f"/b/people/{me.id}"
    assert mine.get("/account").status_code == 401
    assert db.session.scalar(select(StaffChange.act).where(StaffChange.act == "totp_reset"))
    row = db.session.execute(select(Audit).where(Audit.act == "login.totp_reset")).scalar_one()
    assert (row.person_id, row.about, row.reason) == (
        world.people["ys.admin"].id, f"person:{me.id}", "手机丢失",
    )  # fmt: skip
    assert log_in(client).location == "/b/"


def test_nobody_resets_his_own_or_another_countys_and_the_bureau_none(staff, world):
    for name in (ME, "ys.admin", "st.bureau"):
        enrolled(world.people[name])
    admin = staff("ys.admin")
    address = "/b/people/{}/totp-reset"
    assert admin.get(address.format(world.people["ys.admin"].id)).status_code == 403
    assert admin.get(address.format(world.people["st.bureau"].id)).status_code == 404
    assert staff(ME).get(address.format(world.people["ys.admin"].id)).status_code == 403


def test_the_command_line_resets_it_too(app, world, now):
    me = world.people[ME]
    enrolled(me)
    result = app.test_cli_runner().invoke(args=["staff", "totp-reset", ME, "--reason", "手机丢失"])
    assert result.exit_code == 0, result.output
    assert db.session.get_one(Person, me.id).totp_sealed is None
    again = app.test_cli_runner().invoke(args=["staff", "totp-reset", ME, "--reason", "手机丢失"])
    assert again.exit_code == 1
