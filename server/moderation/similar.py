"""Before somebody sends: open reports of the same kind at the same place, as far as a stranger may see them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from server.accounts.roles import Actor
from server.companies.places import Place
from server.core.clock import local
from server.core.db import db
from server.moderation.redaction import building_only
from server.moderation.showing import Copies, copies_of
from server.policy.loader import books
from server.policy.model import Book
from server.reports.households import ShownStanding, shown, standing
from server.reports.joined import Join
from server.reports.models import OPEN, Report
from server.reports.neighbours import by_person, joins, marks_of, met

MOST = 50
"""Candidates of one kind at one estate that are looked at."""
COLUMNS = (
    Report.id, Report.no, Report.kind, Report.building, Report.state, Report.version, Report.submitted_at,
    Report.resolved_at, Report.spot_id, Report.resident_id, Report.device_hash, Report.owner_hash,
)  # fmt: skip


@dataclass(frozen=True)
class Similar:
    """One open report: kind, building, state, day, and only what was released of its words and photos."""

    no: str
    version: int
    building: str
    state: str
    submitted_on: date
    neighbours: ShownStanding
    copies: Copies
    own: bool
    joined: bool


def similar(place: Place, kind: str, building: str, *, by: Actor, now: datetime) -> list[Similar]:
    """The open reports that may be the same trouble, the newest first, at most as many as the book shows."""
    book = books()[place.county_id]
    rule, known = book.duplicates, book.kinds.get(kind)
    if known is None or known.confidential:
        return []
    query = select(*COLUMNS).where(
        Report.estate_id == place.estate_id,
        Report.kind == kind,
        OPEN,
        Report.submitted_at >= now - timedelta(days=rule.days),
    )
    rows = db.session.execute(query.order_by(Report.id.desc()).limit(MOST)).all()
    found = [row for row in rows if _same_place(row, place, building, book)][: rule.shown]
    return _shown(found, by) if found else []


def _same_place(row: Any, place: Place, building: str, book: Book) -> bool:
    """The same code's spot, or the same building; finer than that nobody may find out what another wrote."""
    if not book.duplicates.same_spot:
        return True
    here = place.spot_id is not None and row.spot_id == place.spot_id
    return here or building_only(row.building) == building_only(building)


def _shown(rows: list[Any], by: Actor) -> list[Similar]:
    ids = [row.id for row in rows]
    copies, beside = copies_of(ids), db.session.execute(joins(ids)).all()
    mine = _joined(ids, by)
    return [
        Similar(
            no=row.no,
            version=row.version,
            building=building_only(row.building),
            state=row.state,
            submitted_on=local(row.submitted_at).date(),
            neighbours=_neighbours(row, beside),
            copies=copies[row.id],
            own=_own(row, by),
            joined=row.id in mine,
        )
        for row in rows
    ]


def _neighbours(row: Any, beside: Any) -> ShownStanding:
    """How many households, as everybody may see it: whoever works for the company can stand here too."""
    people = [met(one, row.resolved_at) for one in beside if one.lead_id == row.id and one.counts]
    return shown(standing(people, marks_of(row)), exact=False)


def _own(row: Any, by: Actor) -> bool:
    marks = (
        (row.resident_id, by.resident_id),
        (row.device_hash, by.device_hash),
        (row.owner_hash, by.owner_hash),
    )
    return any(one is not None and one == other for one, other in marks)


def _joined(ids: list[int], by: Actor) -> set[int]:
    """Which of the reports somebody has joined, directly or over one that was merged."""
    if not (by.resident_id or by.device_hash or by.owner_hash):
        return set()
    lead = select(Join.report_id, Report.merged_into_id).join(Report, Report.id == Join.report_id)
    rows = db.session.execute(
        lead.where(or_(Report.id.in_(ids), Report.merged_into_id.in_(ids)), by_person(by))
    )
    return {row.merged_into_id or row.report_id for row in rows}
