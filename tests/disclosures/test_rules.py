from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.disclosures.quarters import Quarter, last_finished, parse_quarter, quarter_of
from server.disclosures.rules import Kind, State, choices, line_of, quarters, required_quarter, rule_of
from server.policy.loader import books

BOOK = books()["371323"]
Q2, Q3 = "2026-Q2", "2026-Q3"
days = st.dates(date(2001, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("today", "finished"),
    [
        (date(2026, 9, 30), Quarter(2026, 2)),
        (date(2026, 10, 1), Quarter(2026, 3)),
        (date(2026, 12, 31), Quarter(2026, 3)),
        (date(2027, 1, 1), Quarter(2026, 4)),
        (date(2027, 3, 31), Quarter(2026, 4)),
        (date(2027, 4, 1), Quarter(2027, 1)),
    ],
)
def test_a_quarter_is_over_the_day_after_its_last_day(today, finished):
    assert last_finished(today) == finished


@pytest.mark.parametrize(
    ("number", "ends_on", "due_on"),
    [
        (1, date(2024, 3, 31), date(2024, 4, 15)),
        (2, date(2024, 6, 30), date(2024, 7, 15)),
        (3, date(2024, 9, 30), date(2024, 10, 15)),
        (4, date(2024, 12, 31), date(2025, 1, 15)),
    ],
)
def test_a_quarter_is_due_fifteen_days_after_its_end(number, ends_on, due_on):
    quarter = Quarter(2024, number)
    assert (quarter.ends_on, quarter.due_on(15)) == (ends_on, due_on)


@given(days)
def test_quarters_follow_one_another_without_a_gap(on):
    quarter = quarter_of(on)
    assert quarter.after(-1).ends_on < on <= quarter.ends_on
    assert quarter.after(1).after(-1) == quarter
    assert parse_quarter(str(quarter)) == quarter
    assert quarter < quarter.after(1)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-Q5", "2026-Q0", "2026-q3", "１９９９-Q1", "2026Q3", "1926-Q3"]
)
def test_what_is_no_quarter_is_none(text):
    assert parse_quarter(text) is None


@pytest.mark.parametrize(
    ("today", "newest", "state", "on"),
    [
        # The third quarter ends on 30 September and is due until 15 October.
        (date(2026, 9, 30), Q2, State.CURRENT, date(2026, 7, 9)),
        (date(2026, 10, 1), Q2, State.DUE, date(2026, 10, 15)),
        (date(2026, 10, 15), Q2, State.DUE, date(2026, 10, 15)),
        (date(2026, 10, 16), Q2, State.STALE, date(2026, 10, 15)),
        (date(2026, 10, 16), Q3, State.CURRENT, date(2026, 7, 9)),
        (date(2026, 10, 1), "2026-Q1", State.STALE, date(2026, 7, 15)),
        (date(2026, 10, 1), None, State.MISSING, date(2026, 7, 15)),
        (date(2026, 10, 16), None, State.MISSING, date(2026, 10, 15)),
        (date(2027, 1, 15), Q3, State.DUE, date(2027, 1, 15)),
        (date(2027, 1, 16), Q3, State.STALE, date(2027, 1, 15)),
    ],
)
def test_public_income_stands_by_the_last_quarter_that_must_be_there(today, newest, state, on):
    released_on = date(2026, 7, 9) if newest else None
    line = line_of(BOOK, Kind.INCOME, newest=newest, released_on=released_on, today=today)
    assert (line.state, line.on) == (state, on)
    assert line.label == "公共收益"
    assert line.words


@pytest.mark.parametrize(
    ("kind", "age", "state"),
    [
        (Kind.CHARGES, 0, State.CURRENT),
        (Kind.CHARGES, 365, State.CURRENT),
        (Kind.CHARGES, 366, State.STALE),
        (Kind.CONTACTS, 180, State.CURRENT),
        (Kind.CONTACTS, 181, State.STALE),
        (Kind.CONTACTS, None, State.MISSING),
    ],
)
def test_what_stands_is_stale_once_the_book_s_days_are_over(kind, age, state):
    today = date(2026, 11, 18)
    released_on = today - timedelta(days=age) if age is not None else None
    line = line_of(BOOK, kind, newest=None, released_on=released_on, today=today)
    assert (line.state, line.on) == (state, released_on)


@given(days, st.integers(1, 200))
def test_the_required_quarter_is_late_and_the_next_one_is_not(today, due_days):
    quarter = required_quarter(today, due_days)
    assert quarter.due_on(due_days) < today <= quarter.after(1).due_on(due_days)


def test_quarters_shown_begin_with_the_first_released_and_are_four_at_most():
    today = date(2026, 10, 10)
    assert [(str(one.quarter), one.state) for one in quarters([], today=today, due_days=15)] == [
        ("2026-Q3", State.DUE),
        ("2026-Q2", State.MISSING),
    ]
    some = [("2026-Q1", date(2026, 4, 2))]
    assert [one.state for one in quarters(some, today=today, due_days=15)] == [
        State.DUE,
        State.MISSING,
        State.CURRENT,
    ]
    old = [("2020-Q1", date(2020, 4, 2))]
    assert len(quarters(old, today=today, due_days=15)) == 4


def test_only_quarters_that_are_over_can_be_entered():
    found = choices(date(2026, 10, 1))
    assert [str(one) for one in found[:2]] == ["2026-Q3", "2026-Q2"]
    assert len(found) == len(set(found)) == 8


@pytest.mark.parametrize("county", sorted(books()))
@pytest.mark.parametrize("kind", list(Kind))
def test_every_book_has_a_rule_for_every_kind(county, kind):
    assert rule_of(books()[county], kind).label
