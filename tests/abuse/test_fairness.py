"""What counts, what is counted once, and what not at all."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from server.accounts.devices import know_device
from server.accounts.roles import Actor
from server.core import clock
from server.core.db import db
from server.core.errors import Conflict, Invalid, NotFound
from server.escalation.bulk import doubt_bulk_closes
from server.escalation.counts import estate_counts
from server.escalation.models import FeedEntry
from server.policy.loader import books
from server.reports.acting import act_on
from server.reports.countable import countable_reports
from server.reports.deeds import Deed
from server.reports.fairness import Flag, Resolution, Seen, bulks, judge
from server.reports.filing import Filing, file_report
from server.reports.flagging import flag_reports
from server.reports.flags import ReportFlag, dismiss, flags_of, flags_page
from server.reports.models import Report
from server.reports.workflow import Act
from tests.conftest import NOON
from tests.statements import recorded
from tests.world import YISHUI

GUARD = books()[YISHUI].guard
LEAK = next(kind.key for kind in books()[YISHUI].kinds.values() if kind.label == "漏水")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def seen(number, *, days=0, kind="a", ended=None):
    return Seen(number, kind, (None, "3号楼"), NOON + days * DAY, ended)


@pytest.mark.parametrize(
    ("one", "before", "staff", "flags"),
    [
        (seen(1), [], False, set()),
        (seen(1), [], True, {Flag.STAFF_OWN}),
        (seen(2, days=1), [seen(1)], False, {Flag.AGAIN, Flag.DUPLICATE}),
        (seen(2, days=1, kind="b"), [seen(1)], False, {Flag.AGAIN}),
        (seen(2, days=2), [seen(1, ended=NOON + DAY)], False, {Flag.AGAIN}),
        (seen(2, days=20, kind="b"), [seen(1)], False, set()),
        (seen(9, kind="b"), [seen(n) for n in range(4)], False, {Flag.AGAIN, Flag.MANY}),
    ],
)
def test_a_report_is_judged_by_the_same_persons_earlier_ones(one, before, staff, flags):
    assert judge(one, before, staff=staff, guard=GUARD).keys() == flags


@given(st.lists(st.integers(0, 3600), max_size=60))
def test_runs_hold_exactly_what_lies_in_a_crowded_window(seconds):
    done = [Resolution(n, n, NOON + timedelta(seconds=at)) for n, at in enumerate(seconds)]
    found = {one.event_id for run in bulks(done, guard=GUARD) for one in run}
    window = timedelta(minutes=GUARD.bulk_minutes)
    crowded = {
        one.event_id
        for one in done
        for start in done
        if start.at <= one.at <= start.at + window
        and sum(start.at <= other.at <= start.at + window for other in done) >= GUARD.bulk_from
    }
    assert found == crowded


def filed(world, number, *, device="d" * 64, estate="ys.hill", at=None, key=None):
    filing = Filing(kind=LEAK, text="漏水", where=f"第 {number} 处")
    key, now = key or f"{estate}{number:026d}", at or world.now
    done = file_report(world.place(estate), filing, key=key, by=Actor(device_hash=device), now=now)
    return db.session.get_one(Report, done.report_id)


def counted(world, estate="ys.hill"):
    found = countable_reports(YISHUI, since=world.now - DAY, until=world.now + DAY)
    return next(one for one in found if one.estate_id == world.estates[estate].id)


def later(world):
    return world.now + 10 * MINUTE


def test_fifty_reports_of_one_person_are_one_reporter(world):
    for number in range(50):
        filed(world, number, at=world.now + timedelta(seconds=number))
    filed(world, 99, device="e" * 64)
    flag_reports(later(world))
    found = counted(world)
    assert (found.filed, found.counted, found.reporters) == (51, 51, 2)
    many = select(ReportFlag).where(ReportFlag.flag == Flag.MANY)
    assert len(db.session.scalars(many).all()) == 51 - GUARD.repeat_from
    row = next(
        row
        for row in estate_counts(YISHUI, since=world.now - DAY, until=world.now + DAY, now=world.now)
        if row.estate_id == world.estates["ys.hill"].id
    )
    assert (row.total, row.reporters, row.excluded) == (51, 2, 0)


def test_a_round_says_the_same_to_the_database_however_many_reports_it_looks_at(world):
    """Else the driver, which keeps texts, fills the worker's memory with such as never come again."""
    texts = []
    for number, many in enumerate((3, 7), 1):
        for one in range(many):
            filed(world, 10 * number + one, at=world.now + number * 20 * MINUTE, device=f"{one}" * 64)
            filed(world, 10 * number + one, at=world.now + number * 20 * MINUTE, key=f"t{number}{one:030}")
        with recorded() as sent:
            flag_reports(world.now + number * 20 * MINUTE + 10 * MINUTE)
        texts.append({text for text, _ in sent.sent if "SAVEPOINT" not in text})
    assert texts[0] == texts[1]


