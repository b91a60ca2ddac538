"""What each body must do: the rules by a table of cases, the database's answer held against the rules."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from server.accounts.roles import Actor, Role
from server.core.db import db
from server.policy.loader import books
from server.policy.terms import Level
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.duty_rows import duty_rows
from server.reports.filing import Filing, file_report
from server.reports.matters import duties_on
from server.reports.models import Report
from server.reports.parts import NOBODY
from server.reports.queries import report_by_no
from server.reports.sides import Sides
from server.reports.targets import whistle_targets
from server.reports.todo import ACTS, WORDS, Asked, Matter, Task, duties
from server.reports.workflow import STEPS, Act
from server.reports.worklist import View, bench_of, bench_of_body, tally, worklist
from tests.world import YISHUI, hire

FIRM, NEAR, TOWN, BUREAU, FIRE, POLICE = range(1, 7)


def matter(now, state="accepted", **more):
    given = {"handler_id": FIRM, "community_id": NEAR, "township_id": TOWN, "bureau_id": BUREAU}
    given |= {"due_at": at(now, 10), "answer_due_at": at(now, 20), "sides": Sides()}
    return Matter(state=state, **(given | more))


def at(now, hours):
    return now + timedelta(hours=hours)


def cases(now):
    """What stands, and who must do what in the order of urgency."""
    lead = Asked(FIRE, at(now, 2), at(now, 8))
    joint = Asked(POLICE, None, at(now, 6))
    due = {"contact_due_at": at(now, 1), "check_due_at": at(now, 3)}
    return [
        ("submitted", {}, [(FIRM, "accept")]),
        ("accepted", {}, [(FIRM, "answer")]),
        ("whistled", {"handler_id": FIRE, "asked": (lead,)}, [(FIRE, "report_in")]),
        ("whistled", {"handler_id": FIRE, "asked": (lead, joint)}, [(FIRE, "report_in"), (POLICE, "part")]),
        ("accepted", {"handler_id": FIRE, "asked": (joint,)}, [(POLICE, "part"), (FIRE, "answer")]),
        ("accepted", {"asked": (Asked(POLICE, at(now, 1), at(now, 6)),)}, [(POLICE, "report_in"), (FIRM, "answer")]),
        ("resolved", {"asked": (joint,)}, []),
        ("submitted", {"sides": Sides(**due)}, [(NEAR, "contact"), (FIRM, "accept")]),
        ("resolved", {"sides": Sides(**due)}, [(NEAR, "check")]),
        ("resolved", {"sides": Sides(**due), "checker": Level.TOWNSHIP}, [(TOWN, "check")]),
        ("resolved", {}, []),
        ("accepted", {"sides": Sides(None, None, "measure", at(now, 1))}, [(FIRM, "measure"), (FIRM, "answer")]),
        ("accepted", {"sides": Sides(None, None, "rectify", at(now, 99))}, [(FIRM, "answer"), (FIRM, "rectify")]),
        ("resolved", {"sides": Sides(None, None, "rectify", at(now, 1))}, []),
        ("closed", {"sides": Sides(None, None, "reinspect", at(now, 1))}, [(NEAR, "reinspect")]),
        ("closed", {"sides": Sides(None, None, "reinspect", at(now, 1)), "handler_id": NEAR}, [(BUREAU, "reinspect")]),
        ("closed", {"sides": Sides(None, None, "done", None)}, []),
        ("accepted", {"extension_asked": True}, [(FIRM, "answer"), (BUREAU, "judge")]),
        ("accepted", {"extension_asked": True, "judge": Level.COMMUNITY}, [(FIRM, "answer"), (NEAR, "judge")]),
        (
            "accepted",
            {"extension_asked": True, "judge": Level.COMMUNITY, "handler_id": NEAR},
            [(NEAR, "answer"), (BUREAU, "judge")],
        ),
        ("referred", {"referral": "waiting"}, [(FIRM, "take")]),
        ("referred", {"referral": "taken"}, [(FIRM, "mediate")]),
        ("closed", {}, []),
        ("withdrawn", {"sides": Sides(**due), "extension_asked": True}, []),
        ("void", {}, []),
        ("rejected", {}, []),
    ]  # fmt: skip


def test_who_must_do_what_is_as_worked_out_by_hand(now):
    for state, more, expected in cases(now):
        found = duties(matter(now, state, **more))
        assert [(duty.body_id, duty.task) for duty in found] == expected, (state, more)
        assert [duty.due_at for duty in found] == sorted(duty.due_at for duty in found)


def test_every_task_has_short_words_and_an_act_of_the_workflow():
    assert set(WORDS) == set(ACTS) == set(Task)
    assert all(len(words) <= 20 for words in WORDS.values())
    assert set(ACTS.values()) <= STEPS.keys()


@pytest.fixture
def reports(world):
    """Reports of one county in many states, some by acts, the others by their columns alone."""
    kinds = [kind.key for kind in books()[YISHUI].kinds.values() if not kind.confidential]
    made = []
    for number in range(14):
        estate = ("ys.hill", "ys.lake", "ys.bare")[number % 3]
        filing = Filing(kind=kinds[number * 5 % len(kinds)], text="看看")
        filed = file_report(world.place(estate), filing, key=f"todo-{number:028d}", by=Actor(), now=world.now)
        made.append(report_by_no(filed.no))
    return made


def change(report, **values):
    db.session.execute(update(Report).where(Report.id == report.id).values(**values))
    db.session.refresh(report)


def spread(world, reports):
    """Bring the reports into states that nothing else of this test could reach so fast."""
    soon, later = at(world.now, 1), at(world.now, 30)
    states = [
        {"safety": False},
        {"state": "accepted"},
        {"state": "accepted", "extend_until": later},
        {"state": "accepted", "time_class": "instant", "extend_until": later},
        {"state": "accepted", "hazard_step": "measure", "hazard_due_at": soon},
        {"state": "whistled", "hazard_step": "rectify", "hazard_due_at": later},
        {"state": "resolved", "check_due_at": soon},
        {"state": "resolved", "hazard_step": "reinspect", "hazard_due_at": later},
        {"state": "closed", "hazard_step": "reinspect", "hazard_due_at": soon},
        {"state": "accepted", "contact_due_at": soon},
        {"state": "resolved", "contact_due_at": soon},
        {"state": "referred", "refer_state": "waiting", "refer_due_at": soon, "due_at": soon},
        {"state": "withdrawn", "extend_until": later},
        {"state": "accepted", "extend_until": later, "reopen_due_at": later, "book_version": "gone"},
    ]
    classes = books()[YISHUI].classes
    for report, values in zip(reports, states, strict=True):
        if values.get("time_class") not in (None, *classes):
            values.pop("time_class")
        change(report, **values)


def test_the_database_finds_the_same_duties_as_the_rules(world, reports):
    spread(world, reports)
    lead, joint = whistle_targets(reports[1], NOBODY)[:2]
    deed = Deed(version=reports[1].version, text="请来看", body_id=lead.body_id, joint=(joint.body_id,))
    act_on(reports[1], Act.WHISTLE, deed, by=world.actor("ys.bureau"), now=world.now)
    assert {duty.body_id for duty in duties_on(reports[1])} == {lead.body_id, joint.body_id}
    every = duty_rows(YISHUI).subquery()
    found = {}
    for row in db.session.execute(select(every)):
        found.setdefault((row.report_id, row.body_id), set()).add(row.due_at)
    expected = {}
    for report in reports:
        for duty in duties_on(report):
            expected.setdefault((report.id, duty.body_id), set()).add(duty.due_at)
    assert {key: min(dues) for key, dues in found.items()} == {
        key: min(dues) for key, dues in expected.items()
    }


@pytest.mark.parametrize("name", ["ys.hill.manager", "ys.community", "ys.town", "ys.bureau", "st.bureau"])
def test_the_tabs_hold_what_the_rules_say_and_nothing_twice(world, reports, name):
    spread(world, reports)
    actor, later = world.actor(name), at(world.now, 2)
    bench = bench_of(actor)
    lists = {view: pages(bench, view, later) for view in View}
    mine = {
        report.no for report in reports if any(duty.body_id in bench.bodies for duty in duties_on(report))
    }
    assert {row.no for row in lists[View.MINE]} == mine
    assert {row.no for row in lists[View.LATE]} == {
        row.no for row in lists[View.MINE] if row.my_due_at < later
    }
    for view in (View.MINE, View.LATE):
        dues = [row.my_due_at for row in lists[view]]
        assert dues == sorted(dues)
    apart = [row.no for view in (View.MINE, View.WATCH, View.ANSWERED) for row in lists[view]]
    assert len(apart) == len(set(apart))
    counted = tally(bench, now=later)
    assert {view: sum(one.counts[view] for one in counted) for view in View} == {
        view: len(rows) for view, rows in lists.items()
    }
    if name == "st.bureau":
        assert not apart


def pages(bench, view, now):
    """Every page of a tab, one after the other."""
    found, after = [], None
    while True:
        page = worklist(bench, view, estate_id=None, after=after, limit=2, now=now)
        found += page.items
        if page.next is None:
            return found
        after = page.next


def test_one_bodys_bench_is_what_its_own_people_see(world, reports, now):
    spread(world, reports)
    hire(world, "ys.other", world.bodies["ys.community"], Role.COMMUNITY)
    own, shown = bench_of(world.actor("ys.other")), bench_of_body(world.bodies["ys.community"])
    for view in View:
        assert [row.no for row in pages(own, view, now)] == [row.no for row in pages(shown, view, now)]
