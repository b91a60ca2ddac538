"""One person's flood stops at the limit and says whom to call; neighbours behind one address pass."""

from datetime import timedelta

import pytest

from server.accounts.models import Resident
from server.accounts.sessions import open_for_resident
from server.core import clock
from server.core.addresses import network
from server.core.db import db
from server.core.limits import Quota, Tally, hit_all
from server.policy.loader import books
from server.reports.models import Report
from server.reports.quotas import ADDRESS, ESTATE
from tests.web.conftest import read, submit

OUTSIDE = "8.8.8.8"
GUARD = books()["371323"].guard
LEAK = next(kind for kind in books()["371323"].kinds.values() if kind.label == "漏水")
SAFE = next(kind for kind in books()["371323"].kinds.values() if kind.safety and not kind.confidential)


def resident(number, now):
    found = Resident(
        county_id="000000", appid="wx", openid_sealed="x", openid_index=f"{number:064d}", created_at=now
    )
    db.session.add(found)
    db.session.flush()
    token, _ = open_for_resident(found.id, device="test", now=now)
    db.session.commit()
    return {"Authorization": f"Bearer {token}"}


def send(client, code, number, *, headers=None, address=OUTSIDE, kind=LEAK, text="楼道漏水", forwarded=None):
    given = {"Idempotency-Key": f"{number:032d}", **(headers or {})}
    if forwarded:
        given["X-Forwarded-For"] = forwarded
    body = {"place": code, "kind": kind.key, "text": text, "where": {}}
    return client.post(
        "/api/v1/reports", json=body, headers=given, environ_overrides={"REMOTE_ADDR": address}
    )


def used_up(what, sender, most, now, *, but):
    """All but a few of an hour's quota are gone."""
    quota = Quota(what, sender, most, timedelta(hours=1))
    row = Tally(sender=quota.fingerprint, window_at=quota.began_at(now), count=most - but)
    db.session.add(row)
    db.session.commit()


def busy_address(world, *, but):
    used_up(ADDRESS, OUTSIDE, GUARD.address_hour_most, world.now, but=but)


def busy_estate(world, *, but):
    used_up(ESTATE, str(world.estates["ys.hill"].id), GUARD.estate_hour_most, world.now, but=but)


def test_one_person_gets_exactly_the_limit_and_is_told_whom_to_call(world, client):
    code, who = world.code("ys.hill"), resident(1, world.now)
    answers = [send(client, code, number, headers=who) for number in range(GUARD.short_most + 4)]
    assert [one.status_code for one in answers] == [201] * GUARD.short_most + [429] * 4
    assert db.session.query(Report).count() == GUARD.short_most
    said = answers[-1].get_json()
    assert int(answers[-1].headers["Retry-After"]) <= GUARD.short_minutes * 60
    assert "12345" in said["detail"]
    assert said["calls"][-1]["phone"] == "12345"
    assert said["code"] == "too_many"


def test_the_same_report_again_counts_once_and_a_refused_one_not_at_all(world, client):
    code, who = world.code("ys.hill"), resident(2, world.now)
    for _ in range(GUARD.short_most * 2):
        send(client, code, 0, headers=who)
    for number in range(1, GUARD.short_most * 2):
        send(client, code, number, headers=who, text="字" * 2000)
    answers = [send(client, code, 100 + n, headers=who).status_code for n in range(GUARD.short_most)]
    assert answers == [201] * (GUARD.short_most - 1) + [429]
    assert send(client, code, 0, headers=who).status_code == 200


