"""A flood of confidential reports stops nobody elsewhere, counts nobody's report, and says whom to call."""

from datetime import timedelta

import pytest

from server.confidential.models import SealedReport
from server.confidential.quotas import ADDRESS, ESTATE, PER_DAY, PER_HOUR, most_of
from server.core.db import db
from server.core.limits import Quota, Tally
from server.core.tokens import new_token
from tests.confidential.stage import CRIME, OFFICIAL, open_desks
from tests.photos.pictures import encoded, flag
from tests.web.conftest import read, submit
from tests.world import YISHUI

INSIDE, OUTSIDE = "10.0.0.7", "8.8.8.8"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = "某干部收了好处"


@pytest.fixture
def desks(world):
    open_desks(world)
    db.session.commit()
    return world


def used_up(quota, now):
    db.session.merge(Tally(sender=quota.fingerprint, window_at=quota.began_at(now), count=quota.most))
    db.session.commit()


def busy_estate(world, name="ys.hill"):
    estate = world.estates[name].id
    used_up(Quota(ESTATE, str(estate), most_of(estate, world.now), HOUR), world.now)


def busy_address(world, address, county=YISHUI):
    used_up(Quota(ADDRESS, f"{county}:{address}", PER_DAY, DAY), world.now)


def send(client, world, *, estate="ys.hill", address=OUTSIDE, kind=OFFICIAL, key=None):
    body = {"place": world.code(estate), "kind": kind, "text": WORDS}
    return client.post(
        "/api/v1/reports",
        json=body,
        headers={"Idempotency-Key": key or new_token()},
        environ_overrides={"REMOTE_ADDR": address},
    )


def test_an_address_that_is_no_sender_s_is_not_counted_as_one(client, desks):
    for nobody in ("", "10.0.0.7"):
        busy_address(desks, nobody)
    assert send(client, desks, address=INSIDE).status_code == 201
    assert send(client, desks, estate="st.hill", address="100.64.1.1").status_code == 201


def test_a_flood_of_one_estate_stops_nothing_elsewhere(client, desks):
    answers = [send(client, desks, address=INSIDE).status_code for _ in range(2 * PER_HOUR)]
    taken = answers.count(201)
    assert PER_HOUR <= taken < 2 * PER_HOUR <= PER_DAY
    assert answers == [201] * taken + [429] * (2 * PER_HOUR - taken)
    assert send(client, desks, address=OUTSIDE).status_code == 429
    for estate in ("ys.lake", "ys.bare", "st.hill"):
        assert send(client, desks, estate=estate, address=INSIDE).status_code == 201
    assert db.session.query(SealedReport).count() == taken + 3


def test_a_busy_address_waits_in_its_county_alone(client, desks):
    busy_address(desks, OUTSIDE)
    assert send(client, desks).status_code == 429
    assert send(client, desks, estate="ys.lake").status_code == 429
    assert send(client, desks, estate="st.hill").status_code == 201
    assert send(client, desks, address="8.8.4.4").status_code == 201


def test_how_many_an_estate_may_have_is_drawn_anew_so_that_nobody_can_count_the_others_(app, now):
    found = {most_of(7, now + n * HOUR) for n in range(50)} | {most_of(n, now) for n in range(50)}
    assert len(found) > PER_HOUR / 4
    assert min(found) >= PER_HOUR
    assert max(found) < 2 * PER_HOUR
    assert most_of(7, now) == most_of(7, now + timedelta(minutes=9))


@pytest.mark.parametrize(("kind", "phone"), [(OFFICIAL, "12388"), (CRIME, "110")])
def test_a_refusal_by_the_api_says_when_and_whom_to_call(client, desks, kind, phone):
    key = new_token()
    assert send(client, desks, kind=kind, key=key).status_code == 201
    busy_estate(desks, "ys.lake")
    refused = send(client, desks, estate="ys.lake", kind=kind)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert refused.json["code"] == "too_many"
    assert [one["phone"] for one in refused.json["calls"]] == [phone]
    assert phone in refused.json["detail"]
    assert "小区" not in refused.json["detail"]
    assert db.session.query(SealedReport).count() == 1
    busy_address(desks, OUTSIDE)
    assert send(client, desks, kind=kind, key=key).status_code == 200


def fill_in(client, world, **more):
    page = read(client.get(f"/e/{world.code('ys.hill')}/report"))
    fields = {"tile": "accuse", "kind": OFFICIAL, "text": WORDS, "no_trace": "1", "phone": "13900000001"}
    return page, submit(client, page, files=[encoded(flag((480, 320)), quality=90)], **fields, **more)


def test_the_page_keeps_everything_typed_and_gives_the_phone(client, desks):
    busy_estate(desks)
    page, refused = fill_in(client, desks)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    shown = read(refused)
    assert shown.select_one("#errors a[href='tel:12388']")
    form = shown.find("form", method="post")
    assert form.find("textarea", attrs={"name": "text"}).text.strip() == WORDS
    assert form.find(id=f"kind-{OFFICIAL}").has_attr("checked")
    assert form.find("input", attrs={"name": "no_trace"}).has_attr("checked")
    assert form.find("input", attrs={"name": "phone"})["value"] == "13900000001"
    assert form.find("input", attrs={"name": "key"})["value"] == page.find("input", {"name": "key"})["value"]
    assert len(form.select("input[name=photos]")) == 1
    assert db.session.query(SealedReport).count() == 0
    db.session.query(Tally).delete()
    assert submit(client, shown).status_code == 303
    assert db.session.query(SealedReport).count() == 1


def test_the_page_s_script_is_told_the_same(client, desks):
    busy_estate(desks)
    _, refused = fill_in(client, desks, headers={"Accept": "application/json"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "12388" in refused.get_json()["message"]
    assert [one["phone"] for one in refused.get_json()["calls"]] == ["12388"]


def test_the_refusal_leaves_nothing_behind(client, desks):
    busy_estate(desks)
    before = [(row.sender, row.count) for row in db.session.query(Tally)]
    assert send(client, desks).status_code == 429
    assert [(row.sender, row.count) for row in db.session.query(Tally)] == before
