"""The clocks of a body called to a report: report in, then answer; both run beside the report's own (pure, A7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from server.policy.model import Book
from server.policy.terms import EscalationStep, Level

EVER = datetime.min.replace(tzinfo=UTC)
"""Before anything could run out."""


class PartClock(StrEnum):
    """What a called body has to do in time."""

    REPORT_IN = "report_in"
    ANSWER = "answer"


@dataclass(frozen=True)
class PartRunning:
    """The clocks of one body; the two instants are none once they are done with."""

    report_in_due_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True)
class PartStep:
    """At this UTC instant, this level is told of this body's silence."""

    clock: PartClock
    level: Level
    due_at: datetime
    at: datetime


def report_in_at(book: Book, time_class: str, called_at: datetime) -> datetime:
    """Until when a body that is whistled for at this instant must report in."""
    return book.whistle.report_in.span(time_class).after(called_at, book.calendar)


def answer_at(book: Book, time_class: str, called_at: datetime) -> datetime:
    """Until when it must answer: the book's share of the time class's span, from the whistle."""
    span = book.classes[time_class].resolve
    return span.after(called_at, book.calendar, percent=book.whistle.answer_percent)


def silent_steps(book: Book, running: PartRunning) -> list[PartStep]:
    """Whom to tell and when if the body stays silent, in order of time."""
    whistle = book.whistle
    found = [
        *_chain(book, PartClock.REPORT_IN, running.report_in_due_at, whistle.report_in.silent),
        *_chain(book, PartClock.ANSWER, running.due_at, whistle.answer_silent),
    ]
    return sorted(found, key=lambda step: step.at)


def _chain(
    book: Book, clock: PartClock, due_at: datetime | None, lines: Sequence[EscalationStep]
) -> Iterator[PartStep]:
    at = due_at
    for line in lines if at else ():
        at = line.after.after(at, book.calendar) if at else at
        if at and due_at:
            yield PartStep(clock, line.level, due_at, at)


def next_silent(book: Book, running: PartRunning, *, after: datetime) -> datetime | None:
    """The next instant after `after` at which silence is told of; None when nothing can run out."""
    return next((step.at for step in silent_steps(book, running) if step.at > after), None)


def look_at(book: Book, running: PartRunning, *, stored: datetime | None, now: datetime) -> datetime | None:
    """When silence must be looked at after an act: at once where it lasts too long already; as for reports."""
    first = next_silent(book, running, after=EVER)
    if first is None or first > now:
        return first
    return min(stored, now) if stored else now
