"""Whether an order and a report are one matter of one person; pure. Counted once then (semantics.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Match(IntEnum):
    """How sure it is, in rising order."""

    NONE = 0
    UNSURE = 1
    """The bureau is asked; until then they are two."""
    SAME = 2


@dataclass(frozen=True)
class Candidate:
    """A report of the same phone at the same estate."""

    report_id: int
    kind: str
    submitted_at: datetime
    ended_at: datetime | None
    """When it was closed; None while it is not."""
    void: bool = False
    """Void, withdrawn or merged into another: no report to attach anything to."""


def judge(kind: str, received_at: datetime, one: Candidate, *, window: timedelta) -> Match:
    """Same kind, near in time and not yet closed when the order came: one matter. Near misses are asked about."""
    if one.void:
        return Match.NONE
    near = abs(received_at - one.submitted_at) <= window
    running = one.ended_at is None or one.ended_at > received_at
    if kind == one.kind:
        if near and running:
            return Match.SAME
        return Match.UNSURE if near or (running and one.submitted_at <= received_at) else Match.NONE
    akin = kind.partition(".")[0] == one.kind.partition(".")[0]
    return Match.UNSURE if akin and near and running else Match.NONE


def best(
    kind: str, received_at: datetime, found: Iterable[Candidate], *, window: timedelta
) -> tuple[Match, Candidate | None]:
    """The surest match; of equal ones the nearest in time, then the earlier report."""
    judged = [(judge(kind, received_at, one, window=window), one) for one in found]
    told = [(match, one) for match, one in judged if match is not Match.NONE]
    if not told:
        return Match.NONE, None
    return min(told, key=lambda pair: (-pair[0], abs(received_at - pair[1].submitted_at), pair[1].report_id))
