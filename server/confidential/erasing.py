"""Taking away what leads from a confidential report to its sender; what was told, its history and its clocks stay.

PIPL art. 47: on request at any time, and by itself when the retention time of the rule book is over. The step stands in
the report's own history alone, where the body reads it; no audit row, no count and no push tells anybody else.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select

from server.confidential.acting import content_of
from server.confidential.compartments import compartment_of, county_of, inside
from server.confidential.models import SealedEvent, SealedReport
from server.confidential.rules import SYSTEM_PART, Act, Part
from server.confidential.sealing import is_keyed, seal, words_bytes
from server.core.db import db
from server.core.masks import mask_numbers
from server.core.tokens import fingerprint, new_token
from server.policy.loader import books

ROUND = 200
"""Reports of one round of the worker."""
HELD = or_(SealedReport.contact.is_not(None), SealedReport.device_index.is_not(None))
"""Whether a report still leads to somebody."""
NUMBERED = ("text", "place")
"""What of the content people type freely."""


def holds_contact(report: SealedReport) -> bool:
    """Whether there is anything left to delete."""
    return report.contact is not None or report.device_index is not None


def erase_own(report: SealedReport, *, code: str | None, now: datetime) -> str:
    """Do as the sender asks, whose proof the caller has seen; the query code by which alone he comes back.

    Whoever came by his browser has none at hand and cannot be given the first one again: he gets a new one.
    """
    code = code or new_token()
    with inside(county_of(report.county_id)):
        _erase([report], by=Part.OWNER.value, now=now)
        report.owner_hash = fingerprint(code)
        db.session.flush()
    return code


def erase_expired_sealed(now: datetime) -> int:
    """One round of the worker: what closed longer ago than its county's book keeps contact data; how many."""
    return sum(_erase_expired_in(county, now=now) for county in sorted(books()))


def _erase_expired_in(county: str, *, now: datetime) -> int:
    before = now - timedelta(days=books()[county].limits.contact_days)
    due = (
        select(SealedReport)
        .where(SealedReport.county_id == compartment_of(county), SealedReport.closed_at < before, HELD)
        .order_by(SealedReport.closed_at)
        .limit(ROUND)
        .with_for_update(skip_locked=True)
    )
    found = db.session.scalars(due).all()
    _erase(found, by=SYSTEM_PART, now=now)
    return len(found)


def _erase(reports: Iterable[SealedReport], *, by: str, now: datetime) -> None:
    for report in reports:
        report.content = _without_numbers(report)
        report.contact, report.device_index = None, None
        step = {"county_id": report.county_id, "report_id": report.id, "at": now, "by_kind": by}
        db.session.execute(insert(SealedEvent).values(act=Act.ERASE.value, **step))
    db.session.flush()


def _without_numbers(report: SealedReport) -> str:
    """The content with typed numbers masked, where DATA_KEY opens it; under the body's key nobody here can change it."""
    if is_keyed(report.content):
        return report.content
    told = dict(content_of(report))
    plain = {name: mask_numbers(str(told[name])) for name in NUMBERED}
    for name in ("phone", "contact_ok"):
        told.pop(name, None)
    return seal(words_bytes(told | plain), None, no=report.no, part="content")
