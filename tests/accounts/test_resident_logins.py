"""Residents' logins: their limits to the second, and ending one or all others from one's own page."""

from datetime import timedelta

import pytest

from server.accounts.models import Resident, Session
from server.accounts.sessions import RESIDENT_IDLE, RESIDENT_MOST, actor_of, open_for_resident
from server.core import clock
from server.core.crypto import vault
from server.core.db import NATIONAL, db
from server.reports.erasing import forget_lone_residents
from tests.web.conftest import read

SECOND = timedelta(seconds=1)


@pytest.fixture
def somebody(world):
    """Make a resident known to WeChat; gives his number."""

    def make(openid="o-somebody"):
        one = Resident(
            county_id=NATIONAL,
            appid="wx1",
            openid_sealed=vault().seal(openid),
            openid_index=vault().blind(openid, purpose="openid"),
            created_at=world.now,
        )
        db.session.add(one)
        db.session.flush()
        return one.id

    return make


def opened(resident_id, now, device="手机"):
    token, session = open_for_resident(resident_id, device=device, now=now)
    db.session.commit()
    return token, session.id


def works(token, now):
    return actor_of(token, now=now) is not None


@pytest.mark.parametrize(("after", "lives"), [(SECOND, True), (0 * SECOND, True), (-SECOND, False)])
def test_an_idle_login_ends_after_ninety_days(world, somebody, after, lives):
    token, _ = opened(somebody(), world.now)
    assert timedelta(days=90) == RESIDENT_IDLE
    assert works(token, world.now + RESIDENT_IDLE - after) is lives


@pytest.mark.parametrize(("before_end", "lives"), [(SECOND, True), (0 * SECOND, False)])
def test_a_busy_login_ends_after_half_a_year_all_the_same(world, somebody, before_end, lives):
    token, _ = opened(somebody(), world.now)
    for days in (80, 160):
        assert works(token, world.now + timedelta(days=days))
    assert works(token, world.now + RESIDENT_MOST - before_end) is lives


def test_using_it_every_minute_writes_once_in_five(world, somebody):
    token, number = opened(somebody(), world.now)
    for minutes in range(1, 6):
        actor_of(token, now=world.now + timedelta(minutes=minutes))
        assert db.session.get(Session, number, populate_existing=True).seen_at == world.now
    actor_of(token, now=world.now + timedelta(minutes=6))
    assert db.session.get(Session, number, populate_existing=True).seen_at == world.now + timedelta(minutes=6)


def test_whose_every_login_is_idle_is_forgotten_where_nothing_else_needs_him(world, somebody):
    resident = somebody()
    opened(resident, world.now)
    assert forget_lone_residents(world.now + RESIDENT_IDLE) == 0
    assert forget_lone_residents(world.now + RESIDENT_IDLE + SECOND) == 1
    assert db.session.get(Resident, resident, populate_existing=True) is None


@pytest.fixture
def mine(client, world, somebody):
    """Somebody with three logins, in the browser of the first; tokens and numbers of all three."""
    resident = somebody()
    found = [opened(resident, world.now, device) for device in ("这台手机", "旧手机", "孩子的平板")]
    client.set_cookie("session", found[0][0])
    return found


def logins(client):
    """The list of the page: what each line says."""
    part = read(client.get("/my/data")).find(id="logins")
    return [" ".join(line.text.split()) for line in part.find_next("ul").find_all("li")] if part else []


def test_every_working_login_is_listed_and_this_one_marked(client, world, mine):
    lines = logins(client)
    assert len(lines) == 3
    assert [line for line in lines if "就是这里" in line] == [one for one in lines if "这台手机" in one]
    with clock.stopped(world.now + RESIDENT_IDLE - timedelta(days=1)):
        client.get("/my")
    with clock.stopped(world.now + RESIDENT_IDLE + SECOND):
        assert len(logins(client)) == 1, "the others have been idle too long"


def test_one_login_or_all_others_end_at_one_press(client, world, mine):
    (here, _), (old, number), (tablet, _) = mine
    form = read(client.get("/my/data")).find("form", action=f"/my/logins/{number}/end")
    token = {"csrf_token": form.find("input")["value"]}
    answer = client.post(form["action"], data=token)
    assert (answer.status_code, answer.location) == (303, "/my/data#logins")
    assert [works(one, world.now) for one in (here, old, tablet)] == [True, False, True]
    assert client.post(form["action"], data=token).status_code == 404, "it has ended already"
    assert client.post("/my/logins/end-others", data=token).status_code == 303
    assert [works(one, world.now) for one in (here, old, tablet)] == [True, False, False]
    assert "退出其他" not in client.get("/my/data").get_data(as_text=True)


def test_nobody_ends_somebody_elses_login_or_without_the_forms_token(client, world, somebody, mine):
    other, number = opened(somebody("o-other"), world.now)
    token = {"csrf_token": read(client.get("/my/data")).find("input", attrs={"name": "csrf_token"})["value"]}
    assert client.post(f"/my/logins/{number}/end", data=token).status_code == 404
    assert client.post("/my/logins/end-others", data=token).status_code == 303
    assert works(other, world.now)
    assert client.post("/my/logins/end-others").status_code == 400
    client.delete_cookie("session")
    assert client.post("/my/logins/end-others", data=token).status_code == 401


def test_a_browser_without_a_login_is_shown_no_list(client, world):
    assert read(client.get("/my/data")).find(id="logins") is None
