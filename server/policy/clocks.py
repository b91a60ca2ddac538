"""When a report is due and whom its overrun is told to (pure; rule-books.md, defaults)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.core.workdays import after_quiet
from server.policy.model import Book
from server.policy.spans import WHOLE
from server.policy.terms import EscalationStep, Level

OTHER = "other"


class Clock(StrEnum):
    """The two clocks of a report."""

    ACCEPT = "accept"
    RESOLVE = "resolve"


@dataclass(frozen=True)
class Due:
    """The two deadlines, UTC."""

    accept_due_at: datetime
    resolve_due_at: datetime


@dataclass(frozen=True)
class Step:
    """At this UTC instant, this level is told that this clock has run out."""

    clock: Clock
    level: Level
    at: datetime


def due(book: Book, class_key: str, submitted_at: datetime, *, reopened: bool = False) -> Due:
    """Both deadlines from submission; a reopening runs the book's share of each from its own moment."""
    klass = book.classes[class_key]
    percent = book.limits.reopen_clock_percent if reopened else WHOLE
    return Due(
        accept_due_at=klass.accept.after(submitted_at, book.calendar, percent=percent),
        resolve_due_at=klass.resolve.after(submitted_at, book.calendar, percent=percent),
    )


def latest_extension(
    book: Book, class_key: str, resolve_due_at: datetime, *, reopened: bool = False
) -> datetime:
    """The latest deadline that an extension may set: at most as long again as the clock had."""
    percent = book.limits.reopen_clock_percent if reopened else WHOLE
    percent = percent * book.limits.extension_percent // WHOLE
    return book.classes[class_key].resolve.after(resolve_due_at, book.calendar, percent=percent)


def may_extend(book: Book, *, now: datetime, resolve_due_at: datetime, extended: int) -> bool:
    """Whether an extension may still be asked: before the deadline, and not more often than the book allows."""
    return now < resolve_due_at and extended < book.limits.extension_times


def steps(book: Book, class_key: str, *, accept_due_at: datetime, resolve_due_at: datetime) -> list[Step]:
    """Whom to tell and when if nothing happens, in order of time."""
    accept = chain(book, Clock.ACCEPT, class_key, accept_due_at)
    resolve = chain(book, Clock.RESOLVE, class_key, resolve_due_at)
    return sorted([*accept, *resolve], key=lambda step: step.at)


def chain(book: Book, clock: Clock, class_key: str, due_at: datetime) -> Iterator[Step]:
    """The steps of one clock in order of time, each worked out when it is asked for."""
    at = due_at
    for line in _lines(book, clock, class_key):
        at = line.after.after(at, book.calendar)
        yield Step(clock=clock, level=line.level, at=at)


def unconfirmed_at(book: Book, resolved_at: datetime) -> datetime:
    """When a resolution that nobody answers closes as unconfirmed."""
    return book.limits.unconfirmed_after.after(resolved_at, book.calendar)


def push_at(book: Book, class_key: str, at: datetime) -> datetime:
    """When a push may go out: at once for the classes the book spares, else not in the quiet hours."""
    if class_key in book.quiet.spares:
        return at
    return after_quiet(at, book.quiet.start, book.quiet.end)


def _lines(book: Book, clock: Clock, class_key: str) -> tuple[EscalationStep, ...]:
    """The class's own escalation lines, or those for all other classes."""
    lines = book.escalation.accept if clock is Clock.ACCEPT else book.escalation.resolve
    return lines.get(class_key, lines[OTHER])
