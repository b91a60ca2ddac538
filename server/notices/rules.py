"""When a push is tried again, rests, moves to the next channel or dies (pure; design 3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.core.workdays import DAY, ZONE
from server.notices.channels import RefusalKind

LEASE = timedelta(seconds=24)
"""How long a sender may be silent before another one takes over: three calls at their limit of 8 seconds."""
BACK_OFF = (5, 30, 120, 600, 1800, 3600)
"""Seconds before the next try; the last one repeats."""
JITTER = 0.2
SWITCH_AFTER = timedelta(minutes=10)
"""Failing for longer than this, a message takes the next channel where there is one."""
GIVE_UP_AFTER = timedelta(hours=72)

DAILY_QUOTA = frozenset({"45009"})
MINUTE_QUOTA = frozenset({"45011", "45033", "44990", "44991", "http_429"})
MINUTE = timedelta(seconds=60)
ACCOUNT_REST = timedelta(minutes=10)
"""How long a channel rests whose account itself is at fault (wrong secret, address not on the list)."""
REFUSED_BY_USER = "43101"
"""The addressee wants no more: his consent counts as used up."""


class Next(StrEnum):
    """What becomes of a push that was not taken."""

    AGAIN = "again"
    REST = "rest"
    PASS = "pass"  # noqa: S105 - on to the next channel
    DIE = "die"


@dataclass(frozen=True)
class Verdict:
    """What becomes of a push, and when it is looked at again (again and rest alone)."""

    next: Next
    at: datetime | None = None


def back_off(attempts: int, luck: float) -> timedelta:
    """How long to wait after so many tries; `luck` in 0..1 spreads it by a fifth either way."""
    seconds = BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * luck))


def pause_until(code: str, now: datetime) -> datetime:
    """Until when a channel rests: a day's quota till midnight in Shanghai, a minute's for a minute."""
    if code in MINUTE_QUOTA:
        return now + MINUTE
    if code in DAILY_QUOTA:
        midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight + DAY).astimezone(now.tzinfo)
    return now + ACCOUNT_REST


def wake_at(until_at: datetime, luck: float) -> datetime:
    """When a push of a resting channel wakes: spread over a minute, so that they do not all come at once."""
    return until_at + MINUTE * luck


def judge(
    kind: RefusalKind,
    code: str,
    *,
    attempts: int,
    failing_at: datetime,
    now: datetime,
    other: bool,
    luck: float,
) -> Verdict:
    """What becomes of a push after a refusal; `other`: there is a next channel for the same person."""
    if kind is RefusalKind.FINAL:
        return Verdict(Next.PASS if other else Next.DIE)
    if kind is RefusalKind.PAUSE:
        return rest(pause_until(code, now), now=now, other=other, luck=luck)
    return _retry(back_off(attempts, luck), failing_at=failing_at, now=now, other=other)


def rest(until_at: datetime, *, now: datetime, other: bool, luck: float) -> Verdict:
    """A short rest is sat out; a long one too, unless there is another channel meanwhile."""
    if other and until_at - now > SWITCH_AFTER:
        return Verdict(Next.PASS)
    return Verdict(Next.REST, wake_at(until_at, luck))


def _retry(delay: timedelta, *, failing_at: datetime, now: datetime, other: bool) -> Verdict:
    failing = now - failing_at
    if other and failing >= SWITCH_AFTER:
        return Verdict(Next.PASS)
    if failing >= GIVE_UP_AFTER:
        return Verdict(Next.DIE)
    latest = failing_at + (SWITCH_AFTER if other else GIVE_UP_AFTER)
    return Verdict(Next.AGAIN, min(now + delay, latest))
