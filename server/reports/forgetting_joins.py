"""Taking away what leads to neighbours who joined; how many households they are stays."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import aliased

from server.core.db import db
from server.notices.residents import unlink_pushes
from server.reports.households import Met, grouped
from server.reports.joined import Join
from server.reports.models import Report
from server.reports.neighbours import joins, marks_of, met

ROUND = 500
GONE = ("resident_id", "device_hash", "owner_hash", "door_hash")


def freeze(report_ids: Sequence[int]) -> None:
    """Write down which household each neighbour of these reports counts with, before the marks go."""
    lead = func.coalesce(Report.merged_into_id, Report.id)
    known = select(Join.id).where(or_(Join.report_id == Report.id, Join.merged_id == Report.id))
    found = db.session.scalars(select(lead).where(Report.id.in_(report_ids), known.exists()).distinct())
    for report in db.session.scalars(select(Report).where(Report.id.in_(list(found)))).all():
        rows = db.session.execute(joins([report.id])).all()
        people = {row.id: met(row, None) for row in rows}
        for row_id, household in _households(people, report).items():
            db.session.execute(update(Join).where(Join.id == row_id).values(household=household))


def _households(people: dict[int, Met], lead: Report) -> dict[int, int]:
    """A number for each neighbour: of the first of his household, or the reporter's own."""
    found: dict[int, int] = {}
    for group in grouped(list(people.values())):
        mine = [row_id for row_id, one in people.items() if one.marks & group.marks]
        own = bool(group.marks & marks_of(lead))
        found |= dict.fromkeys(mine, -lead.id if own else min(mine, default=0))
    return found


def erase_joins(county: str, *, closed_before: datetime) -> int:
    """One round of the worker: those beside reports that closed so long ago; how many."""
    lead = aliased(Report)
    held = or_(*(getattr(Join, name).is_not(None) for name in GONE))
    due = (
        select(Join.id, lead.id.label("lead_id"))
        .join(Report, Report.id == Join.report_id)
        .join(lead, lead.id == func.coalesce(Report.merged_into_id, Report.id))
        .where(Join.county_id == county, held, lead.closed_at < closed_before)
        .order_by(Join.id)
        .limit(ROUND)
    )
    rows = db.session.execute(due).all()
    leads = sorted({row.lead_id for row in rows})
    freeze(leads)
    _clear(row.id for row in rows)
    if leads:
        unlink_pushes(leads)
    return len(rows)


def _clear(join_ids: Iterable[int]) -> None:
    values = dict.fromkeys(GONE)
    db.session.execute(update(Join).where(Join.id.in_(list(join_ids))).values(**values))
