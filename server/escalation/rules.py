"""Why somebody higher up must look, who, and when that is settled (pure; rule-books.md, defaults)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.policy.clocks import Clock, Step
from server.policy.terms import Level
from server.reports.part_clocks import PartClock, PartStep
from server.reports.sides import Side
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
    NOT_REPORTED_IN = "not_reported_in"
    PART_LATE = "part_late"
    NEIGHBOURS = "neighbours"
    CONTACT_LATE = "contact_late"
    CHECK_LATE = "check_late"
    MEASURE_LATE = "measure_late"
    RECTIFY_LATE = "rectify_late"
    REINSPECT_LATE = "reinspect_late"
    MEDIATION_LATE = "mediation_late"
    CHECK_FOUND = "check_found"
    """The checker of "nothing lost" found something; it belongs to no report."""
    DRILL_LATE = "drill_late"
    CHANNEL_DOWN = "channel_down"


RETURNING = (Reason.UNDELIVERED, Reason.VACANT, Reason.HOLIDAYS, Reason.DRILL_LATE, Reason.CHANNEL_DOWN)
"""Faults that may come back after they were gone; everything else is one occasion, once."""
OF_PART = {PartClock.REPORT_IN: Reason.NOT_REPORTED_IN, PartClock.ANSWER: Reason.PART_LATE}
OF_CLOCK = {Clock.ACCEPT: Reason.NOT_ACCEPTED, Clock.RESOLVE: Reason.NOT_RESOLVED}

OF_SYSTEM = frozenset(
    {Reason.HOLIDAYS, Reason.BULK_CLOSED, Reason.CHECK_FOUND, Reason.DRILL_LATE, Reason.CHANNEL_DOWN}
)
"""What belongs to no report."""
STARTED = frozenset({Reason.NOT_ACCEPTED, Reason.VACANT, Reason.UNDELIVERED})
_DONE = frozenset(Reason) - {
    Reason.BAD_RATING, Reason.HOLIDAYS, Reason.BULK_CLOSED, Reason.CHECK_LATE, Reason.REINSPECT_LATE,
    Reason.NEIGHBOURS, Reason.CHECK_FOUND, Reason.DRILL_LATE, Reason.CHANNEL_DOWN,
}  # fmt: skip
SETTLES: Mapping[Act, frozenset[Reason]] = {
    Act.ACCEPT: STARTED,
    Act.CONTACT: frozenset({Reason.CONTACT_LATE}),
    Act.MEASURE: frozenset({Reason.MEASURE_LATE, Reason.RECTIFY_LATE}),
    Act.REINSPECT: frozenset({Reason.REINSPECT_LATE}),
    Act.TAKE: frozenset({Reason.MEDIATION_LATE}),
    Act.UNREFER: frozenset({Reason.MEDIATION_LATE}),
    Act.SETTLE: frozenset({Reason.MEDIATION_LATE}),
    Act.RESOLVE: _DONE,
    Act.CLOSE: _DONE,
    Act.WITHDRAW: _DONE | {Reason.REINSPECT_LATE},
    Act.CONFIRM: _DONE | {Reason.CHECK_LATE},
    Act.VOID: frozenset(Reason) - OF_SYSTEM,
    Act.REJECT: _DONE,
    Act.TRANSFER: frozenset({Reason.HAND_BACKS}),
    Act.WHISTLE: frozenset({Reason.HAND_BACKS}),
    Act.REOPEN: frozenset({Reason.NEIGHBOURS}),
    Act.MERGE: _DONE,
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


OF_SIDE = {
    Side.CONTACT: Reason.CONTACT_LATE,
    Side.CHECK: Reason.CHECK_LATE,
    Side.MEASURE: Reason.MEASURE_LATE,
    Side.RECTIFY: Reason.RECTIFY_LATE,
    Side.REINSPECT: Reason.REINSPECT_LATE,
    Side.MEDIATE: Reason.MEDIATION_LATE,
}


OVERRUNS = frozenset({*OF_CLOCK.values(), *OF_PART.values(), *OF_SIDE.values()})
"""Entries that a clock opened."""


def side_occasion(report_id: int, side: Side, level: Level, due_at: datetime) -> str:
    """The name of one step of a clock beside the answer."""
    return f"{OF_SIDE[side]}:{level}:{report_id}:{due_at.timestamp():.0f}"


def overrun_occasion(report_id: int, step: Step, due_at: datetime) -> str:
    """The name of one step of one clock: a longer or a second clock has another due time, so another name."""
    return f"{OF_CLOCK[step.clock]}:{step.level}:{report_id}:{due_at.timestamp():.0f}"


def part_occasion(part_id: int, step: PartStep) -> str:
    """The name of one step of one called body's clock; the part comes third (`feed.SETTLE_PARTS`)."""
    return f"{OF_PART[step.clock]}:{step.level}:{part_id}"


def vacant_occasion(report_id: int | None, body_id: int) -> str:
    """The name of a vacancy, of one report or of the body as such; the body comes third (`feed.CLEAR`)."""
    return f"{Reason.VACANT}:{report_id or 'body'}:{body_id}"


def is_bad(score: int | None, *, unhappy_to: int) -> bool:
    """Whether a rating calls for a look, by the book's own limit."""
    return score is not None and score <= unhappy_to
