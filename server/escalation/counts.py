"""Plain counts per estate for the bureau's page: one statement, months bounded in Shanghai once."""

from dataclasses import dataclass
from datetime import date, datetime, time

from server.core.db import db
from server.core.workdays import ZONE

COUNT = """
SELECT e.id, e.name, count(r.id),
       count(r.id) FILTER (WHERE r.state IN ('submitted', 'accepted', 'whistled')),
       count(r.id) FILTER (WHERE r.state IN ('submitted', 'accepted', 'whistled') AND r.due_at < %(now)s),
       count(r.id) FILTER (WHERE r.closed_as = 'confirmed'),
       count(r.id) FILTER (WHERE r.closed_as = 'unconfirmed')
FROM estate e
LEFT JOIN report r ON r.estate_id = e.id AND r.counts AND r.state <> 'withdrawn'
  AND r.submitted_at >= %(since)s AND r.submitted_at < %(until)s
WHERE e.county_id = %(county)s
GROUP BY e.id ORDER BY 3 DESC, e.id
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
