"""Whistle, report in, answer together, hand back (A7): who must act, until when, and that no clock restarts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.accounts.permissions import Part
from server.accounts.roles import STRANGER, Role
from server.companies.service import ensure_company, serve
from server.core import clock
from server.core.db import db
from server.core.errors import Conflict, HouseError, Invalid
from server.policy.loader import books
from server.reports.acting import act_on, acts_for
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.models import Event
from server.reports.part_clocks import PartRunning, answer_at, report_in_at, silent_steps
from server.reports.parts import all_parts, called_to
from server.reports.queries import Filter, Tab, by_due, report_by_no
from server.reports.standing import standing
from server.reports.workflow import OPEN, STEPS, Act
from tests.escalation.cases import do, feed, filed
from tests.world import hire

FIRE, POLICE, COMMUNITY, TOWN, BUREAU = "ys.fire", "ys.police", "ys.community", "ys.town", "ys.bureau"
MANAGER = "ys.hill.manager"
ABOUT = {
    *("accept", "reply", "ask", "resolve", "remind", "supervise", "whistle", "report_in"),
    *("transfer", "hand_back", "extend", "reject", "void"),
}
"""What these tests speak of."""
DESKS = (MANAGER, COMMUNITY, TOWN, BUREAU, FIRE, POLICE)


def at(day, hour, minute=0, month=11):
    """An hour on the wall clock of Shanghai in 2026; 18 November is a Wednesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=clock.ZONE).astimezone(UTC)


def wall(instant):
    """The wall clock, as the tables write it."""
    return f"{clock.local(instant):%m-%d %H:%M}"


CLOCKS = [
    ("ordinary, in the morning", "ordinary", at(18, 10), "11-18 16:00", "11-25 10:00"),
    ("ordinary, into the lunch hour", "ordinary", at(18, 11, 30), "11-18 17:30", "11-25 11:30"),
    ("ordinary, into the next day", "ordinary", at(18, 16), "11-19 11:00", "11-25 16:00"),
    ("ordinary, over a weekend", "ordinary", at(20, 16), "11-23 11:00", "11-27 16:00"),
    ("ordinary, on a Saturday", "ordinary", at(21, 9), "11-23 14:30", "11-28 09:00"),
    ("ordinary, before the week of National Day", "ordinary", at(30, 16, month=9), "10-08 11:00", "10-07 16:00"),
    ("ordinary, on a Sunday that is worked", "ordinary", at(20, 9, month=9), "09-20 15:00", "09-27 09:00"),
    ("hard, in the afternoon", "hard", at(18, 14, 30), "11-19 09:30", "12-03 14:30"),
    ("urgent, at night", "urgent", at(18, 23), "11-18 23:30", "11-19 01:00"),
    ("water and power, at night", "utilities", at(18, 23), "11-19 01:00", "11-19 23:00"),
]  # fmt: skip


@pytest.mark.parametrize(("time_class", "called", "due", "answer"), [row[1:] for row in CLOCKS], ids=[row[0] for row in CLOCKS])  # fmt: skip
def test_the_clocks_of_a_whistle_are_those_worked_by_hand(time_class, called, due, answer):
    book = books()["371323"]
    found = report_in_at(book, time_class, called), answer_at(book, time_class, called)
    assert tuple(map(wall, found)) == (due, answer)


def test_silence_climbs_by_the_book_and_ends_with_reporting_in_and_answering():
    book = books()["371323"]
    steps = silent_steps(book, PartRunning(at(18, 16), at(25, 10)))
    assert [(step.clock.value, step.level.value, wall(step.at)) for step in steps] == [
        ("report_in", "township", "11-18 16:00"),
        ("report_in", "bureau", "11-19 11:00"),
        ("answer", "township", "11-25 10:00"),
        ("answer", "bureau", "11-26 10:00"),
    ]
    assert len(silent_steps(book, PartRunning(None, at(25, 10)))) == 2
    assert silent_steps(book, PartRunning(None, None)) == []


@pytest.fixture
def report(world):
    """An ordinary report; fire brigade and police have somebody at the desk."""
    for who in (FIRE, POLICE):
        hire(world, who, world.bodies[who], Role.DEPARTMENT)
    return filed(world)


