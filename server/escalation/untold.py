"""What should stand on the feed by now and does not: the steps of every clock, worked out anew."""

from collections.abc import Collection, Iterator
from datetime import datetime

from server.escalation.rules import overrun_occasion, part_occasion, side_occasion
from server.policy.clocks import Clock
from server.policy.loader import book_behind
from server.policy.model import Book
from server.reports.clocks import (
    Running,
    next_look,
    overrun_steps,
    side_steps,
    silent_until,
    unchecked_since,
)
from server.reports.facts import running
from server.reports.models import Report
from server.reports.part_clocks import next_silent, silent_steps
from server.reports.part_models import ReportPart
from server.reports.parts import running as part_running

Steps = Iterator[tuple[datetime, str]]
"""When somebody is told, and the name of that occasion."""


def due_of(clocks: Running, clock: Clock) -> datetime:
    """The deadline by which an overrun of a report is named."""
    return clocks.accept_due_at if clock is Clock.ACCEPT else clocks.answer_due_at


def report_steps(report_id: int, book: Book, clocks: Running) -> Steps:
    """Every step that comes if a report stays as it is."""
    for step in overrun_steps(book, clocks):
        yield step.at, overrun_occasion(report_id, step, due_of(clocks, step.clock))
    for beside in side_steps(book, clocks):
        yield beside.at, side_occasion(report_id, beside.side, beside.level, beside.due_at)


def look_for(report: Report, told: Collection[str], *, now: datetime) -> datetime | None:
    """When the clocks ought to look at a report of which these occasions were told; `now` where one is missing."""
    book, clocks = book_behind(report), running(report)
    ends = [at for at in (silent_until(book, clocks), unchecked_since(clocks)) if at]
    if any(at <= now for at in ends) or _missing(report_steps(report.id, book, clocks), told, now=now):
        return now
    return next_look(book, clocks, after=now)


def look_for_part(
    part: ReportPart, report: Report, told: Collection[str], *, now: datetime
) -> datetime | None:
    """The same of a called body."""
    book, clocks = book_behind(report), part_running(part)
    steps = ((step.at, part_occasion(part.id, step)) for step in silent_steps(book, clocks))
    return now if _missing(steps, told, now=now) else next_silent(book, clocks, after=now)


def _missing(steps: Steps, told: Collection[str], *, now: datetime) -> bool:
    return any(at <= now and name not in told for at, name in steps)
