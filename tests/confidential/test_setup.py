"""How a confidential body comes to be: by the command line alone, out of reach of the county's admin; and its clocks."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.accounts.models import Body, Person
from server.confidential.clocks import look_at
from server.confidential.compartments import PROVINCES, compartment_of, county_of, inside
from server.confidential.models import SealedReport
from server.confidential.rules import Act, Part, acts
from server.confidential.sweep import remind_bodies
from server.core import counties
from server.core.crypto import vault
from server.core.db import NATIONAL, db
from server.core.drawing import draw_number
from server.core.report_no import SHAPE, kept_apart
from server.notices.models import Push
from server.policy.loader import books
from tests.confidential.stage import OFFICIAL, open_desks, told
from tests.web.conftest import read


def add(app, *more):
    given = [
        "staff",
        "add",
        "--county",
        "371323",
        "--name",
        "保密员",
        "--username",
        "baomi1",
        "--role",
        "confidential",
    ]
    return app.test_cli_runner().invoke(args=[*given, *more])


def test_the_command_line_puts_somebody_into_the_body_and_his_link_opens_the_kind(client, app, world):
    said = add(app, "--body", "县纪委监委").output
    link = said.split()[-1]
    offered = f"/api/v1/places/{world.code('ys.hill')}"
    assert OFFICIAL not in {kind["key"] for kind in client.get(offered).json["kinds"]}
    page = read(client.get(link))
    token = page.find("input", {"name": "csrf_token"})["value"]
    phrase = "an unusual long phrase"
    answer = client.post(link, data={"csrf_token": token, "password": phrase, "again": phrase})
    assert answer.status_code == 303
    assert client.get("/c/").status_code == 200
    assert OFFICIAL in {kind["key"] for kind in client.get(offered).json["kinds"]}


def test_only_bodies_that_the_book_lets_hear_confidential_kinds_can_be_staffed(app, world):
    refused = add(app, "--body", "housing")
    assert refused.exit_code != 0
    assert "不受理保密举报" in refused.output


def test_the_countys_admin_neither_sees_nor_touches_the_body(client, app, world):
    add(app, "--body", "police")
    person = db.session.scalar(db.select(Person).where(Person.username == "baomi1"))
    body = db.session.scalar(db.select(Body).where(Body.kind == "confidential"))
    assert (person.county_id, body.county_id) == (compartment_of("371323"),) * 2
    ordinary = world.bodies["ys.police"]
    assert ordinary.id != body.id
    for name in ("ys.admin", "ys.bureau"):
        desk = world.login(app.test_client(), name)
        for way in ("/b/people", "/b/people?q=baomi1", f"/b/people/bodies/{ordinary.id}"):
            assert "保密员" not in desk.get(way).get_data(as_text=True)
        for way in (f"/b/people/{person.id}", f"/b/people/bodies/{body.id}", f"/b/people/{person.id}/leave"):
            assert desk.get(way).status_code == 404


def test_a_compartment_is_open_within_its_block_alone_even_when_the_block_fails(client, app, world):
    open_desks(world)
    told(client, world)
    with app.test_request_context():
        db.session.rollback()
        count = db.select(db.func.count()).select_from(SealedReport)
        counties.remember("371323")
        db.session.rollback()
        seen = [db.session.scalar(count)]
        with inside("371323"):
            seen.append(db.session.scalar(count))
        with inside("370406"):
            seen.append(db.session.scalar(count))
        with pytest.raises(ZeroDivisionError), inside("371323"):
            raise ZeroDivisionError
        seen.append(db.session.scalar(count))
        assert seen == [0, 1, 0, 0]
        assert counties.seen() == "371323"
        counties.remember(counties.EVERY)


@given(st.sampled_from(PROVINCES), st.integers(0, 9999))
def test_a_compartment_is_no_countys_code_and_leads_back(province, rest):
    county = f"{province}{rest:04}"
    there = compartment_of(county)
    assert len(there) == 6
    assert int(there[:2]) not in PROVINCES
    assert there != NATIONAL
    assert county_of(there) == county


def test_both_kinds_of_numbers_look_alike_and_never_meet(app, now):
    drawn = {
        apart: {draw_number("YS", now.date(), apart=apart) for _ in range(300)} for apart in (True, False)
    }
    assert all(SHAPE.match(no) for numbers in drawn.values() for no in numbers)
    assert not drawn[True] & drawn[False]
    assert {kept_apart(vault().lasting(no, purpose="number")) for no in drawn[True]} == {True}


def test_a_late_one_reminds_its_own_body_once_a_day_and_tells_nobody_else(client, world):
    open_desks(world)
    told(client, world)
    report = db.session.scalars(db.select(SealedReport)).one()
    late = report.accept_due_at + timedelta(minutes=1)
    assert remind_bodies(report.accept_due_at - timedelta(minutes=1)) == 0
    assert [remind_bodies(late), remind_bodies(late), remind_bodies(late + timedelta(days=1))] == [1, 0, 1]
    found = db.session.execute(
        db.select(Push.purpose, Push.person_id, Push.county_id).order_by(Push.id)
    ).all()
    mine = world.people["ys.sealed"].id
    assert [tuple(row) for row in found] == [
        (purpose, mine, NATIONAL) for purpose in ("sealed", "sealed_late", "sealed_late")
    ]
    assert set(books()) >= {county_of(report.county_id)}


@pytest.mark.parametrize(
    ("part", "state", "asked", "may"),
    [
        (Part.BODY, "submitted", False, (Act.ACCEPT,)),
        (Part.BODY, "accepted", False, (Act.ASK, Act.REPLY, Act.CLOSE)),
        (Part.BODY, "closed", False, ()),
        (Part.BODY, "withdrawn", False, ()),
        (Part.OWNER, "submitted", False, (Act.ADD, Act.WITHDRAW)),
        (Part.OWNER, "accepted", False, (Act.ADD, Act.WITHDRAW)),
        (Part.OWNER, "accepted", True, (Act.ANSWER, Act.ADD, Act.WITHDRAW)),
        (Part.OWNER, "closed", False, ()),
    ],
)
def test_who_may_do_what_when(part, state, asked, may):
    assert acts(part, state, asked=asked) == may


@pytest.mark.parametrize(
    ("state", "due", "stored", "look"),
    [
        ("submitted", 3, 3, 3),
        ("submitted", -3, -3, -3),
        ("submitted", -30, 18, 24),
        ("accepted", 9, -3, 9),
        ("accepted", -1, None, 24),
        ("closed", -3, -3, None),
    ],
)
def test_no_act_puts_off_a_reminder_that_is_due(now, state, due, stored, look):
    def at(hours):
        return None if hours is None else now + timedelta(hours=hours)

    assert look_at(state, at(due), stored=at(stored), now=now) == at(look)
