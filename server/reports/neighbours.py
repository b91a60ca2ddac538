"""Reading who met the same trouble: how many households, what they say; never who they are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from server.accounts.roles import Actor
from server.core.db import db
from server.reports.households import Met, Standing, standing
from server.reports.joined import Join
from server.reports.models import Report
from server.reports.scopes import own_reports

OWN = aliased(Report)
"""The joiner's own report, where one was merged."""
LEAD = func.coalesce(Report.merged_into_id, Report.id)
ROWS = (
    Join.id, Join.report_id, Join.resident_id, Join.device_hash, Join.owner_hash, Join.door_hash, Join.household,
    Join.counts, Join.answer, Join.answered_at, Join.merged_id, LEAD.label("lead_id"),
    OWN.resident_id.label("own_resident"), OWN.device_hash.label("own_device"), OWN.owner_hash.label("own_owner"),
)  # fmt: skip
Lead = aliased(Report)


def lead_of(report: Report) -> Report:
    """The report that a report is handled with; itself where it was not merged."""
    return db.session.get_one(Report, report.merged_into_id) if report.merged_into_id else report


def merged_into(lead_id: int) -> Sequence[Any]:
    """The reports that are handled with this one: numbers, and when they came."""
    columns = (Report.id, Report.no, Report.building, Report.submitted_at)
    return db.session.execute(
        select(*columns).where(Report.merged_into_id == lead_id).order_by(Report.id)
    ).all()


def joins(lead_ids: Iterable[int]) -> Select[*tuple[Any, ...]]:
    """The neighbours who stand beside some reports, and beside those merged into them."""
    ids = list(lead_ids)
    return (
        select(*ROWS)
        .join(Report, Report.id == Join.report_id)
        .outerjoin(OWN, OWN.id == Join.merged_id)
        .where(or_(Report.id.in_(ids), Report.merged_into_id.in_(ids)), Join.withdrawn_at.is_(None))
        .order_by(Join.id)
    )


def standings(leads: Sequence[Any]) -> dict[int, Standing]:
    """How many households met the trouble of some reports (id, marks, resolved_at); one statement for all."""
    rows = defaultdict(list)
    for row in db.session.execute(joins([lead.id for lead in leads])) if leads else ():
        if row.counts:
            rows[row.lead_id].append(row)
    return {
        lead.id: standing([met(row, lead.resolved_at) for row in rows[lead.id]], marks_of(lead))
        for lead in leads
    }


def met(row: Any, resolved_at: datetime | None) -> Met:
    """One neighbour as the counting rule knows him; an answer to an earlier resolution says nothing of this one."""
    fresh = row.answered_at is not None and resolved_at is not None and row.answered_at >= resolved_at
    marks = {
        "resident": row.resident_id or row.own_resident,
        "device": row.device_hash or row.own_device,
        "owner": row.owner_hash or row.own_owner,
        "door": row.door_hash,
        "household": row.household,
    }
    return Met(_named(marks), row.answer if fresh else None)


def marks_of(lead: Any) -> frozenset[str]:
    """By what a report's own reporter is known, so that he is not his own neighbour."""
    marks = {"resident": lead.resident_id, "device": lead.device_hash, "owner": lead.owner_hash}
    return _named(marks | {"household": -lead.id})


def _named(marks: dict[str, Any]) -> frozenset[str]:
    return frozenset(f"{name}:{mark}" for name, mark in marks.items() if mark is not None)


def by_person(actor: Actor) -> ColumnElement[bool]:
    """The joins of whoever asks: by his marks, or because his own report was merged."""
    pairs: tuple[tuple[Any, Any], ...] = (
        (Join.resident_id, actor.resident_id),
        (Join.device_hash, actor.device_hash),
        (Join.owner_hash, actor.owner_hash),
    )
    mine = [column == value for column, value in pairs if value is not None]
    merged = Join.merged_id.in_(
        select(Report.id).where(own_reports(actor), Report.merged_into_id.is_not(None))
    )
    return and_(Join.withdrawn_at.is_(None), or_(*mine, merged))


def join_of(report: Report, actor: Actor) -> Join | None:
    """The actor's own join of a report or of one merged into it; None for everybody else."""
    group = select(Report.id).where(or_(Report.id == report.id, Report.merged_into_id == report.id))
    query = select(Join).where(Join.report_id.in_(group), by_person(actor)).order_by(Join.id).limit(1)
    return db.session.scalar(query)


def joined_reports(actor: Actor) -> Sequence[Any]:
    """What somebody joined, the newest first: the report that is handled, and when he joined it."""
    if not (actor.resident_id or actor.device_hash or actor.owner_hash):
        return []
    columns = (
        Lead.no, Lead.county_id, Lead.kind, Lead.building, Lead.state, Lead.outcome,
        Join.id, Join.joined_at, Join.answer, Join.building.label("own_building"), Join.unit.label("own_unit"),
        Join.door_hash, Join.merged_id,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Report, Report.id == Join.report_id)
        .join(Lead, Lead.id == LEAD)
        .where(by_person(actor))
        .order_by(Join.id.desc())
        .limit(50)
    )
    return db.session.execute(query).all()
