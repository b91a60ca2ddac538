"""Called bodies that stay silent: told to the next level, once a step, and to whoever called them (A7)."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from server.accounts.bodies import bureau_of, names
from server.core.db import db
from server.escalation import messages
from server.escalation.feed import open_entries, settle, settle_parts
from server.escalation.rules import OF_PART, STARTED, Entry, Reason, part_occasion
from server.escalation.vacancy import vacant_entries
from server.policy.terms import Level
from server.reports.acting import book_of
from server.reports.happenings import Happening
from server.reports.models import Report
from server.reports.part_clocks import PartClock, PartStep, next_silent, silent_steps
from server.reports.part_models import ReportPart
from server.reports.parts import running
from server.reports.telling import tell_bodies
from server.reports.workflow import Act

AFTER_A_FAULT = timedelta(minutes=10)
"""When a part is looked at again whose sweep failed."""
PURPOSES = {PartClock.REPORT_IN: "not_reported_in", PartClock.ANSWER: "part_late"}
log = logging.getLogger(__name__)


def sweep_parts(now: datetime, *, most: int = 20) -> int:
    """Look at called bodies whose clock says so; how many. Many may sweep at once, each part is one's alone."""
    found = db.session.scalars(
        select(ReportPart)
        .where(ReportPart.sweep_at <= now)
        .order_by(ReportPart.sweep_at, ReportPart.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for part in sorted(found, key=lambda one: one.county_id):
        _look_safely(part, now=now)
    return len(found)


def _look_safely(part: ReportPart, *, now: datetime) -> None:
    part_id = part.id
    try:
        with db.session.begin_nested():
            _look(part, now=now)
    except Exception:
        log.exception("part %s could not be swept", part_id)
        db.session.refresh(part)
        part.sweep_at = now + AFTER_A_FAULT
    db.session.flush()


def _look(part: ReportPart, *, now: datetime) -> None:
    report = db.session.get_one(Report, part.report_id)
    book = book_of(report)
    passed = [step for step in silent_steps(book, running(part)) if step.at <= now]
    body = names([part.body_id])[part.body_id]
    steps = {part_occasion(part.id, step): step for step in passed}
    entries = [_entry(report, step, occasion, body, now=now) for occasion, step in steps.items()]
    vacant: set[int] = set()
    for occasion, entry_id in open_entries(entries, now=now).items():
        vacant |= set(_tell(report, part, steps[occasion], entry_id, now=now))
    if vacant:
        open_entries(vacant_entries(report.county_id, report.id, names(vacant)), now=now)
    part.sweep_at = next_silent(book, running(part), after=now)


def _entry(report: Report, step: PartStep, occasion: str, body: str, *, now: datetime) -> Entry:
    detail = messages.silent(body, step.clock, step.level, due_at=step.due_at, at=now)
    return Entry(
        report.county_id, OF_PART[step.clock], occasion, detail, level=step.level, report_id=report.id
    )


def _tell(report: Report, part: ReportPart, step: PartStep, entry_id: int, *, now: datetime) -> list[int]:
    """The level, the silent body itself, and whoever called it."""
    wanted = {_body(report, step.level): "escalated"}
    if part.from_body_id is not None:
        wanted.setdefault(part.from_body_id, "watch")
    wanted[part.body_id] = "handle" if part.lead else "joint"
    return tell_bodies(
        report,
        wanted,
        purpose=PURPOSES[step.clock],
        occasion=f"feed:{entry_id}",
        book=book_of(report),
        now=now,
    )


def _body(report: Report, level: Level) -> int:
    if level is Level.COMMUNITY:
        return report.community_id
    return report.township_id if level is Level.TOWNSHIP else bureau_of(report.county_id).id


def settle_done(happening: Happening) -> bool:
    """Close what stands on the feed about the parts that an act has done with; whether it came too late, as `settle`."""
    if not happening.parts:
        return False
    done, late = set(OF_PART.values()), False
    if happening.act is Act.REPORT_IN:
        done = {Reason.NOT_REPORTED_IN}
        if db.session.get_one(Report, happening.report_id).accepted_at is not None:
            late = settle(happening.report_id, STARTED, now=happening.at)
    return settle_parts(happening.report_id, happening.parts, done, now=happening.at) or late
