"""The clocks beside acceptance and answer: worked out by hand, and held to their promises."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import clock
from server.policy.loader import books
from server.reports.clocks import Running, due_at, next_look, side_steps, silent_until, unchecked_since
from server.reports.sides import (
    Side,
    Sides,
    check_due_at,
    contact_due_at,
    filed_sides,
    measure_due_at,
    reinspect_due_at,
    running_sides,
)

MENGCHENG, YISHUI = "341622", "371323"


def at(day, hour, minute=0, month=11):
    """An hour on the wall clock of Shanghai in 2026; 18 November is a Wednesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=clock.ZONE).astimezone(UTC)


def wall(instant):
    return None if instant is None else clock.local(instant).strftime("%m-%d %H:%M")


HAND = [
    # the community contacts the reporter: 2 working hours, urgent 30 minutes, utilities 1 hour
    ("contact, a morning", contact_due_at, (MENGCHENG, "ordinary", at(18, 9)), "11-18 11:00"),
    ("contact, over the evening", contact_due_at, (MENGCHENG, "ordinary", at(18, 16, 30)), "11-19 09:30"),
    ("contact, Friday evening", contact_due_at, (MENGCHENG, "hard", at(20, 20)), "11-23 10:30"),
    ("contact, an urgent night", contact_due_at, (MENGCHENG, "urgent", at(18, 23, 50)), "11-19 00:20"),
    ("contact, water on Sunday", contact_due_at, (MENGCHENG, "utilities", at(22, 9)), "11-22 10:00"),
    ("contact, where none is ordered", contact_due_at, (YISHUI, "ordinary", at(18, 9)), None),
    # the community checks hard answers in 沂水县: one working day
    ("check, a Wednesday", check_due_at, (YISHUI, "hard", at(18, 10)), "11-19 10:00"),
    ("check, Friday afternoon", check_due_at, (YISHUI, "hard", at(20, 16)), "11-23 16:00"),
    ("check, over the holiday", check_due_at, (YISHUI, "hard", at(30, 16, month=9)), "10-08 16:00"),
    ("check, a class without", check_due_at, (YISHUI, "ordinary", at(18, 10)), None),
    # a danger: measure within one working day, a second look after seven days
    ("measure, Friday noon", measure_due_at, (YISHUI, "lift.trapped", at(20, 11)), "11-23 11:00"),
    ("measure, Saturday night", measure_due_at, (YISHUI, "fire.wires", at(21, 23)), "11-23 17:30"),
    ("measure, what is no danger", measure_due_at, (YISHUI, "repair.road", at(20, 11)), None),
    ("second look", reinspect_due_at, (YISHUI, at(18, 23, 45)), "11-25 23:45"),
]


@pytest.mark.parametrize(
    ("rule", "given_values", "expected"), [row[1:] for row in HAND], ids=[row[0] for row in HAND]
)
def test_clocks_beside_the_answer_worked_out_by_hand(rule, given_values, expected):
    county, *rest = given_values
    assert wall(rule(books()[county], *rest)) == expected


def running(state, **sides):
    filed = at(18, 9)
    return Running(
        state,
        "ordinary",
        filed + timedelta(hours=4),
        filed + timedelta(days=7),
        None,
        filed,
        sides=Sides(**sides),
    )


def test_a_missed_contact_climbs_by_the_books_own_lines():
    due = contact_due_at(books()[MENGCHENG], "ordinary", at(18, 9))
    steps = side_steps(books()[MENGCHENG], running("submitted", contact_due_at=due))
    assert [(step.level.value, wall(step.at)) for step in steps] == [
        ("township", "11-18 11:00"),
        ("bureau", "11-19 11:00"),
    ]


def test_a_missed_measure_climbs_like_a_late_answer():
    steps = side_steps(books()[YISHUI], running("accepted", hazard_step="measure", hazard_due_at=at(20, 10)))
    assert [(step.side.value, step.level.value, wall(step.at)) for step in steps] == [
        ("measure", "community", "11-20 10:00"),
        ("measure", "township", "11-23 10:00"),
        ("measure", "bureau", "11-24 10:00"),
    ]


def test_while_an_answer_is_checked_the_reporters_week_has_not_begun():
    book, checking = books()[YISHUI], running("resolved", check_due_at=at(19, 10))
    assert (due_at(book, checking), silent_until(book, checking)) == (at(19, 10), None)
    assert unchecked_since(checking) == next_look(book, checking, after=at(18, 9)) == at(19, 10)


BOOKS = st.sampled_from(sorted(books().values(), key=lambda book: book.county_id))
MOMENTS = st.integers(0, 300 * 24 * 60).map(lambda minutes: at(1, 0, month=1) + timedelta(minutes=minutes))
STATES = st.sampled_from(["submitted", "accepted", "resolved", "closed", "withdrawn", "void"])


@given(BOOKS, MOMENTS, st.data())
def test_no_clock_is_due_before_it_starts_and_none_runs_where_the_book_asks_for_nothing(book, filed, data):
    kind = book.kinds[data.draw(st.sampled_from(sorted(book.kinds)))]
    sides = filed_sides(book, kind.key, kind.time_class, filed)
    assert (sides.contact_due_at is not None) == book.contact.ordered
    assert (sides.hazard_step == Side.MEASURE) == (kind.key in book.hazard.kinds)
    assert all(due is None or due > filed for due in (sides.contact_due_at, sides.hazard_due_at))


@given(
    BOOKS,
    MOMENTS,
    STATES,
    st.sampled_from(["measure", "rectify", "reinspect", "done", None]),
    st.integers(0, 200),
)
def test_each_step_is_told_once_in_order_and_looked_at_in_time(book, filed, state, step, hours):
    clocks = Running(
        state, "ordinary", filed, filed, None, filed,
        sides=Sides(filed, filed if state == "resolved" else None, step, filed if step not in ("done", None) else None),
    )  # fmt: skip
    steps, now = side_steps(book, clocks), filed + timedelta(hours=hours)
    assert steps == sorted(steps, key=lambda one: one.at)
    assert len({(one.side, one.level) for one in steps}) == len(steps)
    assert {one.side for one in steps} <= running_sides(clocks.sides, state).keys()
    ahead = [one.at for one in steps if one.at > now]
    look = next_look(book, clocks, after=now)
    assert not ahead or (look is not None and look <= min(ahead))
    if state in ("withdrawn", "void"):
        assert steps == []
