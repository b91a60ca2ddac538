"""The clocks of one report in words: when it had to be accepted and answered, and how that went."""

from dataclasses import dataclass
from datetime import datetime

from server.reports.models import Report
from server.web.times import day_time, span
from server.web.wording import OPEN, Tag, left


@dataclass(frozen=True)
class Clock:
    """One clock: what it measures, until when, and how it stands."""

    name: str
    until: str
    tag: Tag


def clocks_of(report: Report, *, first_answer: datetime | None, now: datetime) -> list[Clock]:
    """Acceptance, answer, and the second clock of a reopening where there is one.

    `first_answer` is when it was first resolved: a reopening restarts nothing, so the first clock keeps it.
    """
    running = report.state in OPEN
    accept = clock_of("受理时限", report.accept_due_at, report.accepted_at, running=running, now=now)
    first = clock_of("办结时限", report.resolve_due_at, first_answer, running=running, now=now)
    if report.reopen_due_at is None:
        return [accept, first]
    done = None if running else report.resolved_at
    return [accept, first, clock_of("重办时限", report.reopen_due_at, done, running=running, now=now)]


def clock_of(name: str, until: datetime, done: datetime | None, *, running: bool, now: datetime) -> Clock:
    """A clock that was kept or not, has stopped, or still runs."""
    if done is not None:
        return Clock(name, day_time(until), _ended(until, done))
    if not running:
        return Clock(name, day_time(until), Tag("已停止", "", "square"))
    return Clock(name, day_time(until), left(until, now=now))


def _ended(until: datetime, done: datetime) -> Tag:
    if done > until:
        return Tag(f"晚了 {span(done - until)}", "alarm", "triangle")
    return Tag("按时", "ok", "tick")
