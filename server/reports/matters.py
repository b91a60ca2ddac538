"""From stored reports to what the pure rules of `todo.py` judge; one statement for the called bodies of a page."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from server.accounts.bodies import bureau_of
from server.accounts.models import Post
from server.accounts.roles import Actor, Role
from server.core.db import db
from server.policy.loader import book_behind
from server.reports.models import Report
from server.reports.part_models import OPEN_PART, ReportPart
from server.reports.sides import Sides
from server.reports.todo import Asked, Duty, Matter, duties

READ_ALONG = frozenset({Role.COMPANY, Role.ADMIN, Role.AUDITOR, Role.CONFIDENTIAL})
"""Posts that do nothing to a report."""
COLUMNS = (
    Report.called_at,
    Report.time_class,
    Report.book_version,
    Report.contact_due_at,
    Report.hazard_step,
    Report.hazard_due_at,
    Report.refer_state,
    Report.refer_due_at,
    Report.extend_until,
)
"""What a list must hold beside what it shows, so that `matter_of` can read its rows."""


def acting_bodies(actor: Actor) -> frozenset[int]:
    """The bodies for which somebody acts."""
    return frozenset(post.body_id for post in actor.posts if post.role not in READ_ALONG)


def asked_of(report_ids: Collection[int]) -> dict[int, tuple[Asked, ...]]:
    """Who was called to these reports and has not answered, in one statement; none where there is no report."""
    found: dict[int, list[Asked]] = defaultdict(list)
    if not report_ids:
        return {}
    query = select(
        ReportPart.report_id,
        ReportPart.body_id,
        ReportPart.report_in_due_at,
        ReportPart.reported_in_at,
        ReportPart.due_at,
    ).where(ReportPart.report_id.in_(report_ids), OPEN_PART, ReportPart.answered_at.is_(None))
    for row in db.session.execute(query.order_by(ReportPart.id)):
        waits = row.report_in_due_at if row.reported_in_at is None else None
        found[row.report_id].append(Asked(row.body_id, waits, row.due_at))
    return {report_id: tuple(asked) for report_id, asked in found.items()}


def matter_of(report: Any, bureau_id: int, asked: tuple[Asked, ...] = ()) -> Matter:
    """A report, or a row of a list with its columns, as the rules see it."""
    book = book_behind(report)
    return Matter(
        state=report.state,
        handler_id=report.handler_id,
        community_id=report.community_id,
        township_id=report.township_id,
        bureau_id=bureau_id,
        due_at=report.due_at,
        answer_due_at=report.reopen_due_at or report.resolve_due_at,
        sides=Sides(
            report.contact_due_at,
            report.check_due_at,
            report.hazard_step,
            report.hazard_due_at,
            report.refer_due_at,
        ),
        referral=report.refer_state or "",
        extension_asked=report.extend_until is not None,
        judge=book.classes[report.time_class].extension_by,
        checker=book.second_body.by,
        inspector=book.hazard.reinspect_by,
        asked=asked,
    )


def duties_on(report: Report) -> tuple[Duty, ...]:
    """Everything that anybody must do on a report now."""
    asked = asked_of([report.id] if report.called_at else [])
    return duties(matter_of(report, bureau_of(report.county_id).id, asked.get(report.id, ())))


def duties_for_post(report: Report, post_id: int | None) -> list[Duty]:
    """What the body of a post must do on a report now; empty for whoever is only told."""
    body_id = db.session.scalar(select(Post.body_id).where(Post.id == post_id)) if post_id else None
    return [duty for duty in duties_on(report) if duty.body_id == body_id] if body_id else []


def duties_of_rows(rows: Sequence[Any]) -> dict[int, tuple[Duty, ...]]:
    """The same for the rows of a list, by report; one statement where somebody was called to one of them."""
    asked = asked_of([row.id for row in rows if row.called_at])
    return {row.id: duties(matter_of(row, row.bureau_id, asked.get(row.id, ()))) for row in rows}
