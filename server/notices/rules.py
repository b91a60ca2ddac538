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


OPENS_AFTER = 5
"""How many messages in a row a sick channel fails before nobody else tries it."""
LINE_RESTS = (15, 30, 60, 120, 300)
"""Seconds until the next single try of a sick channel; the last one repeats."""
RELEASED_PER_SECOND = 30
"""How fast what has piled up goes out; with the 50 a second of an ordinary peak, well under twice that."""
PATIENCE = timedelta(hours=1)
"""When the sweep looks at a parked message that nobody released."""
OUR_FAULTS = frozenset({"fault", "no_words", "no_channel"})
"""Refusals that say nothing about the channel."""
OWN_LINES = frozenset({"wecom_robot"})
"""Channels whose every address has a quota and a key of its own."""


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


def line_of(channel: str, address_id: int | None) -> str:
    """What rests together: a channel, or one group's robot."""
    return f"{channel}:{address_id}" if channel in OWN_LINES else channel


def is_sick(kind: RefusalKind, code: str) -> bool:
    """Whether a refusal tells that the channel itself does not work."""
    return kind in {RefusalKind.RETRY, RefusalKind.REFRESH} and code not in OUR_FAULTS


def line_rest(rounds: int, luck: float) -> timedelta:
    """How long a sick channel is left alone after so many vain tries; `luck` spreads it as in `back_off`."""
    seconds = LINE_RESTS[min(rounds, len(LINE_RESTS) - 1)]
    return timedelta(seconds=seconds * (1 - JITTER + 2 * JITTER * luck))


def pause_until(code: str, now: datetime, *, channel: str = "") -> datetime:
    """Until when a channel rests: a day's quota till midnight in Shanghai, a minute's, or a robot's, for a minute."""
    if code in MINUTE_QUOTA or (code in DAILY_QUOTA and channel in OWN_LINES):
        return now + MINUTE
    if code in DAILY_QUOTA:
        midnight = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight + DAY).astimezone(now.tzinfo)
    return now + ACCOUNT_REST


def judge(
    kind: RefusalKind,
    code: str,
    *,
    attempts: int,
    failing_at: datetime,
    now: datetime,
    other: bool,
    luck: float,
    channel: str = "",
) -> Verdict:
    """What becomes of a push after a refusal; `other`: there is a next channel for the same person."""
    if kind is RefusalKind.FINAL:
        return Verdict(Next.PASS if other else Next.DIE)
    if kind is RefusalKind.PAUSE:
        until_at = pause_until(code, now, channel=channel)
        return rest(until_at, since_at=failing_at, failing_at=failing_at, now=now, other=other)
    return _retry(back_off(attempts, luck), failing_at=failing_at, now=now, other=other)


def rest(
    until_at: datetime, *, since_at: datetime, failing_at: datetime, now: datetime, other: bool
) -> Verdict:
    """A short rest is sat out; a long one, or one that lasts, too, unless there is another channel meanwhile.

    The instant is when the message is looked at if nothing has released it before. Without another channel
    it waits no longer than a message that is tried again and again.
    """
    gives_up_at = failing_at + GIVE_UP_AFTER
    if not other and now >= gives_up_at:
        return Verdict(Next.DIE)
    if not other:
        return Verdict(Next.REST, min(max(until_at, now) + PATIENCE, gives_up_at))
    if until_at - since_at > SWITCH_AFTER or now - since_at >= SWITCH_AFTER:
        return Verdict(Next.PASS)
    return Verdict(Next.REST, since_at + SWITCH_AFTER)


def _retry(delay: timedelta, *, failing_at: datetime, now: datetime, other: bool) -> Verdict:
    failing = now - failing_at
    if other and failing >= SWITCH_AFTER:
        return Verdict(Next.PASS)
    if failing >= GIVE_UP_AFTER:
        return Verdict(Next.DIE)
    latest = failing_at + (SWITCH_AFTER if other else GIVE_UP_AFTER)
    return Verdict(Next.AGAIN, min(now + delay, latest))
