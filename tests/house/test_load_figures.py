"""What the loads reckon with: planned instants, growth after a warm-up, nights."""

import asyncio
from datetime import UTC, datetime

import pytest

from bench.load.asked import at_least, within
from bench.load.letters import AT_ANY_HOUR, USUAL, kinds, report
from bench.load.pace import NONE, timed
from bench.load.reckoning import share
from bench.load.watch import growth

DISCARD = 9
"""A port on which nobody listens here."""


@pytest.mark.parametrize(
    ("samples", "grown"),
    [([100] * 12, 0.0), ([10] * 2 + [100] * 9 + [120], 0.2), ([100] * 11 + [90], -0.1), ([], 0.0)],
)
def test_memory_of_the_warm_up_does_not_count_as_growth(samples, grown):
    assert growth(samples, warm_up=1 / 6, window=1 / 12) == pytest.approx(grown)


@pytest.mark.parametrize(
    ("value", "low", "high"), [(1.0, True, False), (2.0, True, True), (3.0, False, True)]
)
def test_a_figure_is_reached_up_to_its_limit_and_not_beyond(value, low, high):
    assert within("w", value, 2.0, "s", 1).reached is low
    assert at_least("a", value, 2.0, "s", 1).reached is high


def test_what_was_never_measured_reaches_nothing():
    assert not within("w", share([], 95), 10.0, "s", 0).reached


@pytest.mark.parametrize(
    ("hour", "expected"), [(4, USUAL), (12, USUAL), (13, AT_ANY_HOUR), (16, AT_ANY_HOUR)]
)
def test_by_night_only_what_wakes_somebody_up_is_reported(hour, expected):
    assert kinds(datetime(2026, 5, 12, hour, tzinfo=UTC)) == expected


def test_a_repeat_under_a_key_is_the_same_letter():
    letters = {report("code", "pipe.leak", key="k" * 32, sender="36.1.2.3") for _ in range(5)}
    assert len(letters) == 1


def test_what_gets_no_answer_is_logged_as_such():
    answer = asyncio.run(timed(DISCARD, b"GET / HTTP/1.1\r\n\r\n", 0.0))
    assert answer.status == NONE
    assert not answer.good
