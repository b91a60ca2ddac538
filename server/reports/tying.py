"""A browser's own reports become those of the resident who logs in there."""

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from server.core.counties import Key, open_by
from server.core.db import db
from server.reports.joined import Join
from server.reports.models import Report


def tie_reports(device_hash: str, resident_id: int) -> int:
    """Make the reports of this browser the resident's, so that news reach him; how many.

    Reports that belong to a resident already, or that staff wrote down for a caller, stay as they are.
    """
    open_by(Key.DEVICE, device_hash)
    done = db.session.execute(
        update(Report)
        .where(
            Report.device_hash == device_hash,
            Report.device_hash.is_not(None),
            Report.resident_id.is_(None),
            Report.filed_by.is_(None),
        )
        .values(resident_id=resident_id)
        .returning(Report.id)
    ).all()
    _tie_joins(device_hash, resident_id)
    return len(done)


def _tie_joins(device_hash: str, resident_id: int) -> None:
    """The same for what this browser joined; one person joins a report once."""
    other = aliased(Join)
    already = select(other.id).where(other.report_id == Join.report_id, other.resident_id == resident_id)
    db.session.execute(
        update(Join)
        .where(Join.device_hash == device_hash, Join.resident_id.is_(None), ~already.exists())
        .values(resident_id=resident_id)
        .execution_options(synchronize_session=False)
    )
