"""Who met the same trouble: households by hand, joins and merges in any order, what stays when people are forgotten."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from server.accounts.roles import STRANGER, Actor
from server.core.cells import Hidden
from server.core.db import db
from server.core.errors import Conflict, HouseError, Invalid, NotFound, TooMany
from server.core.tokens import fingerprint
from server.escalation.rules import Reason
from server.policy.loader import books
from server.reports.acting import act_on
from server.reports.countable import countable_reports
from server.reports.deeds import Deed
from server.reports.erasing import erase_contact, erase_expired
from server.reports.filing import Filing, file_report
from server.reports.households import Met, Standing, count_words, shown, standing
from server.reports.joined import Join
from server.reports.joining import Home, join, leave, say
from server.reports.merging import candidates
from server.reports.models import Event, Report
from server.reports.neighbours import join_of, standings
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from tests.escalation.cases import do, feed, filed, kind_like

DAY = timedelta(days=1)


def m(*marks, said=None):
    return Met(frozenset(marks), said)


HOUSEHOLDS = [
    ("nobody", [], Standing()),
    ("one", [m("d:1")], Standing(1)),
    ("two browsers behind one door", [m("d:1", "door:501"), m("d:2", "door:501")], Standing(1)),
    ("two doors", [m("d:1", "door:501"), m("d:2", "door:502")], Standing(2)),
    ("one who said his door and one who did not", [m("d:1", "door:501"), m("d:2")], Standing(2)),
    (
        "one browser in two merged reports",
        [m("d:1"), m("d:1", "door:501"), m("d:3", "door:501")],
        Standing(1),
    ),
    ("over a third they are one", [m("d:1"), m("d:2"), m("d:1", "d:2")], Standing(1)),
    ("the reporter himself is none", [m("d:0"), m("d:1")], Standing(1)),
    ("his household is none either", [m("d:0", "door:501"), m("d:2", "door:501")], Standing()),
    ("without a mark each is one", [m(), m()], Standing(2)),
    (
        "both answers in one household",
        [m("d:1", said="solved"), m("d:1", said="not_solved")],
        Standing(1, 0, 1),
    ),
    ("three who differ", [m("d:1", said="solved"), m("d:2", said="not_solved"), m("d:3")], Standing(3, 1, 1)),
]


def test_households_are_counted_by_door_and_person_and_few_of_them_are_hidden():
    for case, people, expected in HOUSEHOLDS:
        assert standing(people, frozenset({"d:0"})) == expected, case
        assert standing(reversed(people), frozenset({"d:0"})) == expected, case
    assert shown(Standing(2), exact=False).households is Hidden.FEW
    assert count_words(shown(Standing(2), exact=False)) == "少于3 户邻居也遇到"
    assert count_words(shown(Standing(3), exact=True)) == "3 户邻居也遇到"
    assert count_words(shown(Standing(), exact=False)) == ""
    split = shown(Standing(5, 1, 0), exact=False)
    assert isinstance(split.solved, Hidden)
    assert split.households == 5


def neighbour(number):
    return Actor(device_hash=fingerprint(f"browser-{number}"))


def met(world, report, who, **home):
    return join(report, world.place("ys.hill"), Home(**home), by=who, address="192.0.2.1", now=world.now)


def count(report):
    lead = db.session.get_one(Report, report.id, populate_existing=True)
    return standings([lead])[lead.id]


def merge(world, report, lead, who="ys.bureau", now=None):
    do(world, report, Act.MERGE, who, lead_id=lead.id, now=now)


def test_joining_is_one_tap_once_a_person_limited_and_gives_no_more_than_that(world):
    report = filed(world)
    for number in range(3):
        met(
            world,
            report,
            neighbour(number),
            building="3号楼",
            unit="1单元",
            door="501室" if number < 2 else "",
        )
    again = met(world, report, neighbour(2), building="3号楼", unit="1单元", door="501")
    assert count(report) == Standing(1)
    leave(report, by=neighbour(2), now=world.now)
    assert join_of(report, neighbour(2)) is None
    db.session.refresh(again)
    assert (again.device_hash, again.door_hash, again.building) == (None, None, None)
    with pytest.raises(NotFound):
        act_on(report, Act.WITHDRAW, Deed(report.version), by=neighbour(0), now=world.now)
    with pytest.raises(Conflict):
        met(world, report, report.owner)
    with pytest.raises(HouseError) as staff:
        met(world, report, world.actor("ys.hill.manager"))
    assert staff.value.status == 403
    with pytest.raises(HouseError) as unknown:
        met(world, report, STRANGER)
    assert unknown.value.status == 401
    with pytest.raises(NotFound):
        join(report, world.place("ys.lake"), Home(), by=neighbour(7), now=world.now)
    most = books()["371323"].duplicates.address_most
    with pytest.raises(TooMany):
        _crowd(world, report, most + 1)


def _crowd(world, report, number):
    for one in range(number):
        met(world, report, neighbour(10 + one))


def test_a_resolution_that_neighbours_deny_stands_on_the_feed_beside_the_reporters_word(world):
    report = filed(world)
    for number in range(3):
        met(world, report, neighbour(number))
    with pytest.raises(Conflict):
        say(report, "solved", by=neighbour(0), now=world.now)
    do(world, report, Act.ACCEPT, "ys.hill.manager")
    do(world, report, Act.RESOLVE, "ys.hill.manager", outcome="solved")
    do(world, report, Act.CONFIRM)
    with pytest.raises(NotFound):
        say(report, "not_solved", by=neighbour(9), now=world.now)
    say(report, "solved", by=neighbour(0), now=world.now)
    say(report, "not_solved", by=neighbour(1), now=world.now)
    assert not feed(report, reason=Reason.NEIGHBOURS)
    say(report, "not_solved", by=neighbour(0), now=world.now)
    say(report, "not_solved", by=neighbour(2), now=world.now)
    assert [entry.detail[:2] for entry in feed(report, reason=Reason.NEIGHBOURS)] == ["2 "]
    assert count(report) == Standing(3, 0, 3)
    assert (report.state, report.closed_as) == ("closed", "confirmed")
    do(world, report, Act.REOPEN)
    assert feed(report, reason=Reason.NEIGHBOURS)[0].closed_at
    do(world, report, Act.RESOLVE, "ys.hill.manager", outcome="solved", now=world.now + DAY)
    assert count(report) == Standing(3, 0, 0), "an answer to an earlier resolution says nothing of this one"


def test_merging_links_both_keeps_the_earlier_clock_and_can_be_undone_within_the_books_days(world):
    first = filed(world)
    second = filed(world, key="l" * 32, now=world.now + DAY)
    late, due = second.resolve_due_at, first.resolve_due_at
    assert [row.no for row in candidates(first, world.actor("ys.bureau"), now=world.now + DAY)] == [second.no]
    merge(world, first, second, who="ys.community", now=world.now + DAY)
    db.session.refresh(second)
    assert (first.state, first.closed_as, first.merged_into_id) == ("closed", "merged", second.id)
    assert (second.state, second.resolve_due_at, second.accept_due_at) == (
        "submitted",
        due,
        first.accept_due_at,
    )
    assert report_by_no(first.no).id == first.id, "its number stays its own"
    told = db.session.scalars(select(Event.data).where(Event.act == Act.MERGE).order_by(Event.id)).all()
    assert [told[0]["lead"], told[1]["merged"]] == [second.no, first.no]
    assert join_of(second, first.owner).merged_id == first.id
    assert count(second) == Standing(1)
    for act in (Act.REOPEN, Act.RATE, Act.VOID):
        with pytest.raises(Conflict):
            do(world, first, act, "ys.bureau" if act is Act.VOID else None, score=1)
    with pytest.raises(Conflict):
        do(world, first, Act.SPLIT, "ys.bureau", now=world.now + 17 * DAY)
    do(world, first, Act.SPLIT, "ys.bureau", now=world.now + 2 * DAY)
    db.session.refresh(second)
    assert (first.state, first.merged_into_id, first.resolve_due_at) == ("submitted", None, due)
    assert (second.resolve_due_at, count(second)) == (late, Standing())
    with pytest.raises(Invalid):
        merge(world, first, first)
    with pytest.raises(Invalid):
        merge(world, first, filed(world, "ys.lake", key="m" * 32))
    with pytest.raises(HouseError):
        merge(world, first, second, who="ys.hill.manager")


def test_nothing_merged_is_lost_when_the_report_that_leads_is_taken_back(world):
    first, second = filed(world), filed(world, key="l" * 32)
    do(world, first, Act.ACCEPT, "ys.hill.manager")
    merge(world, first, second)
    do(world, second, Act.WITHDRAW)
    db.session.refresh(first)
    assert (first.state, first.merged_into_id, first.closed_at) == ("accepted", None, None)
    assert join_of(second, first.owner) is None


def total(world):
    found = countable_reports("371323", since=world.now - DAY, until=world.now + 9 * DAY)
    hill = next((one for one in found if one.estate_id == world.estates["ys.hill"].id), None)
    return (hill.counted, hill.filed) if hill else (0, 0)


def told_by_history():
    """Which report leads which, from the events alone."""
    leads = {}
    rows = select(Event.report_id, Event.act, Event.data).where(Event.act.in_((Act.MERGE, Act.SPLIT)))
    for row in db.session.execute(rows.order_by(Event.id)):
        if row.data.get("lead_id"):
            leads[row.report_id] = row.data["lead_id"] if row.act == Act.MERGE else None
    return {report: lead for report, lead in leads.items() if lead}


STEPS = st.lists(
    st.tuples(st.sampled_from(("merge", "join", "split")), st.integers(0, 3), st.integers(0, 3)), max_size=9
)


@settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, order=st.permutations(range(4)))
def test_merges_and_joins_in_any_order_give_the_same_counts_and_the_history_tells_them_again(
    world, steps, order
):
    with db.session.begin_nested() as undone:
        reports = [report_by_no(_file(world, number)) for number in range(4)]
        for what, one, other in steps:
            _step(world, reports, what, one, other)
        db.session.expire_all()
        groups = {report.id: report.merged_into_id or report.id for report in reports}
        assert told_by_history() == {one: lead for one, lead in groups.items() if one != lead}
        assert total(world) == (len(set(groups.values())), 4)
        for report in reports:
            waiting = report.state in {"submitted", "accepted"}
            assert waiting == (groups[report.id] == report.id), (
                "one body must act, or it is handled with another"
            )
        before = {lead: count(db.session.get(Report, lead)) for lead in set(groups.values())}
        _all_into_one(world, [reports[number] for number in order])
        people = {row.device_hash for row in db.session.execute(select(Join.device_hash)) if row.device_hash}
        lead = reports[order[0]].merged_into_id or reports[order[0]].id
        assert count(db.session.get(Report, lead)) == Standing(3 + len(people))
        assert all(one.households <= 3 + len(people) for one in before.values())
        assert total(world) == (1, 4)
        undone.rollback()


def _file(world, number):
    filing = Filing(kind=kind_like(), text="同一件")
    by = Actor(device_hash=fingerprint(f"reporter-{number}"))
    at = world.now + timedelta(minutes=number)
    return file_report(world.place("ys.hill"), filing, key=f"{number}" * 32, by=by, now=at).no


def _step(world, reports, what, one, other):
    report = reports[one]
    db.session.refresh(report)
    try:
        with db.session.begin_nested():
            if what == "join":
                join(report, world.place("ys.hill"), Home(), by=neighbour(other), now=world.now + DAY)
            else:
                act = Act.MERGE if what == "merge" else Act.SPLIT
                deed = Deed(report.version, text="说明", lead_id=reports[other].id)
                act_on(report, act, deed, by=world.actor("ys.bureau"), now=world.now + DAY)
    except (Conflict, Invalid):
        db.session.expire_all()


def _all_into_one(world, reports):
    for one, other in zip(reports[1:], reports, strict=False):
        db.session.expire_all()
        if (one.merged_into_id or one.id) != (other.merged_into_id or other.id):
            root = db.session.get(Report, one.merged_into_id or one.id)
            deed = Deed(root.version, lead_id=other.id)
            act_on(root, Act.MERGE, deed, by=world.actor("ys.bureau"), now=world.now + DAY)
    db.session.expire_all()


def test_forgetting_takes_what_leads_to_neighbours_and_leaves_the_count(world):
    report, other = filed(world), filed(world, key="l" * 32)
    for number, door in enumerate(("501", "501", "")):
        met(world, report, neighbour(number), building="3号楼", door=door)
    met(world, other, neighbour(2))
    merge(world, other, report)
    assert count(report) == Standing(3)
    erase_contact(other, by=other.owner, now=world.now)
    do(world, report, Act.ACCEPT, "ys.hill.manager")
    do(world, report, Act.RESOLVE, "ys.hill.manager", outcome="solved")
    do(world, report, Act.CONFIRM)
    assert count(report) == Standing(3)
    days = books()["371323"].limits.contact_days
    assert erase_expired(world.now + (days + 1) * DAY)
    db.session.expire_all()
    left = db.session.execute(
        select(Join.device_hash, Join.resident_id, Join.owner_hash, Join.door_hash)
    ).all()
    assert {tuple(row) for row in left} == {(None, None, None, None)}
    assert count(report) == Standing(3)
