"""The clocks run out: the next level is told, once a step, and silent resolutions close as unconfirmed."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from server.accounts.bodies import bureau_of, names
from server.core.db import db
from server.escalation import messages
from server.escalation.beside import pass_unchecked, tell_beside
from server.escalation.feed import open_entries, settle
from server.escalation.rules import OF_CLOCK, Entry, overrun_occasion, settled_by
from server.escalation.untold import due_of
from server.escalation.vacancy import vacant_entries
from server.policy.clocks import Step
from server.policy.model import Book
from server.policy.terms import Level
from server.reports.acting import book_of, system_close
from server.reports.clocks import next_look, overrun_steps, silent_until
from server.reports.facts import running
from server.reports.models import Report
from server.reports.telling import tell_bodies
from server.reports.workflow import Act

AFTER_A_FAULT = timedelta(minutes=10)
"""When a report is looked at again whose sweep failed, so that it does not stand in the way of others."""
log = logging.getLogger(__name__)


def sweep(now: datetime, *, most: int = 20) -> int:
    """Look at reports whose clock says so; how many. Many may sweep at once, each report is one's alone.

    The reports go county by county, so that two sweepers never wait for each other crosswise.
    """
    found = db.session.scalars(
        select(Report)
        .where(Report.sweep_at <= now)
        .order_by(Report.sweep_at, Report.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for report in sorted(found, key=lambda one: one.county_id):
        _look_safely(report, now=now)
    return len(found)


def _look_safely(report: Report, *, now: datetime) -> None:
    """One report's fault must not keep the others from being looked at."""
    report_id = report.id
    try:
        with db.session.begin_nested():
            _look(report, now=now)
    except Exception:
        log.exception("report %s could not be swept", report_id)
        db.session.refresh(report)
        report.sweep_at = now + AFTER_A_FAULT
    db.session.flush()


def _look(report: Report, *, now: datetime) -> None:
    book, clocks = book_of(report), running(report)
    silent = silent_until(book, clocks)
    if silent is not None and silent <= now:
        system_close(report, now=now)
        settle(report.id, settled_by(Act.CLOSE), now=now)
        return
    if pass_unchecked(report, book, now=now):
        return
    tell_beside(report, book, now=now)
    _tell_levels(report, [step for step in overrun_steps(book, clocks) if step.at <= now], book=book, now=now)
    report.sweep_at = next_look(book, clocks, after=now)


def _tell_levels(report: Report, passed: list[Step], *, book: Book, now: datetime) -> None:
    """A feed entry for each step that has passed, and a push for each entry that is new."""
    clocks = running(report)
    steps = {overrun_occasion(report.id, step, due_of(clocks, step.clock)): step for step in passed}
    entries = [_entry(report, step, occasion, now=now) for occasion, step in steps.items()]
    vacant: set[int] = set()
    for occasion, entry_id in open_entries(entries, now=now).items():
        body_id = _body(report, steps[occasion].level)
        wanted = {body_id: "handle" if body_id == report.handler_id else "escalated"}
        vacant |= set(
            tell_bodies(report, wanted, purpose="overdue", occasion=f"feed:{entry_id}", book=book, now=now)
        )
    if vacant:
        open_entries(vacant_entries(report.county_id, report.id, names(vacant)), now=now)


def _entry(report: Report, step: Step, occasion: str, *, now: datetime) -> Entry:
    due_at = due_of(running(report), step.clock)
    detail = messages.overrun(step.clock, step.level, due_at=due_at, at=now)
    reason = OF_CLOCK[step.clock]
    return Entry(report.county_id, reason, occasion, detail, level=step.level, report_id=report.id)


def _body(report: Report, level: Level) -> int:
    if level is Level.COMMUNITY:
        return report.community_id
    return report.township_id if level is Level.TOWNSHIP else bureau_of(report.county_id).id
