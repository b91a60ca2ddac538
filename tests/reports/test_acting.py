"""Acts on a report: what they change, who is told, what no act can do; by random histories in `test_histories.py`."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.roles import Actor
from server.core.db import db
from server.core.errors import Conflict, NotFound
from server.core.tokens import fingerprint
from server.notices.models import Inbox, Push
from server.reports import happenings
from server.reports.acting import act_on, acts_for
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.models import Report
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from tests.reports.test_filing import kind_of


@pytest.fixture
def report(world):
    filing = Filing(kind=kind_of(world, "漏水"), text="漏水", phone="13800000000", contact_ok=True)
    filed = file_report(world.place("ys.hill"), filing, key="a" * 32, by=Actor(), now=world.now)
    found = report_by_no(filed.no)
    found.test_owner = Actor(owner_hash=fingerprint(filed.owner_token))
    return found


def actor(world, report, who):
    return report.test_owner if who == "owner" else world.actor(who)


def do(world, report, who, act, now, **more):
    return act_on(report, act, Deed(version=report.version, **more), by=actor(world, report, who), now=now)


def test_leaving_it_unaccepted_or_handing_it_back_stops_no_clock(world, report):
    due = (report.accept_due_at, report.resolve_due_at)
    do(world, report, "ys.hill.manager", Act.HAND_BACK, world.now, text="不归我们")
    assert report.handler_id == world.bodies["ys.community"].id
    do(
        world,
        report,
        "ys.community",
        Act.TRANSFER,
        world.now,
        text="归你们",
        body_id=world.bodies["ys.hill"].id,
    )
    assert (report.accept_due_at, report.resolve_due_at) == due


def test_the_third_hand_back_goes_to_the_bureau(world, report, monkeypatch):
    heard = []
    monkeypatch.setattr(happenings, "_listeners", [heard.append])
    for _ in range(3):
        do(world, report, "ys.hill.manager", Act.HAND_BACK, world.now, text="不归我们")
        if report.handler_id != world.bodies["ys.bureau"].id:
            do(
                world,
                report,
                "ys.community",
                Act.TRANSFER,
                world.now,
                text="归",
                body_id=world.bodies["ys.hill"].id,
            )
    assert report.handler_id == world.bodies["ys.bureau"].id
    assert heard[-1].hand_backs == 3


def test_a_reopening_starts_a_second_shorter_clock_and_the_first_keeps_its_record(world, report):
    first = report.resolve_due_at
    do(world, report, "ys.hill.manager", Act.RESOLVE, world.now, basis="已经修好", outcome="solved")
    later = world.now + timedelta(days=1)
    do(world, report, "owner", Act.REOPEN, later, text="没修好")
    assert report.resolve_due_at == first
    assert later < report.reopen_due_at < later + (first - world.now)
    assert report.score is None


def test_after_two_reopenings_the_third_goes_to_the_bureau(world, report):
    handlers, at = [], world.now
    for _ in range(3):
        at += timedelta(hours=1)
        do(world, report, "ys.hill.manager", Act.RESOLVE, at, basis="已经修好")
        do(world, report, "owner", Act.REOPEN, at, text="没修好")
        handlers.append(report.handler_id)
    manager, bureau = world.bodies["ys.hill"].id, world.bodies["ys.bureau"].id
    assert handlers == [manager, manager, bureau]


def test_an_extension_is_asked_before_the_deadline_and_granted_by_another(world, report):
    until = report.resolve_due_at + timedelta(hours=5)
    do(world, report, "ys.hill.manager", Act.EXTEND, world.now, text="配件在路上", until=until)
    assert report.resolve_due_at < until
    granting = (
        "ys.community"
        if Act.GRANT in acts_for(report, world.actor("ys.community"), now=world.now)
        else "ys.bureau"
    )
    do(world, report, granting, Act.GRANT, world.now)
    assert report.resolve_due_at == until
    with pytest.raises(Conflict):
        do(
            world,
            report,
            "ys.hill.manager",
            Act.EXTEND,
            world.now,
            text="再延",
            until=until + timedelta(hours=1),
        )


def test_two_who_act_on_one_version_cannot_both_win(world, report):
    stale = Deed(version=report.version)
    act_on(report, Act.ACCEPT, stale, by=world.actor("ys.hill.manager"), now=world.now)
    with pytest.raises(Conflict) as caught:
        act_on(report, Act.ACCEPT, stale, by=world.actor("ys.hill.manager"), now=world.now)
    assert caught.value.more == {"state": "accepted", "version": 2}


def test_for_a_stranger_and_for_another_county_the_report_does_not_exist(world, report):
    for who in ("st.bureau", "ys.lake.manager", "ys.admin"):
        with pytest.raises(NotFound):
            do(world, report, who, Act.ACCEPT, world.now)


def test_the_actor_himself_is_not_told_of_his_own_act(world, report):
    do(world, report, "ys.bureau", Act.SUPERVISE, world.now, text="请今天办结")
    pushed = db.session.scalars(select(Push.person_id).where(Push.purpose == "supervise")).all()
    assert pushed == [world.people["ys.hill.manager"].id]


def test_a_report_passed_on_lies_on_the_new_desk(world, report):
    do(world, report, "ys.bureau", Act.TRANSFER, world.now, text="请办", body_id=world.bodies["ys.town"].id)
    desks = db.session.scalars(select(Inbox.body_id).where(Inbox.report_id == report.id)).all()
    assert world.bodies["ys.town"].id in desks
    assert Act.ACCEPT in acts_for(report, world.actor("ys.town"), now=world.now)
    assert Act.ACCEPT not in acts_for(report, world.actor("ys.hill.manager"), now=world.now)


def test_nothing_of_a_report_is_ever_deleted_by_acting(world, report):
    do(world, report, "owner", Act.WITHDRAW, world.now)
    assert db.session.scalar(select(Report.state).where(Report.no == report.no)) == "withdrawn"
