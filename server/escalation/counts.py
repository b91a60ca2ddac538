"""Plain counts per estate for the bureau's page: one statement, months bounded in Shanghai once."""

from dataclasses import dataclass
from datetime import date, datetime, time

from server.core.db import db
from server.core.workdays import ZONE

COUNT = """
SELECT e.id, e.name, COALESCE(n.total, 0), COALESCE(n.open, 0), COALESCE(n.overdue, 0),
       COALESCE(n.solved, 0), COALESCE(n.unconfirmed, 0)
FROM estate e
LEFT JOIN (
  SELECT estate_id, count(*) AS total,
         count(*) FILTER (WHERE state IN ('submitted', 'accepted', 'whistled')) AS open,
         count(*) FILTER (WHERE state IN ('submitted', 'accepted', 'whistled') AND due_at < %(now)s) AS overdue,
         count(*) FILTER (WHERE closed_as = 'confirmed') AS solved,
         count(*) FILTER (WHERE closed_as = 'unconfirmed') AS unconfirmed
  FROM report
  WHERE county_id = %(county)s AND submitted_at >= %(since)s AND submitted_at < %(until)s
    AND counts AND state <> 'withdrawn'
  GROUP BY estate_id
) n ON n.estate_id = e.id
WHERE e.county_id = %(county)s
ORDER BY 3 DESC, e.id
"""
DECEMBER = 12


@dataclass(frozen=True)
class EstateCount:
    """One estate in a period: complaints submitted in it, and how they stand now."""

    estate_id: int
    estate: str
    total: int
    open: int
    overdue: int
    solved: int
    unconfirmed: int


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The first instant of a month in Shanghai, and that of the next month."""
    nxt = date(year + month // DECEMBER, month % DECEMBER + 1, 1)
    return _midnight(date(year, month, 1)), _midnight(nxt)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=ZONE)


def estate_counts(county_id: str, *, since: datetime, until: datetime, now: datetime) -> list[EstateCount]:
    """Every estate of a county, those with the most complaints first; the withdrawn are not counted."""
    given = {"county": county_id, "since": since, "until": until, "now": now}
    return [EstateCount(*row) for row in db.session.connection().exec_driver_sql(COUNT, given)]
