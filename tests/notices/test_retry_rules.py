from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.notices import rules
from server.notices.channels import RefusalKind
from server.notices.rules import Next

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 5), (2, 30), (3, 120), (4, 600), (5, 1800), (6, 3600), (7, 3600), (40, 3600)],
)
def test_the_waits_between_tries_grow_and_spread_by_a_fifth(attempts, seconds):
    assert rules.back_off(attempts, 0.5) == seconds * SECOND
    assert rules.back_off(attempts, 0.0) == 0.8 * seconds * SECOND
    assert rules.back_off(attempts, 1.0) == 1.2 * seconds * SECOND


@pytest.mark.parametrize(
    ("code", "now", "until"),
    [
        ("45009", NOW, datetime(2026, 11, 18, 16, 0, tzinfo=UTC)),
        ("45009", datetime(2026, 11, 18, 16, 0, tzinfo=UTC), datetime(2026, 11, 19, 16, 0, tzinfo=UTC)),
        ("45009", datetime(2026, 11, 18, 15, 59, tzinfo=UTC), datetime(2026, 11, 18, 16, 0, tzinfo=UTC)),
        ("45011", NOW, NOW + 60 * SECOND),
        ("http_429", NOW, NOW + 60 * SECOND),
        ("40125", NOW, NOW + 600 * SECOND),
    ],
)
def test_a_channel_rests_until_its_quota_is_renewed(code, now, until):
    assert rules.pause_until(code, now) == until


@pytest.mark.parametrize(
    ("channel", "until"),
    [("wecom_robot", NOW + 60 * SECOND), ("mp_template", datetime(2026, 11, 18, 16, 0, tzinfo=UTC))],
)
def test_a_robots_quota_is_one_of_the_minute(channel, until):
    assert rules.pause_until("45009", NOW, channel=channel) == until


@pytest.mark.parametrize(("rounds", "seconds"), [(0, 15), (1, 30), (2, 60), (3, 120), (4, 300), (99, 300)])
def test_a_sick_line_is_tried_ever_more_seldom(rounds, seconds):
    assert rules.line_rest(rounds, 0.5) == seconds * SECOND
    assert rules.line_rest(rounds, 1.0) == 1.2 * seconds * SECOND


@pytest.mark.parametrize(
    ("minutes_ago", "minutes_ahead", "other", "verdict"),
    [
        (0, 1, True, Next.REST),
        (9, 1, True, Next.REST),
        (0, 11, True, Next.PASS),
        (10, 0, True, Next.PASS),
        (300, 5, True, Next.PASS),
        (300, 5, False, Next.REST),
    ],
)
def test_a_rest_that_lasts_is_gone_round_by_whoever_has_another_way(
    minutes_ago, minutes_ahead, other, verdict
):
    since, until = NOW - timedelta(minutes=minutes_ago), NOW + timedelta(minutes=minutes_ahead)
    told = rules.rest(until, since_at=since, failing_at=since, now=NOW, other=other)
    assert told.next is verdict
    assert told.at is None or told.at > NOW


@pytest.mark.parametrize(
    ("failing", "other", "verdict", "minutes"),
    [
        (timedelta(hours=70), False, Next.REST, 65),
        (timedelta(hours=71, minutes=30), False, Next.REST, 30),
        (timedelta(hours=72), False, Next.DIE, None),
        (timedelta(hours=72), True, Next.PASS, None),
    ],
)
def test_what_waits_for_a_channel_that_stays_broken_is_given_up_like_what_is_tried(
    failing, other, verdict, minutes
):
    until, since = NOW + timedelta(minutes=5), NOW - timedelta(hours=80)
    told = rules.rest(until, since_at=since, failing_at=NOW - failing, now=NOW, other=other)
    assert told == rules.Verdict(verdict, NOW + timedelta(minutes=minutes) if minutes else None)


def judged(kind, *, code="-1", attempts=1, failing=timedelta(), other=False):
    return rules.judge(
        kind, code, attempts=attempts, failing_at=NOW - failing, now=NOW, other=other, luck=0.5
    )


@pytest.mark.parametrize("kind", [RefusalKind.RETRY, RefusalKind.REFRESH])
@pytest.mark.parametrize(
    ("failing", "other", "verdict"),
    [
        (timedelta(), False, Next.AGAIN),
        (timedelta(), True, Next.AGAIN),
        (timedelta(minutes=9, seconds=59), True, Next.AGAIN),
        (timedelta(minutes=10), True, Next.PASS),
        (timedelta(minutes=10), False, Next.AGAIN),
        (timedelta(hours=71, minutes=59), False, Next.AGAIN),
        (timedelta(hours=72), False, Next.DIE),
    ],
)
def test_a_failing_channel_is_tried_for_ten_minutes_or_where_it_is_the_last_for_three_days(
    kind, failing, other, verdict
):
    assert judged(kind, failing=failing, other=other).next is verdict


def test_the_last_try_before_the_next_channel_comes_no_later_than_ten_minutes():
    verdict = judged(RefusalKind.RETRY, attempts=4, failing=timedelta(minutes=3), other=True)
    assert verdict.at == NOW + timedelta(minutes=7)


@pytest.mark.parametrize(("other", "verdict"), [(True, Next.PASS), (False, Next.DIE)])
def test_a_final_refusal_takes_the_next_channel_at_once_or_ends(other, verdict):
    assert judged(RefusalKind.FINAL, code="43101", other=other).next is verdict


@pytest.mark.parametrize(
    ("code", "other", "verdict"),
    [
        ("45009", False, Next.REST),
        ("45009", True, Next.PASS),
        ("45011", True, Next.REST),
        ("45011", False, Next.REST),
    ],
)
def test_a_short_rest_is_sat_out_and_a_long_one_too_where_there_is_no_other_way(code, other, verdict):
    assert judged(RefusalKind.PAUSE, code=code, other=other).next is verdict


@given(
    kind=st.sampled_from(RefusalKind),
    attempts=st.integers(0, 100),
    minutes=st.integers(0, 6000),
    other=st.booleans(),
    luck=st.floats(0, 1),
)
def test_every_verdict_either_ends_or_names_a_later_instant(kind, attempts, minutes, other, luck):
    failing_at = NOW - timedelta(minutes=minutes)
    verdict = rules.judge(
        kind, "-1", attempts=attempts, failing_at=failing_at, now=NOW, other=other, luck=luck
    )
    assert (verdict.at is None) == (verdict.next in {Next.PASS, Next.DIE})
    assert verdict.at is None or verdict.at > NOW
    assert verdict.next is not Next.PASS or other
