"""Logins: their limits to the second, new tokens, ending others, and what a stolen database is worth."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from server.accounts import invitations
from server.accounts.passwords import hash_password
from server.accounts.sessions import STAFF_IDLE, STAFF_MOST, actor_of, open_for_person
from server.core.crypto import vault
from server.core.db import db
from tests.accounts.phone import enrolled
from tests.web.staff.conftest import page_of, send

SECOND = timedelta(seconds=1)
PASSWORD = "correct horse battery"
ME = "ys.bureau"


@pytest.fixture
def me(world):
    person = world.people[ME]
    person.password_hash = hash_password(PASSWORD, username=ME)
    db.session.commit()
    return person


def opened(person, now):
    token, _ = open_for_person(person, device="test", now=now)
    db.session.commit()
    return token


@pytest.mark.parametrize(
    ("after", "works"),
    [(SECOND, True), (STAFF_IDLE - SECOND, True), (STAFF_IDLE, True), (STAFF_IDLE + SECOND, False)],
)
def test_an_idle_login_ends_after_twelve_hours(me, now, after, works):
    token = opened(me, now)
    assert (actor_of(token, now=now + after) is not None) is works


@pytest.mark.parametrize(("before_end", "works"), [(SECOND, True), (0 * SECOND, False), (-SECOND, False)])
def test_a_busy_login_ends_after_seven_days_all_the_same(me, now, before_end, works):
    token, at = opened(me, now), now
    while at < now + STAFF_MOST - timedelta(hours=10):
        at += timedelta(hours=10)
        assert actor_of(token, now=at) is not None
    assert (actor_of(token, now=now + STAFF_MOST - before_end) is not None) is works


def log_in(browser):
    return send(browser, page_of(browser, "/login"), "/login", username=ME, password=PASSWORD)


def test_a_login_brings_a_new_token_and_ends_the_one_this_browser_had(app, client, me):
    client.set_cookie("session", "a" * 43)
    log_in(client)
    first = client.get_cookie("session").value
    assert first != "a" * 43
    # Logging in once more over the old login, with the form's token of the page he is on.
    form = page_of(client, "/account").find("input", attrs={"name": "csrf_token"})["value"]
    given = {"csrf_token": form, "username": ME, "password": PASSWORD}
    assert client.post("/login", data=given).status_code == 303
    assert client.get_cookie("session").value != first
    assert client.get("/account").status_code == 200
    thief = app.test_client()
    thief.set_cookie("session", first)
    assert thief.get("/account").status_code == 401


def test_all_other_logins_end_at_one_press(app, client, world, me):
    mine, *others = [world.login(one, ME) for one in (client, app.test_client(), app.test_client())]
    page = page_of(mine, "/account")
    assert send(mine, page, "/account/logins/end-others").location == "/account?done=others"
    assert mine.get("/account").status_code == 200
    assert [one.get("/account").status_code for one in others] == [401, 401]
    assert not page_of(mine, "/account").find("form", action="/account/logins/end-others")


def dumped():
    """Every text of every table, as a stolen backup would hold it."""
    tables = inspect(db.engine).get_table_names()
    rows = (db.session.scalars(text(f'SELECT t::text FROM "{table}" t')) for table in tables)
    return "\n".join(row for table in rows for row in table)


def test_a_stolen_database_holds_nothing_that_lets_anybody_in(world, me, now):
    secrets = [opened(me, now), PASSWORD]
    secrets.append(invitations.invite(me, by=None, now=now))
    secrets.append(invitations.invite(me, purpose=invitations.WECHAT, by=None, now=now))
    codes = enrolled(me)
    secrets += codes + [code.replace("-", "") for code in codes]
    secrets.append(vault().open(me.totp_sealed))
    dump = dumped()
    assert me.username in dump
    assert [secret for secret in secrets if secret in dump] == []
