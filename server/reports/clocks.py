"""What is due next and when somebody must look again; a clock never stops and never restarts (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from server.policy.clocks import Clock, Step, chain, unconfirmed_at
from server.policy.model import Book
from server.reports.sides import NOTHING, Sides, SideStep, side_chains
from server.reports.workflow import ACCEPTED, OPEN, REFERRED, RESOLVED, SUBMITTED, WHISTLED

EVER = datetime.min.replace(tzinfo=UTC)
"""Before anything could run out."""


@dataclass(frozen=True)
class Running:
    """The clocks of one report."""

    state: str
    time_class: str
    accept_due_at: datetime
    resolve_due_at: datetime
    reopen_due_at: datetime | None
    resolved_at: datetime | None
    """Since when the reporter is asked: from the answer on, or from its check on where one comes before him."""
    sides: Sides = field(default=NOTHING)
    accepted_at: datetime | None = None
    report_in_due_at: datetime | None = None
    """Of the body that was whistled for."""

    @property
    def accept_runs(self) -> bool:
        """Whether nobody has accepted it yet: a whistle does not stop that clock."""
        return self.state == SUBMITTED or (self.state == WHISTLED and self.accepted_at is None)

    @property
    def answer_due_at(self) -> datetime:
        """When the answer is due: of the second clock where a reopening started one."""
        return self.reopen_due_at or self.resolve_due_at


def due_at(book: Book, clocks: Running) -> datetime:
    """The next thing due: acceptance, then the answer, its check where one is asked, then the reporter's word."""
    if clocks.state == SUBMITTED:
        return min(clocks.accept_due_at, clocks.answer_due_at)
    if clocks.state == WHISTLED and clocks.report_in_due_at:
        return min(clocks.report_in_due_at, clocks.answer_due_at)
    if clocks.state == RESOLVED and clocks.sides.check_due_at:
        return clocks.sides.check_due_at
    if clocks.state == REFERRED and clocks.sides.refer_due_at:
        return clocks.sides.refer_due_at
    if clocks.state == RESOLVED and clocks.resolved_at:
        return unconfirmed_at(book, clocks.resolved_at)
    return clocks.answer_due_at


def overrun_steps(book: Book, clocks: Running) -> list[Step]:
    """Whom to tell and when if the report stays as it is, in order of time."""
    found = [step for steps in _chains(book, clocks) for step in steps]
    return sorted(found, key=lambda step: step.at)


def _chains(book: Book, clocks: Running) -> list[Iterator[Step]]:
    """The steps of each clock that still runs."""
    if clocks.state not in OPEN:
        return []
    due_ats = {Clock.RESOLVE: clocks.answer_due_at}
    if clocks.accept_runs:
        due_ats = {Clock.ACCEPT: clocks.accept_due_at, **due_ats}
    return [chain(book, clock, clocks.time_class, at) for clock, at in due_ats.items()]


def silent_until(book: Book, clocks: Running) -> datetime | None:
    """When a resolution that nobody answered closes as unconfirmed."""
    asked = clocks.state == RESOLVED and clocks.sides.check_due_at is None
    return due_at(book, clocks) if asked else None


def unchecked_since(clocks: Running) -> datetime | None:
    """When an answer that nobody checks goes on to the reporter."""
    return clocks.sides.check_due_at if clocks.state == RESOLVED else None


def side_steps(book: Book, clocks: Running) -> list[SideStep]:
    """Whom the clocks beside the answer tell and when, in order of time."""
    chains = side_chains(book, clocks.sides, clocks.state, clocks.time_class)
    return sorted((step for steps in chains for step in steps), key=lambda step: step.at)


def next_look(book: Book, clocks: Running, *, after: datetime) -> datetime | None:
    """The next instant after `after` at which something runs out; None when nothing can."""
    moments = [next((step.at for step in steps if step.at > after), None) for steps in _chains(book, clocks)]
    beside = side_chains(book, clocks.sides, clocks.state, clocks.time_class)
    moments += [next((step.at for step in steps if step.at > after), None) for steps in beside]
    moments += [silent_until(book, clocks), unchecked_since(clocks)]
    return min((at for at in moments if at and at > after), default=None)


def look_at(book: Book, clocks: Running, *, stored: datetime | None, now: datetime) -> datetime | None:
    """When the clocks must look after an act: at once where something has run out, else when the next thing does.

    Whether what has run out was told of already, the look finds out: it tells each step once. A look that is due
    (`stored`) stays due, so that no act, however often it comes, can put it off.
    """
    first = next_look(book, clocks, after=EVER)
    if first is None or first > now:
        return first
    return min(stored, now) if stored else now


def is_late(clocks: Running, now: datetime) -> bool:
    """Whether the thing due next is overdue while somebody must act."""
    if clocks.state == SUBMITTED:
        return now > min(clocks.accept_due_at, clocks.answer_due_at)
    if clocks.state == WHISTLED:
        return now > min(clocks.report_in_due_at or clocks.answer_due_at, clocks.answer_due_at)
    return clocks.state == ACCEPTED and now > clocks.answer_due_at