def whistle(world, report, *, who=COMMUNITY, lead=FIRE, joint=(POLICE,), now=None):
    """A whistle for a lead and joint bodies."""
    asked = tuple(world.bodies[one].id for one in joint)
    do(world, report, Act.WHISTLE, who, body_id=world.bodies[lead].id, joint=asked, now=now)


def may(world, report, who, now=None):
    """What somebody may do now."""
    return {act.value for act in acts_for(report, world.actor(who), now=now or world.now)} & ABOUT


def parts(report):
    """Body → (lead, ended as, whether it reported in, whether it answered)."""
    return {
        name: (part.lead, part.ended_as, part.reported_in_at is not None, part.answered_at is not None)
        for part, name, _ in all_parts(report)
    }


def test_a_whistle_makes_the_called_body_the_one_that_must_act_and_stops_no_clock(world, report):
    before = (report.submitted_at, report.accept_due_at, report.resolve_due_at)
    whistle(world, report)
    assert (report.state, report.handler_id) == ("whistled", world.bodies[FIRE].id)
    assert (report.submitted_at, report.accept_due_at, report.resolve_due_at) == before
    assert report.due_at == report.report_in_due_at == report_in_at(books()["371323"], "ordinary", world.now)
    assert may(world, report, FIRE) == {"report_in", "hand_back"}
    assert may(world, report, POLICE) == {"report_in", "hand_back"}
    assert may(world, report, MANAGER) == set()
    assert may(world, report, COMMUNITY) == {"remind", "transfer", "whistle"}
    assert may(world, report, BUREAU) == {"remind", "supervise", "transfer", "whistle", "reject", "void"}
    for who in (FIRE, POLICE):
        assert [row.no for row in by_due(world.actor(who), Filter(tab=Tab.NEW, mine=True), after=None, limit=9, now=world.now).items] == [report.no]  # fmt: skip


def test_departments_report_in_and_answer_each_its_own_part(world, report):
    whistle(world, report)
    do(world, report, Act.REPORT_IN, POLICE)
    assert report.state == "whistled"
    do(world, report, Act.REPORT_IN, FIRE)
    assert (report.state, report.accepted_at, report.report_in_due_at) == ("accepted", world.now, None)
    assert {"reply", "ask", "resolve", "transfer", "hand_back", "extend"} <= may(world, report, FIRE)
    with pytest.raises(Invalid):
        do(world, report, Act.REPLY, POLICE, part=True, basis=None)
    assert [part.body_id for part in called_to(report).missing] == [world.bodies[POLICE].id]
    do(world, report, Act.REPLY, POLICE, part=True, basis="出警记录")
    assert called_to(report).missing == ()
    with pytest.raises(Invalid):
        do(world, report, Act.REPLY, POLICE, part=True, basis="再来一次")
    do(world, report, Act.RESOLVE, FIRE, basis="已拆除并恢复原状", outcome="solved")
    name = {who: world.bodies[who].name for who in (FIRE, POLICE)}
    assert parts(report) == {
        name[FIRE]: (True, "resolve", True, True),
        name[POLICE]: (False, "resolve", True, True),
    }
    assert may(world, report, POLICE) == set()


BACK = [(COMMUNITY, COMMUNITY), (TOWN, TOWN), (BUREAU, BUREAU), (MANAGER, "ys.hill")]


@pytest.mark.parametrize(("whistler", "back_at"), BACK, ids=[row[0] for row in BACK])
def test_what_is_handed_back_returns_to_whoever_whistled(world, report, whistler, back_at):
    due = report.resolve_due_at
    whistle(world, report, who=whistler)
    do(world, report, Act.HAND_BACK, FIRE, text="不归消防管")
    assert (report.state, report.handler_id) == ("submitted", world.bodies[back_at].id)
    assert (report.hand_back_count, report.resolve_due_at) == (1, due)
    assert called_to(report).lead is None
    assert [part.body_id for part in called_to(report).missing] == [world.bodies[POLICE].id]


