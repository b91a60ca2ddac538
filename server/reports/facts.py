"""From a stored report to the values that the pure rules judge."""

from datetime import datetime, timedelta

from server.accounts.permissions import Part, Subject
from server.policy.clocks import latest_extension
from server.policy.handling import Caller
from server.policy.model import Book
from server.policy.terms import Level
from server.reports.clocks import Running, due_at
from server.reports.models import Report
from server.reports.part_models import ReportPart
from server.reports.parts import is_open, waits
from server.reports.sides import Side, Sides
from server.reports.workflow import CLOSED, RESOLVED, Facts

LEVELS = {Level.COMMUNITY: Part.COMMUNITY, Level.TOWNSHIP: Part.TOWNSHIP, Level.BUREAU: Part.BUREAU}


def running(report: Report) -> Running:
    """The clocks of a report."""
    return Running(
        state=report.state,
        time_class=report.time_class,
        accept_due_at=report.accept_due_at,
        resolve_due_at=report.resolve_due_at,
        reopen_due_at=report.reopen_due_at,
        resolved_at=_asked_at(report),
        sides=sides_of(report),
        accepted_at=report.accepted_at,
        report_in_due_at=report.report_in_due_at,
    )


def _asked_at(report: Report) -> datetime | None:
    """Since when the reporter is asked: from the answer on, or from its own check; never from an earlier answer's."""
    return max((at for at in (report.resolved_at, report.checked_at) if at), default=None)


def sides_of(report: Report) -> Sides:
    """The clocks beside acceptance and answer."""
    return Sides(
        report.contact_due_at,
        report.check_due_at,
        report.hazard_step,
        report.hazard_due_at,
        report.refer_due_at,
    )


def reopen_until(report: Report, book: Book) -> datetime | None:
    """Until when the reporter may come back: the book's span of silence, once more after the close."""
    if report.state == RESOLVED:
        return due_at(book, running(report))
    if report.state == CLOSED and report.closed_at:
        return book.limits.unconfirmed_after.after(report.closed_at, book.calendar)
    return None


def split_until(report: Report, book: Book) -> datetime | None:
    """Until when a report that is handled with another can be handled by itself again."""
    if report.merged_into_id is None or report.closed_at is None:
        return None
    return report.closed_at + timedelta(days=book.duplicates.split_days)


def extension_range(report: Report, book: Book) -> tuple[datetime, datetime]:
    """After which instant a longer term must end, and the latest at which it may (A4)."""
    ends = running(report).answer_due_at
    again = report.reopen_due_at is not None
    return ends, latest_extension(book, report.time_class, ends, reopened=again)


CALLERS = {
    Caller.MANAGER: Part.PROJECT,
    Caller.COMMUNITY: Part.COMMUNITY,
    Caller.TOWNSHIP: Part.TOWNSHIP,
    Caller.BUREAU: Part.BUREAU,
}


def facts(report: Report, book: Book, *, now: datetime, own: ReportPart | None = None) -> Facts:
    """What the workflow needs to know; `own` is what was asked of the actor's own body."""
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
        referral=report.refer_state or "",
        mediates=book.mediation.body in book.bodies,
        whistlers=frozenset(CALLERS[caller] for caller in book.whistle.by),
        own_open=is_open(own),
        own_waits=is_open(own) and waits(own),
        contact_due=report.contact_due_at is not None,
        checking=report.check_due_at is not None,
        checker=LEVELS[book.second_body.by],
        hazard=report.kind in book.hazard.kinds,
        inspectors=inspectors(report, book),
        merged=report.merged_into_id is not None,
        split_until=split_until(report, book),
    )


def inspectors(report: Report, book: Book) -> frozenset[Part]:
    """Who may look at a mended danger again: the safety body, whom the book names, and the bureau (A13)."""
    if report.hazard_step != Side.REINSPECT:
        return frozenset()
    return frozenset({Part.SAFETY, Part.BUREAU, LEVELS[book.hazard.reinspect_by]})


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
