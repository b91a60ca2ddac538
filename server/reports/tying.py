"""A browser's own reports become those of the resident who logs in there."""

from sqlalchemy import update

from server.core.counties import Key, open_by
from server.core.db import db
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
    return len(done)