def test_the_third_hand_back_goes_to_the_bureau_with_the_reasons_side_by_side(world, report):
    for number, lead in enumerate((FIRE, POLICE, FIRE)):
        whistle(world, report, lead=lead, joint=())
        do(world, report, Act.HAND_BACK, lead, text=f"理由{number}")
    assert report.handler_id == world.bodies[BUREAU].id
    (entry,) = feed(report, reason="hand_backs")
    assert all(f"理由{number}" in entry.detail for number in range(3))


def test_a_joint_body_hands_back_its_own_part_alone(world, report):
    whistle(world, report)
    do(world, report, Act.HAND_BACK, POLICE, text="不涉及治安")
    assert (report.state, report.handler_id, report.hand_back_count) == ("whistled", world.bodies[FIRE].id, 0)
    assert called_to(report).missing == ()
    assert may(world, report, POLICE) == {"reply"}


def test_a_transfer_takes_the_whistles_clocks_along_and_one_to_the_estate_ends_them(world, report):
    whistle(world, report, joint=())
    lead = called_to(report).lead
    clocks = (lead.report_in_due_at, lead.due_at, report.resolve_due_at)
    later = world.now + timedelta(hours=1)
    do(world, report, Act.TRANSFER, COMMUNITY, body_id=world.bodies[POLICE].id, now=later)
    new = called_to(report).lead
    assert (new.body_id, report.state) == (world.bodies[POLICE].id, "whistled")
    assert (new.report_in_due_at, new.due_at, report.resolve_due_at) == clocks
    do(world, report, Act.TRANSFER, BUREAU, body_id=world.bodies["ys.hill"].id, now=later)
    assert (report.state, called_to(report).parts) == ("submitted", ())


def test_where_a_department_leads_from_the_start_the_rows_others_are_asked_at_once(world):
    filing = Filing(kind="other.party", text="党员没有带头")
    found = file_report(world.place("ys.hill"), filing, key="p" * 32, by=STRANGER, now=world.now)
    report = report_by_no(found.no)
    (part,) = called_to(report).missing
    assert (part.body_id, part.lead, part.report_in_due_at) == (
        world.bodies["ys.social_work"].id,
        False,
        None,
    )
    assert (part.due_at, report.called_at) == (report.resolve_due_at, world.now)


def test_a_merged_report_asks_nobody_and_asks_the_same_again_when_it_is_split(world):
    filing, now = Filing(kind="other.party", text="党员没有带头"), world.now
    lead, other = (
        report_by_no(file_report(world.place("ys.hill"), filing, key=key * 32, by=STRANGER, now=now).no)
        for key in "pq"
    )
    (before,) = called_to(other).missing
    due = (before.due_at, before.sweep_at)
    do(world, other, Act.MERGE, BUREAU, lead_id=lead.id)
    assert called_to(other).missing == ()
    assert len(called_to(lead).missing) == 1
    do(world, other, Act.SPLIT, BUREAU)
    (after,) = called_to(other).missing
    assert (after.body_id, after.due_at, after.sweep_at) == (before.body_id, *due)


def test_a_further_whistle_asks_beside_the_lead(world, report):
    whistle(world, report, joint=())
    do(world, report, Act.REPORT_IN, FIRE)
    whistle(world, report, who=BUREAU, lead=POLICE, joint=())
    assert (report.state, report.handler_id) == ("accepted", world.bodies[FIRE].id)
    assert [part.body_id for part in called_to(report).missing] == [world.bodies[POLICE].id]


def test_only_the_books_callers_whistle_and_only_for_the_books_bodies(world, report):
    assert "whistle" in may(world, report, MANAGER)
    stranger = world.bodies["st.fire"].id
    for wrong in ({"body_id": stranger}, {"body_id": world.bodies["ys.hill"].id}, {"body_id": None},
                  {"body_id": world.bodies[FIRE].id, "joint": (stranger,)},
                  {"body_id": world.bodies[FIRE].id, "joint": (world.bodies[FIRE].id,)}):  # fmt: skip
        with pytest.raises(Invalid):
            do(world, report, Act.WHISTLE, COMMUNITY, **wrong)
    elsewhere = filed(world, "st.hill", key="s" * 32)
    assert "whistle" not in may(world, elsewhere, "st.community")
    assert {"whistle"} <= may(world, elsewhere, "st.town") & may(world, elsewhere, "st.bureau")


