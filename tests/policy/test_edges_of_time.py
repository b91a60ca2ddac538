"""Instants at the edges of days, months, quarters and years, worked out by hand on the calendars as published."""

from datetime import UTC, date, datetime, timedelta

import pytest

from server.core import clock
from server.disclosures.quarters import last_finished, quarter_of
from server.escalation.counts import month_bounds
from server.policy.clocks import Clock, due, push_at, steps, unconfirmed_at
from server.policy.loader import books
from server.reports.clocks import Running, due_at, is_late, next_look, overrun_steps

BOOK = books()["371323"]
"""Working hours 8:30–12:00 and 14:00–17:30: seven a day."""


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("klass", "submitted", "accept", "resolve"),
    [
        # the edges of a working day
        ("ordinary", "2026-07-15 00:00", "2026-07-15 14:30", "2026-07-22 00:00"),
        ("ordinary", "2026-07-15 08:29:59", "2026-07-15 14:30", "2026-07-22 08:29:59"),
        ("ordinary", "2026-07-15 08:30", "2026-07-15 14:30", "2026-07-22 08:30"),
        ("ordinary", "2026-07-15 11:59:59", "2026-07-16 08:59:59", "2026-07-22 11:59:59"),
        ("ordinary", "2026-07-15 12:00", "2026-07-16 09:00", "2026-07-22 12:00"),
        ("ordinary", "2026-07-15 13:59:59", "2026-07-16 09:00", "2026-07-22 13:59:59"),
        ("ordinary", "2026-07-15 17:29:59", "2026-07-16 14:29:59", "2026-07-22 17:29:59"),
        ("ordinary", "2026-07-15 17:30", "2026-07-16 14:30", "2026-07-22 17:30"),
        # the day in Shanghai is not the day in UTC
        ("urgent", "2026-07-15 07:50", "2026-07-15 08:20", "2026-07-15 09:50"),
        ("urgent", "2026-02-28 23:45", "2026-03-01 00:15", "2026-03-01 01:45"),
        ("utilities", "2025-12-31 23:30", "2026-01-01 01:30", "2026-01-01 23:30"),
        # leap day
        ("utilities", "2024-02-28 12:00", "2024-02-28 14:00", "2024-02-29 12:00"),
        ("ordinary", "2024-02-29 09:00", "2024-02-29 15:00", "2024-03-07 09:00"),
        ("hard", "2024-02-15 10:00", "2024-02-18 14:30", "2024-03-01 10:00"),
        # quarters and years
        ("ordinary", "2026-03-31 17:00", "2026-04-01 12:00", "2026-04-07 17:00"),
        ("ordinary", "2026-06-30 23:59:59", "2026-07-01 14:30", "2026-07-07 23:59:59"),
        ("ordinary", "2025-12-31 17:30", "2026-01-04 14:30", "2026-01-07 17:30"),
        ("ordinary", "2031-12-31 23:59:59", "2032-01-01 14:30", "2032-01-07 23:59:59"),
        # holidays and 调休
        ("ordinary", "2026-02-13 17:29:59", "2026-02-14 14:29:59", "2026-02-20 17:29:59"),
        ("ordinary", "2026-02-14 15:00", "2026-02-24 10:00", "2026-02-21 15:00"),
        ("ordinary", "2026-04-03 16:00", "2026-04-07 11:00", "2026-04-10 16:00"),
        ("ordinary", "2026-04-30 12:00", "2026-05-06 09:00", "2026-05-07 12:00"),
        ("ordinary", "2026-05-08 17:00", "2026-05-09 12:00", "2026-05-15 17:00"),
        ("ordinary", "2026-06-18 14:00", "2026-06-22 09:00", "2026-06-25 14:00"),
        ("ordinary", "2026-09-20 08:30", "2026-09-20 14:30", "2026-09-27 08:30"),
        ("ordinary", "2026-09-24 17:00", "2026-09-28 12:00", "2026-10-01 17:00"),
        ("ordinary", "2026-10-10 17:30", "2026-10-12 14:30", "2026-10-17 17:30"),
        ("hard", "2025-09-28 16:00", "2025-09-29 11:00", "2025-10-13 16:00"),
    ],
)
def test_deadlines_at_the_edges(klass: str, submitted: str, accept: str, resolve: str) -> None:
    found = due(BOOK, klass, local(submitted))
    assert (found.accept_due_at, found.resolve_due_at) == (local(accept), local(resolve))


@pytest.mark.parametrize(
    ("at", "accept", "resolve"),
    [
        ("2026-09-30 17:00", "2026-10-08 10:00", "2026-10-04 05:00"),
        ("2031-12-31 16:00", "2032-01-01 09:00", "2032-01-04 04:00"),
        ("2024-02-28 10:00", "2024-02-28 12:00", "2024-03-02 22:00"),
        ("2026-02-14 12:00", "2026-02-14 16:00", "2026-02-18 00:00"),
    ],
)
def test_a_second_clock_at_the_edges(at: str, accept: str, resolve: str) -> None:
    found = due(BOOK, "ordinary", local(at), reopened=True)
    assert (found.accept_due_at, found.resolve_due_at) == (local(accept), local(resolve))


