"""Reports that bring a time of their own, such as 12345's orders: looked at for fairness as they come in.

The duty of `flagging.py` goes by the time of submission and has passed theirs long ago. What the same people reported
later at the same estates is judged once more, for it now has another report before it. A report that is being written
meanwhile is left to the duty, which looks a minute later and then finds these.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.core.arrays import among
from server.core.db import db
from server.reports.flagging import COLUMNS, LOOK_BACK, by_same_people, flags_of_rows, person
from server.reports.flags import raise_flags
from server.reports.models import Report


def flag_latecomers(report_ids: Collection[int], *, now: datetime) -> int:
    """Flag what has just come in, and what it makes of later reports of the same people; how many flags are new."""
    if not report_ids:
        return 0
    fresh = db.session.execute(select(*COLUMNS).where(among(Report.id, report_ids), Report.counts)).all()
    rows = {row.id: row for row in (*_later(fresh), *fresh)}
    order = sorted(rows.values(), key=lambda row: (row.submitted_at, row.id))
    return raise_flags(flags_of_rows(order), now=now)


def _later(fresh: Sequence[Any]) -> list[Any]:
    """What the people of these reports filed after them at the same estates, as far as a judgement looks back."""
    people = {(row.estate_id, person(row)) for row in fresh if person(row) is not None}
    times = [row.submitted_at for row in fresh]
    if not people:
        return []
    found = db.session.execute(
        select(*COLUMNS).where(
            by_same_people(fresh),
            Report.submitted_at > min(times),
            Report.submitted_at <= max(times) + LOOK_BACK,
        )
    )
    return [row for row in found if (row.estate_id, person(row)) in people]
