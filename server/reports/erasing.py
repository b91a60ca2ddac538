"""Taking away what leads from a report to its reporter; the report, its history and every count stay.

PIPL art. 47: on request at any time, and by itself when the retention time of the rule book is over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from server.accounts.models import Resident, Session
from server.accounts.permissions import owns
from server.accounts.resident_logins import at_work
from server.accounts.roles import Actor
from server.core import audit
from server.core.db import db
from server.core.errors import NotFound
from server.notices.residents import forget_resident, unlink_pushes
from server.policy.loader import books
from server.reports.facts import subject
from server.reports.forgetting_joins import erase_joins, freeze
from server.reports.forgetting_words import hide_numbers
from server.reports.joined import Join
from server.reports.models import Report

ACT = "identity.erase"
DAY = timedelta(days=1)
ROUND = 500
"""Reports of one round of the worker."""
HELD = or_(Report.phone_sealed.is_not(None), Report.device_hash.is_not(None), Report.resident_id.is_not(None))
"""Whether a report still leads to somebody."""


def erase_contact(report: Report, *, by: Actor, now: datetime) -> None:
    """Do as the reporter asks, at once. Raises NotFound for everybody else."""
    if not owns(by, subject(report)):
        raise NotFound("没有找到这份报告，请检查编号。")
    _erase([report.id])
    audit.record(
        report.county_id, ACT, person_id=None, about=f"report:{report.no}", reason="报告人要求", now=now
    )
    if by.resident_id is not None and not _still_linked(by.resident_id):
        forget_resident(by.resident_id)
    db.session.refresh(report)


def erase_expired(now: datetime) -> int:
    """One round of the worker: contact data of reports closed longer ago than the book keeps it; how many."""
    return sum(_erase_expired_in(county, now=now) for county in sorted(books()))


def _erase_expired_in(county: str, *, now: datetime) -> int:
    days = books()[county].limits.contact_days
    due = (
        select(Report.id)
        .where(Report.county_id == county, Report.closed_at < now - timedelta(days=days), HELD)
        .order_by(Report.closed_at)
        .limit(ROUND)
        .with_for_update(skip_locked=True)
    )
    ids = list(db.session.scalars(due))
    if ids:
        _erase(ids)
        facts = {"rows": str(len(ids))}
        why = f"办结满 {days} 天"
        audit.record(county, ACT, person_id=None, about="report", reason=why, facts=facts, now=now)
    return len(ids) + erase_joins(county, closed_before=now - timedelta(days=days))


def _erase(ids: Sequence[int]) -> None:
    """The columns, the numbers that the reporter typed anywhere, and who the pushes went to."""
    freeze(ids)
    gone = {"phone_sealed": None, "phone_index": None, "device_hash": None, "resident_id": None}
    db.session.execute(update(Report).where(Report.id.in_(ids)).values(contact_ok=False, **gone))
    hide_numbers(ids)
    unlink_pushes(ids)


def _still_linked(resident_id: int) -> bool:
    linked = (select(model.id).where(model.resident_id == resident_id).limit(1) for model in (Report, Join))
    return any(db.session.scalar(query) is not None for query in linked)


def forget_lone_residents(now: datetime) -> int:
    """One round of the worker: WeChat identities that no report and no login needs any more; how many."""
    report = select(Report.id).where(Report.resident_id == Resident.id)
    login = select(Session.id).where(Session.resident_id == Resident.id, *at_work(now))
    joined = select(Join.id).where(Join.resident_id == Resident.id)
    lone = select(Resident.id).where(
        ~report.exists(), ~joined.exists(), ~login.exists(), Resident.created_at < now - DAY
    )
    found = list(db.session.scalars(lone.order_by(Resident.id).limit(ROUND)))
    for resident_id in found:
        forget_resident(resident_id)
    return len(found)