def test_what_is_no_matter_of_ours_is_refused_for_good_with_a_reason(world, report):
    whistle(world, report)
    with pytest.raises(Conflict):
        do(world, report, Act.REJECT, COMMUNITY)
    do(world, report, Act.REJECT, BUREAU, text="供电公司的线路，请打 95598")
    assert (report.state, report.closed_at, called_to(report).parts) == ("rejected", world.now, ())
    assert all(may(world, report, who) == set() for who in DESKS)


# An act by name, allowed or not, or by its place among those that are allowed: so that histories go deep.
MOVES = st.lists(
    st.tuples(
        st.sampled_from((*DESKS, "owner")),
        st.one_of(st.sampled_from(list(STEPS)), st.integers(0, 30)),
        st.sampled_from((FIRE, POLICE, "ys.town", "ys.community", "ys.hill", "ys.enforcement")),
        st.integers(0, 20),
    ),
    max_size=30,
)  # fmt: skip


def attempt(world, report, act, body, *, by, now):
    """Whether it was done; a refusal must leave everything as it was."""
    lead, joint = world.bodies[body].id, ((world.bodies[POLICE].id,) if body == FIRE else ())
    deed = Deed(
        version=report.version, text="说明说明说明说明", basis="按合同约定处理完毕", outcome="solved", score=4,
        body_id=lead, joint=joint, part=body == POLICE,
        until=(report.reopen_due_at or report.resolve_due_at) + timedelta(hours=1),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            act_on(report, act, deed, by=by, now=now)
    except HouseError:
        db.session.refresh(report)
        return False
    return True


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_in_any_history_one_body_must_act_or_it_is_over_and_no_clock_restarts(world, report, moves):
    savepoint = db.session.begin_nested()
    now, clocks = world.now, {}
    granted = False
    first = (report.submitted_at, report.accept_due_at, report.resolve_due_at)
    for who, chosen, body, hours in moves:
        now += timedelta(hours=hours)
        by = report.owner if who == "owner" else world.actor(who)
        mine = acts_for(report, by, now=now) or (Act.ACCEPT,)
        act = mine[chosen % len(mine)] if isinstance(chosen, int) else chosen
        allowed = act in mine
        done = attempt(world, report, act, body, by=by, now=now)
        assert allowed or not done
        granted = granted or (done and act is Act.GRANT)
        assert granted or (report.submitted_at, report.accept_due_at, report.resolve_due_at) == first
        found = called_to(report)
        leads = [part for part in found.parts if part.lead]
        assert len(leads) <= 1
        assert all(part.body_id == report.handler_id for part in leads)
        assert report.handler_id not in {part.body_id for part in found.parts if not part.lead}
        assert (report.state == "whistled") == (report.report_in_due_at is not None)
        if report.state == "whistled":
            assert leads
        if report.state not in OPEN:
            assert found.parts == ()
        else:
            able = [one for one in DESKS if Part.HANDLER in standing(report, world.actor(one)).parts]
            assert len(able) <= 1
            assert all({"report_in", "resolve"} & may(world, report, one, now) for one in able)
        for part in found.parts:
            assert clocks.setdefault(part.id, (part.asked_at, part.report_in_due_at, part.due_at)) == (
                part.asked_at, part.report_in_due_at, part.due_at)  # fmt: skip
    events = db.session.scalars(select(Event.act).where(Event.report_id == report.id)).all()
    assert len(events) == report.version
    savepoint.rollback()
    db.session.expire_all()


def test_a_new_company_gets_back_what_its_predecessor_whistled_up(world, report):
    whistle(world, report, who=MANAGER, joint=())
    firm = ensure_company("371323", "接手物业", now=world.now)
    project = serve(world.estates["ys.hill"], firm, now=world.now)
    db.session.refresh(report)
    assert (report.state, report.handler_id) == ("whistled", world.bodies[FIRE].id)
    do(world, report, Act.HAND_BACK, FIRE, text="不归消防管")
    assert report.handler_id == project.body_id != world.bodies["ys.hill"].id