@pytest.mark.parametrize(
    ("which", "at", "township", "bureau"),
    [
        (Clock.ACCEPT, "2026-09-30 17:00", "2026-10-08 12:00", "2026-10-09 12:00"),
        (Clock.ACCEPT, "2026-02-14 15:00", "2026-02-24 10:00", "2026-02-25 10:00"),
        (Clock.ACCEPT, "2025-12-31 16:00", "2026-01-04 11:00", "2026-01-05 11:00"),
        (Clock.RESOLVE, "2026-10-07 16:30", "2026-10-08 17:30", "2026-10-09 17:30"),
        (Clock.RESOLVE, "2026-09-18 11:00", "2026-09-20 11:00", "2026-09-21 11:00"),
    ],
)
def test_levels_are_told_over_the_edges_in_working_time(
    which: Clock, at: str, township: str, bureau: str
) -> None:
    late, never = local(at), local("2030-01-01 00:00")
    deadlines = {"accept_due_at": never, "resolve_due_at": never} | {f"{which}_due_at": late}
    found = [step.at for step in steps(BOOK, "ordinary", **deadlines) if step.clock is which]
    assert found == [late, local(township), local(bureau)]


@pytest.mark.parametrize(
    ("resolved", "closes"),
    [
        ("2026-12-28 10:00", "2027-01-04 10:00"),
        ("2024-02-25 10:00", "2024-03-03 10:00"),
        ("2026-09-30 23:59:59", "2026-10-07 23:59:59"),
    ],
)
def test_silence_ends_over_the_edges(resolved: str, closes: str) -> None:
    assert unconfirmed_at(BOOK, local(resolved)) == local(closes)


@pytest.mark.parametrize(
    ("at", "sent"),
    [("2026-12-31 21:30", "2027-01-01 07:30"), ("2026-02-28 23:59:59", "2026-03-01 07:30")],
)
def test_no_ordinary_push_at_midnight(at: str, sent: str) -> None:
    assert push_at(BOOK, "ordinary", local(at)) == local(sent)


@pytest.mark.parametrize(
    ("instant", "day", "quarter", "finished"),
    [
        ("2026-06-30T15:59:59.999999", date(2026, 6, 30), "2026-Q2", "2026-Q1"),
        ("2026-06-30T16:00:00", date(2026, 7, 1), "2026-Q3", "2026-Q2"),
        ("2026-12-31T15:59:59", date(2026, 12, 31), "2026-Q4", "2026-Q3"),
        ("2026-12-31T16:00:00", date(2027, 1, 1), "2027-Q1", "2026-Q4"),
        ("2024-02-29T15:59:59", date(2024, 2, 29), "2024-Q1", "2023-Q4"),
        ("2024-02-29T16:00:00", date(2024, 3, 1), "2024-Q1", "2023-Q4"),
    ],
)
def test_an_instant_belongs_to_its_day_and_quarter_in_shanghai(
    instant: str, day: date, quarter: str, finished: str
) -> None:
    today = clock.today(datetime.fromisoformat(instant).replace(tzinfo=UTC))
    assert (today, str(quarter_of(today)), str(last_finished(today))) == (day, quarter, finished)


@pytest.mark.parametrize(
    ("year", "month", "first", "after"),
    [
        (2026, 12, "2026-12-01 00:00", "2027-01-01 00:00"),
        (2024, 2, "2024-02-01 00:00", "2024-03-01 00:00"),
        (2026, 1, "2026-01-01 00:00", "2026-02-01 00:00"),
    ],
)
def test_a_month_begins_and_ends_at_midnight_in_shanghai(
    year: int, month: int, first: str, after: str
) -> None:
    assert month_bounds(year, month) == (local(first), local(after))


SUBMITTED = local("2026-07-15 11:00")
DUE = due(BOOK, "ordinary", SUBMITTED)


def running(state: str, **more: datetime | None) -> Running:
    rest = {"reopen_due_at": None, "resolved_at": None} | more
    return Running(state, "ordinary", DUE.accept_due_at, DUE.resolve_due_at, **rest)


@pytest.mark.parametrize("state", ["withdrawn", "void", "rejected", "closed"])
def test_what_is_over_or_merged_never_escalates(state: str) -> None:
    over = running(state, resolved_at=SUBMITTED)
    assert overrun_steps(BOOK, over) == []
    assert next_look(BOOK, over, after=SUBMITTED) is None
    assert not is_late(over, SUBMITTED + timedelta(days=99))


def test_a_reopened_report_is_judged_by_its_second_clock_alone() -> None:
    """Not by the first one, which is long past, and not from the close."""
    again = due(BOOK, "ordinary", local("2026-08-03 10:00"), reopened=True)
    clocks = running("accepted", reopen_due_at=again.resolve_due_at, accepted_at=SUBMITTED)
    assert due_at(BOOK, clocks) == local("2026-08-06 22:00")
    assert not is_late(clocks, local("2026-08-06 22:00"))
    assert next(step.at for step in overrun_steps(BOOK, clocks)) == local("2026-08-06 22:00")


def test_an_answer_in_time_is_not_late_at_the_deadline_itself() -> None:
    assert not is_late(running("submitted"), DUE.accept_due_at)
    assert is_late(running("submitted"), DUE.accept_due_at + timedelta(microseconds=1))
