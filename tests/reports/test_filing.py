from dataclasses import replace

import pytest
from sqlalchemy import select

from server.accounts.roles import STRANGER
from server.core.db import db
from server.core.errors import Conflict, Invalid
from server.notices.models import Inbox, Push
from server.reports.filing import Filing, file_report
from server.reports.models import Event, Report

KEY = "k" * 32
PIPE = Filing(kind="pipe.leak", text="地下室漏水")


def file(world, estate="ys.hill", filing=PIPE, key=KEY):
    return file_report(world.place(estate), filing, key=key, by=STRANGER, now=world.now)


def kind_of(world, label):
    from server.policy.loader import books

    return next(kind.key for kind in books()["371323"].kinds.values() if kind.label == label)


@pytest.fixture
def leak(world):
    return replace(PIPE, kind=kind_of(world, "漏水"))


def test_a_report_has_its_event_inbox_rows_and_pushes_at_once(world, leak):
    filed = file(world, filing=leak)
    report = db.session.scalar(select(Report).where(Report.no == filed.no))
    assert report.state == "submitted"
    assert [event.act for event in db.session.scalars(select(Event))] == ["submit"]
    bodies = set(db.session.scalars(select(Inbox.body_id)))
    assert {world.bodies["ys.hill"].id, world.bodies["ys.bureau"].id, world.bodies["ys.town"].id} <= bodies
    pushed = set(db.session.scalars(select(Push.person_id).where(Push.state == "pending")))
    assert {world.people["ys.hill.manager"].id, world.people["ys.bureau"].id} <= pushed


def test_the_same_key_with_the_same_body_gives_the_first_answer_again(world, leak):
    first, second = file(world, filing=leak), file(world, filing=leak)
    assert (first.no, first.owner_token) == (second.no, second.owner_token)
    assert second.repeated
    assert db.session.query(Report).count() == 1


def test_the_same_key_with_another_body_is_a_conflict_that_names_the_first(world, leak):
    first = file(world, filing=leak)
    with pytest.raises(Conflict) as caught:
        file(world, filing=replace(leak, text="别的问题"))
    assert caught.value.more["no"] == first.no


def test_where_there_is_no_company_the_community_handles(world, leak):
    filed = file(world, "ys.bare", leak)
    report = db.session.scalar(select(Report).where(Report.no == filed.no))
    assert report.handler_id == world.bodies["ys.community"].id


@pytest.mark.parametrize("change", [{"kind": "no.such"}, {"phone": "12"}, {"photos": ("nope",)}])
def test_what_cannot_be_taken_is_refused_with_the_field(world, leak, change):
    with pytest.raises(Invalid) as caught:
        file(world, filing=replace(leak, **change))
    assert caught.value.fields.keys() == change.keys()
