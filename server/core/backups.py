"""When the last backup was made: a row in the audit, so that every machine sees it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.core import audit
from server.core.audit import Audit
from server.core.db import NATIONAL, db

MADE, RESTORED = "backup.made", "backup.restored"


@dataclass(frozen=True)
class LastBackup:
    """The newest whole backup that this installation knows of."""

    at: datetime
    rows: int
    photos: int
    """Files of photos, two a picture."""
    size: int
    """Bytes of the whole."""
    seconds: int
    faults: int
    """Photos that were missing or damaged in the store."""


def last_backup() -> LastBackup | None:
    """The newest backup that was finished; None before the first."""
    query = select(Audit.at, Audit.facts).where(Audit.county_id == NATIONAL, Audit.act == MADE)
    found = db.session.execute(query.order_by(Audit.seq.desc()).limit(1)).one_or_none()
    names = ("rows", "photos", "size", "seconds", "faults")
    return LastBackup(found.at, *(int(found.facts[name]) for name in names)) if found else None


def mark_backup(made: LastBackup) -> None:
    """Write down that a backup is whole; the caller commits."""
    facts = {
        "rows": str(made.rows),
        "photos": str(made.photos),
        "size": str(made.size),
        "seconds": str(made.seconds),
        "faults": str(made.faults),
    }
    audit.record(NATIONAL, MADE, person_id=None, about="backup", facts=facts, now=made.at)


def mark_restore(*, of: str, revision: str, now: datetime) -> None:
    """Write down that this database came from a backup made at `of`; the caller commits."""
    facts = {"made_at": of, "revision": revision}
    audit.record(NATIONAL, RESTORED, person_id=None, about="backup", facts=facts, now=now)
