"""Deadlines, extensions and escalation of the books against hand-computed instants."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.workdays import ZONE
from server.policy.clocks import Clock, due, latest_extension, may_extend, push_at, steps, unconfirmed_at
from server.policy.loader import books
from server.policy.spans import Span, Unit
from server.policy.terms import Level

BOOK = books()["371323"]
CLASSES = ("urgent", "utilities", "ordinary", "hard")
instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("klass", "submitted", "accept", "resolve"),
    [
        ("urgent", "2026-10-01 23:50", "2026-10-02 00:20", "2026-10-02 01:50"),
        ("utilities", "2026-10-01 23:50", "2026-10-02 01:50", "2026-10-02 23:50"),
        ("ordinary", "2026-07-15 11:00", "2026-07-15 17:00", "2026-07-22 11:00"),
        ("ordinary", "2026-07-17 17:00", "2026-07-20 12:00", "2026-07-24 17:00"),
        ("ordinary", "2026-09-30 16:30", "2026-10-08 11:30", "2026-10-07 16:30"),
        ("hard", "2026-09-18 17:00", "2026-09-20 12:00", "2026-10-03 17:00"),
    ],
)
def test_both_deadlines_run_from_submission(klass: str, submitted: str, accept: str, resolve: str) -> None:
    found = due(BOOK, klass, local(submitted))
    assert (found.accept_due_at, found.resolve_due_at) == (local(accept), local(resolve))


@pytest.mark.parametrize(
    ("klass", "at", "accept", "resolve"),
    [
        ("urgent", "2026-07-15 23:50", "2026-07-16 00:05", "2026-07-16 00:50"),
        ("utilities", "2026-07-15 09:00", "2026-07-15 10:00", "2026-07-15 21:00"),
        ("ordinary", "2026-07-15 09:00", "2026-07-15 11:00", "2026-07-18 21:00"),
        ("hard", "2026-07-15 17:00", "2026-07-16 10:00", "2026-07-23 05:00"),
    ],
)
def test_a_reopening_has_half_the_first_clock(klass: str, at: str, accept: str, resolve: str) -> None:
    found = due(BOOK, klass, local(at), reopened=True)
    assert (found.accept_due_at, found.resolve_due_at) == (local(accept), local(resolve))


@pytest.mark.parametrize(
    ("klass", "reopened", "latest"),
    [
        ("ordinary", False, "2026-07-29 11:00"),
        ("ordinary", True, "2026-07-25 23:00"),
        ("utilities", False, "2026-07-23 11:00"),
        ("hard", False, "2026-08-06 11:00"),
    ],
)
def test_an_extension_is_at_most_as_long_again(klass: str, reopened: bool, latest: str) -> None:
    assert latest_extension(BOOK, klass, local("2026-07-22 11:00"), reopened=reopened) == local(latest)


@pytest.mark.parametrize(
    ("now", "extended", "allowed"),
    [("2026-07-22 10:59", 0, True), ("2026-07-22 11:00", 0, False), ("2026-07-20 11:00", 1, False)],
)
def test_an_extension_is_asked_once_and_before_the_deadline(now: str, extended: int, allowed: bool) -> None:
    asked = may_extend(BOOK, now=local(now), resolve_due_at=local("2026-07-22 11:00"), extended=extended)
    assert asked is allowed


@pytest.mark.parametrize("klass", CLASSES)
def test_only_an_ordinary_extension_is_the_communitys_to_grant(klass: str) -> None:
    expected = Level.COMMUNITY if klass == "ordinary" else Level.BUREAU
    assert BOOK.classes[klass].extension_by is expected


def test_an_ordinary_report_left_alone_climbs_level_by_level() -> None:
    found = steps(
        BOOK,
        "ordinary",
        accept_due_at=local("2026-07-17 15:00"),  # a Friday
        resolve_due_at=local("2026-07-22 11:00"),
    )
    assert [(step.clock, step.level, step.at) for step in found] == [
        (Clock.ACCEPT, Level.COMMUNITY, local("2026-07-17 15:00")),
        (Clock.ACCEPT, Level.TOWNSHIP, local("2026-07-20 10:00")),
        (Clock.ACCEPT, Level.BUREAU, local("2026-07-21 10:00")),
        (Clock.RESOLVE, Level.COMMUNITY, local("2026-07-22 11:00")),
        (Clock.RESOLVE, Level.TOWNSHIP, local("2026-07-23 11:00")),
        (Clock.RESOLVE, Level.BUREAU, local("2026-07-24 11:00")),
    ]


def test_an_urgent_report_left_alone_reaches_community_and_bureau_together() -> None:
    at = local("2026-10-02 00:20")
    found = steps(BOOK, "urgent", accept_due_at=at, resolve_due_at=at + timedelta(minutes=90))
    accept = [(step.level, step.at) for step in found if step.clock is Clock.ACCEPT]
    assert accept == [(Level.COMMUNITY, at), (Level.BUREAU, at)]


@pytest.mark.parametrize(
    ("klass", "at", "sent"),
    [
        ("ordinary", "2026-07-15 22:00", "2026-07-16 07:30"),
        ("ordinary", "2026-07-15 12:00", "2026-07-15 12:00"),
        ("urgent", "2026-07-15 22:00", "2026-07-15 22:00"),
    ],
)
def test_only_urgent_pushes_go_out_at_night(klass: str, at: str, sent: str) -> None:
    assert push_at(BOOK, klass, local(at)) == local(sent)


def test_a_resolution_nobody_answers_closes_after_a_week() -> None:
    assert unconfirmed_at(BOOK, local("2026-07-15 10:00")) == local("2026-07-22 10:00")


@given(instants, instants, st.sampled_from(CLASSES))
def test_who_reports_later_is_never_due_earlier(one: datetime, other: datetime, klass: str) -> None:
    first, second = (due(BOOK, klass, at) for at in sorted((one, other)))
    assert first.accept_due_at <= second.accept_due_at
    assert first.resolve_due_at <= second.resolve_due_at


@given(instants, st.sampled_from(CLASSES))
def test_no_clock_ends_before_it_starts_and_no_step_before_its_deadline(at: datetime, klass: str) -> None:
    whole, half = due(BOOK, klass, at), due(BOOK, klass, at, reopened=True)
    assert at < half.accept_due_at <= whole.accept_due_at
    assert at < half.resolve_due_at <= whole.resolve_due_at
    found = steps(BOOK, klass, accept_due_at=whole.accept_due_at, resolve_due_at=whole.resolve_due_at)
    ends = {Clock.ACCEPT: whole.accept_due_at, Clock.RESOLVE: whole.resolve_due_at}
    assert all(step.at >= ends[step.clock] for step in found)
    assert [step.at for step in found] == sorted(step.at for step in found)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(30, Unit.MINUTES), "30分钟"),
        (Span(4, Unit.WORKING_HOURS), "4个工作小时"),
        (Span(0, Unit.MINUTES), "立即"),
    ],
)
def test_a_span_has_words_for_people(span: Span, words: str) -> None:
    assert span.words == words


def test_a_year_without_a_list_is_counted_and_named() -> None:
    found = due(BOOK, "ordinary", local("2031-12-31 17:00"))
    assert found.accept_due_at == local("2032-01-01 12:00")
    assert BOOK.calendar.unpublished_years(local("2031-12-31 17:00").date(), found.resolve_due_at.date()) == (
        2031,
        2032,
    )


def test_the_books_hours_are_the_defaults() -> None:
    assert BOOK.calendar.hours == ((time(8, 30), time(12)), (time(14), time(17, 30)))
