"""Orders of 12345 are judged as fairly as reports filed by hand: one caller is one reporter, however late they come in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.roles import STRANGER, Actor
from server.core.db import db
from server.interop.hotline.rows import OrderRow
from server.interop.hotline.taking import take_in
from server.policy.loader import books
from server.reports.countable import countable_reports
from server.reports.fairness import Flag, month
from server.reports.filing import Filing, file_report
from server.reports.flagging import flag_reports
from server.reports.flags import ReportFlag
from server.reports.models import Report
from tests.world import YISHUI

CALLER, OTHER = "13900000001", "13900000002"
GUARD = books()[YISHUI].guard
KINDS = [kind.key for kind in books()[YISHUI].kinds.values() if kind.counts and not kind.confidential]
HOUR, DAY, LATER = timedelta(hours=1), timedelta(days=1), timedelta(minutes=10)


@pytest.fixture
def since(now):
    """When the first of them was taken down by 12345: long before any mark of the duty."""
    return now - 40 * DAY


def told(number, since):
    """What the caller says the n-th time, and when: every kind once, for of one kind they would be one matter."""
    return KINDS[number], "楼前", since + number * HOUR


def bring(world, since, numbers, *, estate="ys.hill", phone=CALLER):
    """Take orders in, in this order, in one chunk."""
    rows = []
    for number in numbers:
        kind, where, at = told(number, since)
        given = {"kind": kind, "estate_id": world.estates[estate].id, "address": where, "phone": phone}
        rows.append(OrderRow(number, f"{estate}{phone}{number}", at, words="有问题", **given))
    taken = take_in(YISHUI, rows, history=False, now=world.now)
    assert taken.new == len(numbers)
    db.session.commit()


def write(world, since, number, *, estate="ys.lake", phone=CALLER, by=STRANGER, at=None):
    """The same told by hand at its own time."""
    kind, where, told_at = told(number, since)
    filing = Filing(kind=kind, text="有问题", where=where, phone=phone, contact_ok=True)
    key = f"{estate}-{phone}-{number}".ljust(32, "k")
    file_report(world.place(estate), filing, key=key, by=by, now=at or told_at)


def flags(world, estate):
    """What was noticed at an estate: each report by its time, with its flags and the reasons."""
    query = (
        select(Report.submitted_at, Report.kind, ReportFlag.flag, ReportFlag.why)
        .join(ReportFlag, ReportFlag.report_id == Report.id)
        .where(Report.estate_id == world.estates[estate].id)
    )
    return sorted(map(tuple, db.session.execute(query)))


def counted(world, since, estate):
    found = countable_reports(YISHUI, since=since - DAY, until=world.now + DAY)
    return next(one for one in found if one.estate_id == world.estates[estate].id)


def test_one_callers_orders_of_every_kind_get_the_flags_of_reports_by_hand(world, since):
    flag_reports(world.now)
    numbers = range(len(KINDS))
    bring(world, since, numbers)
    bring(world, since, [0], phone=OTHER)
    flag_reports(world.now + LATER)
    months = {month(told(number, since)[2]) for number in numbers}
    assert counted(world, since, "ys.hill").reporters == len(months) + 1
    for number in numbers:
        write(world, since, number)
    write(world, since, 0, phone=OTHER)
    db.session.execute(db.text("DELETE FROM flag_mark"))
    flag_reports(world.now + LATER)
    assert flags(world, "ys.hill") == flags(world, "ys.lake") != []
    hill, lake = counted(world, since, "ys.hill"), counted(world, since, "ys.lake")
    assert (hill.counted, hill.reporters) == (lake.counted, lake.reporters)
    many = [one for one in flags(world, "ys.hill") if one[2] == Flag.MANY]
    assert len(many) == len(numbers) - GUARD.repeat_from + 1


def test_they_are_judged_when_they_come_in_whatever_their_order(world, since):
    bring(world, since, [5, 4, 3])
    bring(world, since, [2, 0, 1])
    for number in range(6):
        write(world, since, number)
    flag_reports(world.now)
    assert flags(world, "ys.hill") == flags(world, "ys.lake")
    assert {one[2] for one in flags(world, "ys.hill")} == {Flag.AGAIN, Flag.MANY}


def test_what_he_filed_here_meanwhile_has_another_before_it_from_then_on(world, since):
    write(world, since, 3, estate="ys.hill")
    flag_reports(world.now)
    assert flags(world, "ys.hill") == []
    bring(world, since, [1])
    (flag,) = flags(world, "ys.hill")
    assert flag[:3] == (since + 3 * HOUR, KINDS[3], Flag.AGAIN)
    assert counted(world, since, "ys.hill").reporters == 1


def test_what_others_filed_there_stays_as_it_was(world, since):
    write(world, since, 3, estate="ys.hill", phone=OTHER)
    write(world, since, 4, estate="ys.hill", phone=None, by=Actor(device_hash="d" * 64))
    write(world, since, 5, estate="ys.lake")
    flag_reports(world.now)
    bring(world, since, [1])
    assert flags(world, "ys.hill") == flags(world, "ys.lake") == []


def test_bringing_them_again_raises_nothing_twice(world, since):
    bring(world, since, [0, 1, 2])
    before = flags(world, "ys.hill")
    flag_reports(world.now)
    assert flags(world, "ys.hill") == before != []


def test_what_came_in_before_anybody_looked_is_looked_at_once_more(world, since):
    """An installation that imported orders while nothing judged them: its duty's mark lies past them all."""
    db.session.execute(db.text("INSERT INTO flag_mark VALUES ('fair_reports', :now)"), {"now": world.now})
    for number in range(3):
        write(world, since, number, estate="ys.hill")
    flag_reports(world.now)
    assert [one[2] for one in flags(world, "ys.hill")] == [Flag.AGAIN, Flag.AGAIN]
