"""Why somebody higher up must look, who, and when that is settled (pure; rule-books.md, defaults)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.policy.clocks import Clock, Step
from server.policy.terms import Level
from server.reports.workflow import Act


class Reason(StrEnum):
    """Why an entry stands on the feed."""

    NOT_ACCEPTED = "not_accepted"
    NOT_RESOLVED = "not_resolved"
    BAD_RATING = "bad_rating"
    REOPENED = "reopened"
    REOPENED_OFTEN = "reopened_often"
    UNDELIVERED = "undelivered"
    HAND_BACKS = "hand_backs"
    SAFETY = "safety"
    VACANT = "vacant"
    HOLIDAYS = "holidays"
    BULK_CLOSED = "bulk_closed"


RETURNING = (Reason.UNDELIVERED, Reason.VACANT, Reason.HOLIDAYS)
"""Faults that may come back after they were gone; everything else is one occasion, once."""
OF_CLOCK = {Clock.ACCEPT: Reason.NOT_ACCEPTED, Clock.RESOLVE: Reason.NOT_RESOLVED}

_STARTED = frozenset({Reason.NOT_ACCEPTED, Reason.VACANT, Reason.UNDELIVERED})
_DONE = frozenset(Reason) - {Reason.BAD_RATING, Reason.HOLIDAYS, Reason.BULK_CLOSED}
SETTLES: Mapping[Act, frozenset[Reason]] = {
    Act.ACCEPT: _STARTED,
    Act.RESOLVE: _DONE,
    Act.CLOSE: _DONE,
    Act.WITHDRAW: _DONE,
    Act.CONFIRM: _DONE,
    Act.VOID: frozenset(Reason) - {Reason.HOLIDAYS, Reason.BULK_CLOSED},
    Act.TRANSFER: frozenset({Reason.HAND_BACKS}),
}
"""Which entries of a report close by themselves after an act; a bad rating stays until the bureau closes it."""


@dataclass(frozen=True)
class Entry:
    """One entry to be opened; `occasion` is unique in its county, so that nothing is told twice."""

    county_id: str
    reason: Reason
    occasion: str
    detail: str
    level: Level = Level.BUREAU
    report_id: int | None = None
    person_id: int | None = None


def settled_by(act: Act) -> frozenset[Reason]:
    """The reasons that an act settles."""
    return SETTLES.get(act, frozenset())


def overrun_occasion(report_id: int, step: Step, due_at: datetime) -> str:
    """The name of one step of one clock: a longer or a second clock has another due time, so another name."""
    return f"{OF_CLOCK[step.clock]}:{step.level}:{report_id}:{due_at.timestamp():.0f}"


def vacant_occasion(report_id: int | None, body_id: int) -> str:
    """The name of a vacancy, of one report or of the body as such; the body comes third (`feed.CLEAR`)."""
    return f"{Reason.VACANT}:{report_id or 'body'}:{body_id}"


def is_bad(score: int | None, *, unhappy_to: int) -> bool:
    """Whether a rating calls for a look, by the book's own limit."""
    return score is not None and score <= unhappy_to