def test_when_the_window_is_over_he_may_go_on_until_the_day_s_limit(world, client):
    code, who, done = world.code("ys.hill"), resident(3, world.now), 0
    for window in range(GUARD.day_most // GUARD.short_most + 2):
        with clock.stopped(world.now + timedelta(minutes=GUARD.short_minutes * window)):
            for number in range(GUARD.short_most):
                done += send(client, code, window * 100 + number, headers=who).status_code == 201
    assert done == GUARD.day_most


def test_neighbours_behind_one_address_all_pass(world, client):
    code = world.code("ys.hill")
    answers = {send(client, code, n, headers=resident(1000 + n, world.now)).status_code for n in range(30)}
    assert answers == {201}
    assert db.session.query(Tally).filter(Tally.count > 1).count() == 0


def test_strangers_are_held_back_by_address_whatever_they_say_of_it(world, client):
    busy_address(world, but=3)
    code = world.code("ys.hill")
    answers = [send(client, code, n, forwarded=f"1.2.3.{n}").status_code for n in range(5)]
    assert answers == [201] * 3 + [429] * 2
    assert send(client, code, 77, address="9.9.9.9").status_code == 201


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.9", "100.64.0.1", "127.0.0.1", "fe80::1"])
def test_an_address_that_is_no_sender_s_is_not_counted_but_the_estate_is(world, client, address):
    for nobody in ("", address):
        used_up(ADDRESS, nobody, GUARD.address_hour_most, world.now, but=0)
    busy_estate(world, but=2)
    code = world.code("ys.hill")
    answers = [send(client, code, n, address=address) for n in range(4)]
    assert [one.status_code for one in answers] == [201, 201, 429, 429]
    assert answers[-1].get_json()["calls"][-1]["phone"] == "12345"
    assert send(client, code, 60, address=address, kind=SAFE).status_code == 201
    assert send(client, world.code("ys.lake"), 61, address=address).status_code == 201
    assert send(client, code, 62, address=address, headers=resident(62, world.now)).status_code == 201


def test_a_fresh_cookie_for_every_report_makes_nobody_known(world, client):
    """As everybody looks who sits behind a proxy that PROXY_HOPS was not told of."""
    busy_estate(world, but=2)
    found = []
    for number in range(4):
        browser = client.application.test_client()
        page = read(browser.get(f"/e/{world.code('ys.hill')}/report"))
        sent = submit(browser, page, tile=LEAK.tile, kind=LEAK.key, text=f"第 {number} 处", seen="1")
        found.append(sent.status_code)
    assert found == [303, 303, 429, 429]


def test_a_flood_of_strangers_slows_an_estate_but_never_what_is_urgent_nor_known_people(world, client):
    busy_estate(world, but=2)
    code = world.code("ys.hill")
    flood = [send(client, code, n, address=f"8.8.{n}.8").status_code for n in range(4)]
    assert flood == [201, 201, 429, 429]
    assert send(client, code, 50, address="8.8.50.8", kind=SAFE).status_code == 201
    assert send(client, code, 51, address="8.8.51.8", headers=resident(9, world.now)).status_code == 201
    assert send(client, world.code("ys.lake"), 52, address="8.8.52.8").status_code == 201


def test_the_page_keeps_what_was_typed_and_offers_numbers_to_call(world, client):
    code = world.code("ys.hill")
    for _ in range(GUARD.short_most):
        page = read(client.get(f"/e/{code}/report"))
        sent = submit(client, page, tile=LEAK.tile, kind=LEAK.key, text="楼道漏水")
        assert sent.status_code == 303
    page = read(client.get(f"/e/{code}/report"))
    refused = submit(client, page, tile=LEAK.tile, kind=LEAK.key, text="第六件的文字")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    shown = read(refused)
    assert "第六件的文字" in shown.find("textarea", attrs={"name": "text"}).text
    assert shown.select_one("#errors a[href='tel:12345']")
    told = submit(
        client, page, headers={"Accept": "application/json"}, tile=LEAK.tile, kind=LEAK.key, text="x"
    )
    assert told.status_code == 429
    assert "12345" in told.get_json()["message"]


def test_several_quotas_are_counted_in_one_statement(app, now):
    quotas = [Quota("a", "x", 2, timedelta(hours=1)), Quota("b", "x", 3, timedelta(hours=1))]
    found = [[one.what for one in hit_all(quotas, now=now)] for _ in range(4)]
    assert found == [[], [], ["a"], ["a", "b"]]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("::ffff:8.8.8.8", "8.8.8.8"),
        ("2408:8207:1:2:aaaa::1", "2408:8207:1:2::/64"),
        ("", ""),
        (None, ""),
        ("unknown", ""),
    ],
)
def test_an_address_is_counted_by_line(address, counted):
    assert network(address) == counted
