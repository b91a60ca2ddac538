"""From a stored report to the values that the pure rules judge."""

from datetime import datetime

from server.accounts.permissions import Subject
from server.policy.clocks import latest_extension
from server.policy.model import Book
from server.policy.terms import Level
from server.reports.clocks import Running, due_at
from server.reports.models import Report
from server.reports.workflow import CLOSED, RESOLVED, Facts


def running(report: Report) -> Running:
    """The clocks of a report."""
    return Running(
        state=report.state,
        time_class=report.time_class,
        accept_due_at=report.accept_due_at,
        resolve_due_at=report.resolve_due_at,
        reopen_due_at=report.reopen_due_at,
        resolved_at=report.resolved_at,
    )


def reopen_until(report: Report, book: Book) -> datetime | None:
    """Until when the reporter may come back: the book's span of silence, once more after the close."""
    if report.state == RESOLVED:
        return due_at(book, running(report))
    if report.state == CLOSED and report.closed_at:
        return book.limits.unconfirmed_after.after(report.closed_at, book.calendar)
    return None


def extension_range(report: Report, book: Book) -> tuple[datetime, datetime]:
    """After which instant a longer term must end, and the latest at which it may (A4)."""
    ends = running(report).answer_due_at
    again = report.reopen_due_at is not None
    return ends, latest_extension(book, report.time_class, ends, reopened=again)


def facts(report: Report, book: Book, *, now: datetime) -> Facts:
    """What the workflow needs to know."""
    clocks = running(report)
    return Facts(
        state=report.state,
        now=now,
        due_at=due_at(book, clocks),
        resolve_due_at=clocks.answer_due_at,
        asked=report.asked_at is not None,
        rated=report.score is not None,
        reminded=report.reminded_at is not None,
        extension_asked=report.extend_until is not None,
        extended=report.extended_at is not None,
        closed_at=report.closed_at,
        reopen_until=reopen_until(report, book),
        grants_by_community=book.classes[report.time_class].extension_by is Level.COMMUNITY,
        public=report.public,
    )


def subject(report: Report, joint_bodies: frozenset[int] = frozenset()) -> Subject:
    """What the permission module needs to know."""
    return Subject(
        county_id=report.county_id,
        handler_id=report.handler_id,
        project_body_id=report.project_body_id,
        community_id=report.community_id,
        township_id=report.township_id,
        resident_id=report.resident_id,
        owner_hash=report.owner_hash,
        device_hash=report.device_hash,
        joint_bodies=joint_bodies,
    )