def test_a_duplicate_counts_nowhere_until_the_bureau_says_otherwise(world):
    filed(world, 1)
    twin = filed(world, 1, key="t" * 32, at=world.now + MINUTE)
    flag_reports(later(world))
    found = counted(world)
    assert (found.filed, found.counted, found.reporters, found.excluded) == (2, 1, 1, {"duplicate": 1})
    flag = next(row for row in flags_of(twin.id, world.actor("ys.bureau")) if row.flag == Flag.DUPLICATE)
    with pytest.raises(Invalid):
        dismiss(flag.id, by=world.actor("ys.bureau"), why=" ", now=world.now)
    dismiss(flag.id, by=world.actor("ys.bureau"), why="是两处不同的漏水", now=world.now)
    assert counted(world).counted == 2
    with pytest.raises(Conflict):
        dismiss(flag.id, by=world.actor("ys.bureau"), why="再撤一次", now=world.now)
    for stranger in ("st.bureau", "ys.hill.manager", "ys.community"):
        with pytest.raises(NotFound):
            dismiss(flag.id, by=world.actor(stranger), why="x", now=world.now)
        assert flags_of(twin.id, world.actor(stranger)) == []


def test_staff_s_own_report_at_their_estate_is_left_out_and_the_rest_stays(world):
    know_device(world.people["ys.hill.manager"], "m" * 64, now=world.now)
    filed(world, 1, device="m" * 64)
    filed(world, 2, device="m" * 64, estate="ys.lake")
    filed(world, 3, device="r" * 64)
    flag_reports(later(world))
    assert counted(world).excluded == {"staff_own": 1}
    assert (counted(world).counted, counted(world, "ys.lake").counted) == (1, 1)


def test_what_was_looked_at_is_not_looked_at_again_and_the_newest_wait(world):
    filed(world, 1)
    filed(world, 2, at=world.now + timedelta(seconds=1))
    for _ in range(3):
        flag_reports(later(world))
    assert db.session.query(ReportFlag).count() == 1
    late = filed(world, 3, at=later(world))
    flag_reports(later(world) + timedelta(seconds=5))
    assert flags_of(late.id, world.actor("ys.bureau")) == []
    flag_reports(later(world) + 5 * MINUTE)
    assert db.session.query(ReportFlag).filter(ReportFlag.report_id == late.id).count() == 1


def test_a_hundred_closes_in_a_minute_count_as_none_and_are_flagged(world):
    manager = world.actor("ys.hill.manager")
    for number in range(100):
        report = filed(world, number, device=f"{number:064d}")
        act_on(report, Act.ACCEPT, Deed(version=1), by=manager, now=world.now)
        deed = Deed(
            version=report.version,
            text="都处理好了",
            outcome="not_solvable",
            basis="《民法典》第二百七十八条",
        )
        act_on(report, Act.RESOLVE, deed, by=manager, now=world.now + timedelta(milliseconds=500 * number))
    doubt_bulk_closes(later(world))
    flags = db.session.query(ReportFlag).filter(ReportFlag.flag == Flag.BULK)
    assert flags.count() == 100
    entries = db.session.scalars(select(FeedEntry).where(FeedEntry.reason == "bulk_closed")).all()
    assert len(entries) == 1
    assert entries[0].level == "bureau"
    db.session.query(Report).update({"state": "closed", "closed_as": "unconfirmed", "closed_at": world.now})
    rows = estate_counts(YISHUI, since=world.now - DAY, until=world.now + DAY, now=world.now)
    row = next(row for row in rows if row.estate_id == world.estates["ys.hill"].id)
    assert (row.total, row.solved, row.unconfirmed, row.doubted) == (100, 0, 0, 100)
    assert counted(world).doubted == 100
    db.session.query(Report).update({"closed_as": "confirmed"})
    assert counted(world).doubted == 0


def test_the_list_is_the_bureau_s_own(world):
    know_device(world.people["ys.hill.manager"], "m" * 64, now=world.now)
    report = filed(world, 1, device="m" * 64)
    with clock.stopped(later(world)):
        flag_reports(later(world))
    page = flags_page(world.actor("ys.bureau"), after=None, limit=20)
    assert [row.no for row in page.items] == [report.no]
    assert flags_page(world.actor("st.bureau"), after=None, limit=20).items == []
    with pytest.raises(NotFound):
        flags_page(world.actor("ys.hill.manager"), after=None, limit=20)
