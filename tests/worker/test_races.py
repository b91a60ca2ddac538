"""Two at once on real connections: one wins, the other is told so, and nothing happens twice or out of order."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import func, select

from server.accounts.roles import STRANGER
from server.accounts.sessions import open_for_person
from server.core import clock
from server.core.db import db
from server.core.errors import Conflict
from server.escalation.feed import open_entries
from server.escalation.models import FeedEntry
from server.escalation.rules import Entry, Reason
from server.escalation.service import sweep
from server.escalation.untold import look_for
from server.notices.models import Push
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.models import Event, Report
from server.reports.queries import own_history, report_by_no
from server.reports.workflow import Act
from server.worker.duties import DUTIES, run_duty
from tests.escalation.cases import filed, kind_like

MANAGER, BUREAU = "ys.hill.manager", "ys.bureau"
MILLISECOND = timedelta(milliseconds=1)
SWEEP = next(duty for duty in DUTIES if duty.name == "sweep")


def together(app, *works):
    """Each work in a thread and a session of its own, all beginning at once; what they gave."""
    gate = Barrier(len(works))

    def one(work):
        with app.app_context():
            gate.wait()
            try:
                return work()
            finally:
                db.session.rollback()
                db.session.remove()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def many(town, count, *, now, estates=("ys.hill",)):
    """So many reports, their numbers of the ledger."""
    found = []
    for number in range(count):
        estate = estates[number % len(estates)]
        filing = Filing(kind=kind_like(town.estates[estate].county_id), text=f"有问题 {number}")
        found.append(file_report(town.place(estate), filing, key=f"{number:032}", by=STRANGER, now=now).no)
    db.session.commit()
    return found


def bearers(town):
    now = clock.now()
    tokens = {who: open_for_person(town.people[who], device="test", now=now)[0] for who in (MANAGER, BUREAU)}
    db.session.commit()
    return {who: {"Authorization": f"Bearer {token}"} for who, token in tokens.items()}


def manager_and_bureau(app, town, rounds):
    """Both act on what they both see; each round has one winner, and both stand in its history."""
    headers, acts = bearers(town), {MANAGER: "reply", BUREAU: "supervise"}

    def act(no, who):
        body = {"version": 1, "text": "马上处理"}
        call = f"/api/v1/reports/{no}/acts/{acts[who]}"
        answer = app.test_client().post(call, json=body, headers=headers[who])
        return who, answer.status_code, answer.json

    won = Counter()
    for no in many(town, rounds, now=clock.now()):
        answers = together(app, *(lambda who=who, no=no: act(no, who) for who in acts))
        (winner,) = [who for who, status, _ in answers if status == 200]
        ((loser, said),) = [(who, body) for who, status, body in answers if status == 409]
        assert (said["code"], said["state"], said["version"]) == ("stale", "submitted", 2)
        report = report_by_no(no)
        steps = db.session.scalars(select(Event).where(Event.report_id == report.id).order_by(Event.id)).all()
        assert [step.act for step in steps] == ["submit", acts[winner], "missed"]
        assert steps[2].by_person_id == town.people[loser].id
        assert steps[2].data == {"act": acts[loser], "version": 1}
        assert [step.act for step in own_history(report.id)] == ["submit", acts[winner]]
        won[winner] += 1
        db.session.rollback()
    return won


def accepting_against_the_clock(app, town, rounds, *, seed=4):
    """The manager accepts at the deadline give or take a millisecond while the clocks look: never both."""
    began, chance, seen = clock.now(), Random(seed), Counter()
    numbers = many(town, rounds, now=began)
    by = town.actor(MANAGER)
    for no in numbers:
        report = report_by_no(no)
        report_id, due_at = report.id, report.accept_due_at
        accepted_at = due_at + chance.choice((-1, 0, 1)) * MILLISECOND
        looked_at = due_at + chance.choice((0, 1)) * MILLISECOND
        pause = chance.random() * 0.1
        db.session.rollback()

        def accept(no=no, at=accepted_at):
            try:
                act_on(report_by_no(no), Act.ACCEPT, Deed(version=1), by=by, now=at)
                db.session.commit()
            except Conflict:
                return "refused"
            return "accepted"

        def look(at=looked_at, pause=pause):
            sleep(pause)
            sweep(at, most=1)
            db.session.commit()

        did, _ = together(app, accept, look)
        told = db.session.scalars(select(FeedEntry.opened_at).where(FeedEntry.report_id == report_id)).all()
        stored = db.session.get_one(Report, report_id, populate_existing=True)
        if did == "refused":
            assert told, no
            assert stored.accepted_at is None
        else:
            assert stored.accepted_at == accepted_at
            assert not told or accepted_at >= max(told), no
        seen[did, bool(told)] += 1
        stored.sweep_at = None
        db.session.commit()
    return seen


def copies(app, town, keys, *, each=20):
    """Every key so many times at once: one report, and the same answer to all."""
    bodies = [
        {
            "place": town.code(name),
            "kind": kind_like(town.estates[name].county_id),
            "text": "楼道漏水",
            "where": {},
        }
        for name in ("ys.hill", "ys.lake", "ys.bare", "st.hill")
    ]  # an estate takes three hundred an hour from people of whom nothing is known
    db.session.commit()
    for number in range(keys):
        headers, body = {"Idempotency-Key": f"copy{number:028}"}, bodies[number % len(bodies)]

        def send(headers=headers, body=body):
            answer = app.test_client().post("/api/v1/reports", json=body, headers=headers)
            return answer.status_code, answer.json["no"]

        answers = together(app, *[send] * each)
        assert Counter(status for status, _ in answers) == {201: 1, 200: each - 1}
        assert len({no for _, no in answers}) == 1
    assert db.session.scalar(select(func.count(Report.id))) == keys
    pushes = db.session.execute(
        select(Push.report_id, Push.person_id, Push.channel, func.count()).group_by(
            Push.report_id, Push.person_id, Push.channel
        )
    ).all()
    assert {row[3] for row in pushes} == {1}


def people_act(town, reports, *, now):
    """Every other report is supervised, passed on, or handled with another for a while; their numbers."""
    touched = []
    for place, report in enumerate(reports[::2]):
        bureau = town.actor("st.bureau" if report.county_id == "370406" else BUREAU)
        acts = [(Act.SUPERVISE, {})]
        if place % 3 == 1:
            acts = [(Act.TRANSFER, {"body_id": report.township_id})]
        if place % 3 == 2:
            lead = next(one for one in reports[1::2] if one.estate_id == report.estate_id)
            acts = [(Act.MERGE, {"lead_id": lead.id}), (Act.SPLIT, {})]
        for act, more in acts:
            act_on(report, act, Deed(version=report.version, text="请尽快办理", **more), by=bureau, now=now)
        touched.append(report.id)
    db.session.commit()
    return touched


def after_three_hours(app, town, count, *, schedulers=2):
    """The workers stood still while deadlines passed and people acted; then several begin at once.

    Every step that passed is told once, in order, whatever was done meanwhile; what became moot is not told.
    """
    now = clock.now()
    numbers = many(town, count, now=now - timedelta(days=40), estates=("ys.hill", "ys.lake", "st.hill"))
    reports = db.session.scalars(select(Report).where(Report.no.in_(numbers)).order_by(Report.id)).all()
    late, moot = [], []
    for place, report in enumerate(reports):
        report.accept_due_at = now - timedelta(seconds=1 + place * 10_000 // count)
        report.resolve_due_at = report.accept_due_at + timedelta(days=30)
        report.sweep_at = report.due_at = report.accept_due_at
        if place % 5:
            late.append(report)
        else:
            report.state, report.accepted_at = "accepted", now
            moot.append(report.id)
    db.session.commit()
    meanwhile = people_act(town, late, now=now)
    together(app, *[lambda: run_duty(SWEEP, now=clock.now())] * schedulers)
    rows = db.session.execute(
        select(FeedEntry.report_id, FeedEntry.level, FeedEntry.id).where(FeedEntry.reason == "not_accepted")
    ).all()
    told = Counter((row.report_id, row.level) for row in rows)
    assert {one for one, _ in told} == {report.id for report in late}
    assert not {one for one, _ in told} & set(moot)
    assert set(told.values()) == {1}
    order = ["community", "township", "bureau"]
    for report in late:
        levels = [row.level for row in sorted(rows, key=lambda row: row.id) if row.report_id == report.id]
        assert levels == order[: len(levels)]
        names = select(FeedEntry.occasion).where(FeedEntry.report_id == report.id)
        stored = db.session.get_one(Report, report.id, populate_existing=True)
        wanted = look_for(stored, set(db.session.scalars(names)), now=now)
        assert wanted is None or wanted > now, (report.id, report.id in meanwhile)
        assert stored.sweep_at == wanted
    overdue = db.session.scalar(select(func.count(Push.id)).where(Push.purpose == "overdue"))
    clocks = FeedEntry.reason.in_(("not_accepted", "not_resolved"))
    assert overdue == db.session.scalar(select(func.count(FeedEntry.id)).where(clocks))
    return len(rows)


def readers_miss_nothing(app, town, each, *, writers=4):
    """Writers commit in any order; who reads on from the last number that he has seen misses none."""
    now, ended = clock.now(), []

    def write(mine):
        chance = Random(mine)
        for number in range(each):
            open_entries([Entry("371323", Reason.SAFETY, f"test:{mine}:{number}", "x")], now=now)
            if chance.random() < 0.3:
                db.session.execute(select(func.pg_sleep(0.002)))
            db.session.commit()
        ended.append(mine)

    def read():
        seen, last = [], 0
        while True:
            over = len(ended) == writers
            found = db.session.scalars(
                select(FeedEntry.id).where(FeedEntry.id > last).order_by(FeedEntry.id)
            ).all()
            db.session.rollback()
            seen += found
            last = max([last, *found])
            if over and not found:
                return seen

    *_, seen = together(app, *(lambda mine=mine: write(mine) for mine in range(writers)), read)
    assert len(seen) == len(set(seen)) == each * writers


def test_of_manager_and_bureau_at_once_one_wins_and_both_are_told_of(committed, town):
    manager_and_bureau(committed, town, 10)


def test_nobody_is_both_in_time_and_late(committed, town):
    accepting_against_the_clock(committed, town, 12)


def test_an_act_that_the_clock_overtook_is_refused_and_told_of(committed, town):
    """The order that a race makes now and then: the request began in time, the clock came before its commit."""
    report = filed(town, now=clock.now())
    due_at = report.accept_due_at
    sweep(due_at + MILLISECOND)
    db.session.commit()
    with pytest.raises(Conflict):
        act_on(report, Act.ACCEPT, Deed(version=1), by=town.actor(MANAGER), now=due_at - MILLISECOND)
    db.session.rollback()
    act_on(report, Act.ACCEPT, Deed(version=1), by=town.actor(MANAGER), now=due_at + 2 * MILLISECOND)
    db.session.commit()
    late = FeedEntry.report_id == report.id, FeedEntry.reason == Reason.NOT_ACCEPTED
    assert all(db.session.scalars(select(FeedEntry.closed_at).where(*late)))


def test_twenty_copies_at_once_are_one_report(committed, town):
    copies(committed, town, 3)


def test_after_three_hours_two_schedulers_tell_each_once_in_order_and_nothing_moot(committed, town):
    after_three_hours(committed, town, 50)


def test_readers_of_the_feed_miss_nothing_whoever_commits_first(committed, town):
    readers_miss_nothing(committed, town, 25)


def test_numbers_of_the_feed_are_drawn_in_the_order_of_commits(committed, town):
    """The second writer waits before it draws its number, not after: else a reader could pass the first by."""
    now = clock.now()

    def one(mine):
        (number,) = open_entries([Entry("371323", Reason.SAFETY, f"two:{mine}", "x")], now=now).values()
        db.session.execute(select(func.pg_sleep(0.2)))
        at = db.session.scalar(select(func.clock_timestamp()))
        db.session.commit()
        return number, at

    first, second = sorted(together(committed, lambda: one(1), lambda: one(2)))
    assert first[1] < second[1]


@pytest.mark.faults
def test_five_hundred_rounds_of_manager_and_bureau(committed, town):
    print(manager_and_bureau(committed, town, 500))  # noqa: T201 - the figure


@pytest.mark.faults
def test_two_hundred_races_with_the_clock(committed, town):
    print(accepting_against_the_clock(committed, town, 200))  # noqa: T201 - the figure


@pytest.mark.faults
def test_a_thousand_escalations_after_three_hours(committed, town):
    print(after_three_hours(committed, town, 1000))  # noqa: T201 - the figure


@pytest.mark.faults
def test_a_thousand_entries_of_eight_writers(committed, town):
    readers_miss_nothing(committed, town, 125, writers=8)


@pytest.mark.faults
def test_a_thousand_keys_twenty_times_each(committed, town):
    copies(committed, town, 1000)
