"""Clocks that run beside acceptance and answer: contact, check, hazard (pure; A8, A13, second body)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.policy.handling import OTHER
from server.policy.model import Book
from server.policy.terms import EscalationStep, Level
from server.reports.workflow import CLOSED, OPEN, REFERRED, RESOLVED


class Side(StrEnum):
    """What a clock of this module waits for."""

    CONTACT = "contact"
    """The community contacts the reporter."""
    CHECK = "check"
    """A second body checks the answer."""
    MEASURE = "measure"
    """The handler names measure, deadline and responsible person of a danger."""
    RECTIFY = "rectify"
    """The measure's own deadline."""
    REINSPECT = "reinspect"
    """Somebody looks at the danger again."""
    MEDIATE = "mediate"
    """The centre reports a result (A12)."""


RUNS_IN = {
    Side.CONTACT: OPEN,
    Side.CHECK: frozenset({RESOLVED}),
    Side.MEASURE: OPEN,
    Side.RECTIFY: OPEN,
    Side.REINSPECT: frozenset({RESOLVED, CLOSED}),
    Side.MEDIATE: frozenset({REFERRED}),
}
"""In which states each clock counts; elsewhere it waits without being overdue."""


@dataclass(frozen=True)
class Sides:
    """What still must be done beside the answer, and until when; none where nothing is asked."""

    contact_due_at: datetime | None = None
    check_due_at: datetime | None = None
    hazard_step: str | None = None
    hazard_due_at: datetime | None = None
    refer_due_at: datetime | None = None


NOTHING = Sides()


@dataclass(frozen=True)
class SideStep:
    """At this instant, this level is told that this clock has run out."""

    side: Side
    level: Level
    at: datetime
    due_at: datetime


def running_sides(sides: Sides, state: str) -> dict[Side, datetime]:
    """The clocks that count in this state, with their deadlines."""
    due = {
        Side.CONTACT: sides.contact_due_at,
        Side.CHECK: sides.check_due_at,
        Side.MEDIATE: sides.refer_due_at,
    }
    if sides.hazard_step in (Side.MEASURE, Side.RECTIFY, Side.REINSPECT):
        due[Side(sides.hazard_step)] = sides.hazard_due_at
    return {side: at for side, at in due.items() if at is not None and state in RUNS_IN[side]}


def side_chains(book: Book, sides: Sides, state: str, time_class: str) -> list[Iterator[SideStep]]:
    """The steps of each clock that counts; a check that nobody makes passes on by itself, so nobody is told before."""
    return [
        _chain(book, side, due_at, time_class)
        for side, due_at in running_sides(sides, state).items()
        if side is not Side.CHECK
    ]


def _chain(book: Book, side: Side, due_at: datetime, time_class: str) -> Iterator[SideStep]:
    at = due_at
    for line in _lines(book, side, time_class):
        at = line.after.after(at, book.calendar)
        yield SideStep(side, line.level, at, due_at)


def _lines(book: Book, side: Side, time_class: str) -> tuple[EscalationStep, ...]:
    """Whom to tell: the contact step has its own lines, a danger those of a late answer."""
    if side is Side.CONTACT:
        return book.contact.patience.silent
    if side is Side.MEDIATE:
        return book.mediation.silent
    return book.escalation.resolve.get(time_class, book.escalation.resolve[OTHER])


def contact_due_at(book: Book, time_class: str, filed_at: datetime) -> datetime | None:
    """Until when the community contacts the reporter; none where the county does not order it (蒙城 三(三))."""
    if not book.contact.ordered:
        return None
    return book.contact.patience.span(time_class).after(filed_at, book.calendar)


def check_due_at(book: Book, time_class: str, resolved_at: datetime) -> datetime | None:
    """Until when the second body checks an answer; none where the book asks for no check."""
    if not book.second_body.checks(time_class):
        return None
    return book.second_body.within.after(resolved_at, book.calendar)


def measure_due_at(book: Book, kind: str, since: datetime) -> datetime | None:
    """Until when a danger needs measure, deadline and person; none for kinds that are no danger (奇台 三(二)2、3)."""
    if kind not in book.hazard.kinds:
        return None
    return book.hazard.measure_within.after(since, book.calendar)


def reinspect_due_at(book: Book, mended_at: datetime) -> datetime:
    """Until when somebody looks at a mended danger again."""
    return book.hazard.reinspect_after.after(mended_at, book.calendar)


def filed_sides(book: Book, kind: str, time_class: str, filed_at: datetime) -> Sides:
    """The clocks that a new report starts with."""
    measure = measure_due_at(book, kind, filed_at)
    return Sides(
        contact_due_at=contact_due_at(book, time_class, filed_at),
        hazard_step=Side.MEASURE.value if measure else None,
        hazard_due_at=measure,
    )
