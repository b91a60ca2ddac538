"""Clocks that nobody would look at again although something ran out and was not told of: found, and woken."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import select

from server.core import wire
from server.core.db import db
from server.escalation.models import FeedEntry
from server.escalation.rules import OVERRUNS
from server.escalation.untold import look_for, look_for_part
from server.reports.models import Report
from server.reports.part_models import ReportPart
from server.upkeep.faults import Fault, Finding

GRACE = timedelta(minutes=15)
"""A look so near is no fault: a sweep that failed is tried again after ten minutes."""
AT_ONCE = 500
"""So many are held in memory at a time."""
SEEN = """
WITH seen AS (
  SELECT id FROM report WHERE id > %(after)s AND id <= %(upto)s
  UNION
  SELECT report_id FROM report_event
  WHERE id > %(event)s AND report_id > %(acted_after)s AND report_id <= %(acted_upto)s
)
"""
REPORTS = f"""{SEEN}
SELECT r.id FROM seen s JOIN report r ON r.id = s.id
WHERE (r.state IN ('submitted', 'accepted', 'whistled', 'referred', 'resolved')
       OR r.state = 'closed' AND r.hazard_step = 'reinspect')
  AND (r.sweep_at IS NULL OR r.sweep_at > %(grace)s AND r.due_at <= %(now)s)
ORDER BY r.id
"""  # noqa: S608 - the fragment is ours
PARTS = f"""{SEEN}
SELECT p.id FROM seen s JOIN report_part p ON p.report_id = s.id
WHERE p.ended_at IS NULL AND p.answered_at IS NULL
  AND (p.sweep_at IS NULL OR p.sweep_at > %(grace)s AND LEAST(p.report_in_due_at, p.due_at) <= %(now)s)
ORDER BY p.id
"""  # noqa: S608 - the fragment is ours
WAKE_REPORTS = """
UPDATE report SET sweep_at = %(now)s WHERE id IN (
  SELECT id FROM report WHERE id = ANY(%(ids)s) AND (sweep_at IS NULL OR sweep_at > %(now)s)
  ORDER BY id FOR UPDATE SKIP LOCKED
) RETURNING county_id, id
"""
WAKE_PARTS = """
UPDATE report_part SET sweep_at = %(now)s WHERE id IN (
  SELECT id FROM report_part WHERE id = ANY(%(ids)s) AND (sweep_at IS NULL OR sweep_at > %(now)s)
  ORDER BY id FOR UPDATE SKIP LOCKED
) RETURNING county_id, report_id
"""
Judge = Callable[[Sequence[int], datetime], Iterator[int]]
log = logging.getLogger(__name__)


def wake(terms: dict[str, Any], *, most: int, now: datetime) -> list[Finding]:
    """Have the clocks look at once at what sleeps among the reports of a round; they tell it and find the next look."""
    given, found = terms | {"grace": now + GRACE}, []
    for query, judge, woken in ((REPORTS, _reports, WAKE_REPORTS), (PARTS, _parts, WAKE_PARTS)):
        ids = [row[0] for row in wire.rows(query, given)]
        asleep = list(islice(_asleep(ids, judge, now=now), most))
        if asleep:
            found += wire.rows(woken, {"ids": asleep, "now": now})
    return [Finding(Fault.CLOCK, *row) for row in found]


def _asleep(ids: Sequence[int], judge: Judge, *, now: datetime) -> Iterator[int]:
    for begin in range(0, len(ids), AT_ONCE):
        yield from judge(ids[begin : begin + AT_ONCE], now)


def _reports(ids: Sequence[int], now: datetime) -> Iterator[int]:
    """Those of these reports that sleep."""
    told = _told(ids)
    for report in db.session.scalars(select(Report).where(Report.id.in_(ids)).order_by(Report.id)):
        if _sleeps(report, partial(look_for, report, told[report.id], now=now)):
            yield report.id


def _parts(ids: Sequence[int], now: datetime) -> Iterator[int]:
    """Those of these called bodies that sleep."""
    both = select(ReportPart, Report).join(Report, Report.id == ReportPart.report_id)
    rows = db.session.execute(both.where(ReportPart.id.in_(ids)).order_by(ReportPart.id)).all()
    told = _told([report.id for _, report in rows])
    for part, report in rows:
        if _sleeps(part, partial(look_for_part, part, report, told[report.id], now=now)):
            yield part.id


def _sleeps(row: Report | ReportPart, wanted: Callable[[], datetime | None]) -> bool:
    """Whether something is to be looked at before the row's own instant; what cannot be judged is the sweep's to name."""
    try:
        look = wanted()
    except Exception:
        log.exception("%s %s could not be judged", row.__tablename__, row.id)
        return False
    return look is not None and (row.sweep_at is None or row.sweep_at > look)


def _told(ids: Sequence[int]) -> dict[int | None, set[str]]:
    """What of these reports the clocks have told, whether it still stands or not."""
    query = select(FeedEntry.report_id, FeedEntry.occasion)
    found: dict[int | None, set[str]] = defaultdict(set)
    for report_id, occasion in db.session.execute(
        query.where(FeedEntry.report_id.in_(ids), FeedEntry.reason.in_(OVERRUNS))
    ):
        found[report_id].add(occasion)
    return found
