"""The clocks beside acceptance and answer run out: the next level is told, once a step (A8, A13, second body)."""

from datetime import datetime

from server.accounts.bodies import bureau_of
from server.escalation import messages
from server.escalation.feed import open_entries
from server.escalation.rules import OF_SIDE, Entry, side_occasion
from server.policy.model import Book
from server.policy.terms import Level
from server.reports.acting import system_check
from server.reports.clocks import side_steps, unchecked_since
from server.reports.facts import running
from server.reports.models import Report
from server.reports.side_changes import body_of_level
from server.reports.sides import Side, SideStep
from server.reports.telling import tell_bodies


def pass_unchecked(report: Report, book: Book, *, now: datetime) -> bool:
    """An answer that nobody checked in time goes on to the reporter, and the feed says so; whether one did."""
    due_at = unchecked_since(running(report))
    if due_at is None or due_at > now:
        return False
    system_check(report, now=now)
    step = SideStep(Side.CHECK, book.second_body.by, due_at, due_at)
    _tell(report, [step], book=book, now=now)
    return True


def tell_beside(report: Report, book: Book, *, now: datetime) -> None:
    """A feed entry for each step of these clocks that has passed, and a push for each entry that is new."""
    passed = [step for step in side_steps(book, running(report)) if step.at <= now]
    _tell(report, passed, book=book, now=now)


def _tell(report: Report, passed: list[SideStep], *, book: Book, now: datetime) -> None:
    if not passed:
        return
    steps = {side_occasion(report.id, step.side, step.level, step.due_at): step for step in passed}
    entries = [_entry(report, step, occasion, now=now) for occasion, step in steps.items()]
    for occasion, entry_id in open_entries(entries, now=now).items():
        body_id = _body(report, steps[occasion].level)
        tell_bodies(
            report, {body_id: "escalated"}, purpose="overdue", occasion=f"feed:{entry_id}", book=book, now=now
        )


def _entry(report: Report, step: SideStep, occasion: str, *, now: datetime) -> Entry:
    detail = messages.beside(step.side, step.level, due_at=step.due_at, at=now)
    return Entry(
        report.county_id, OF_SIDE[step.side], occasion, detail, level=step.level, report_id=report.id
    )


def _body(report: Report, level: Level) -> int:
    return body_of_level(report, level, bureau_id=bureau_of(report.county_id).id)
