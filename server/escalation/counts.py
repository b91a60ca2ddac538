"""Plain counts per estate for the bureau's page: one statement, months bounded in Shanghai once."""

from dataclasses import dataclass
from datetime import date, datetime, time

from server.core.db import db
from server.core.workdays import ZONE
from server.reports.countable import AGAIN, STANDING, flag_terms

COUNT = f"""
SELECT e.id, e.name, COALESCE(n.total, 0), COALESCE(n.open, 0), COALESCE(n.overdue, 0),
       COALESCE(n.solved, 0), COALESCE(n.unconfirmed, 0), COALESCE(n.doubted, 0), COALESCE(n.reporters, 0),
       COALESCE(n.excluded, 0), COALESCE(n.rejected, 0)
FROM estate e
LEFT JOIN (
  SELECT estate_id, count(*) FILTER (WHERE fair) AS total,
         count(*) FILTER (WHERE fair AND state IN ('submitted', 'accepted', 'whistled')) AS open,
         count(*) FILTER (WHERE fair AND state IN ('submitted', 'accepted', 'whistled')
                          AND due_at < %(now)s) AS overdue,
         count(*) FILTER (WHERE fair AND closed_as = 'confirmed') AS solved,
         count(*) FILTER (WHERE fair AND closed_as = 'unconfirmed' AND NOT answer && %(doubts)s) AS unconfirmed,
         count(*) FILTER (WHERE fair AND answer && %(doubts)s
                          AND (state = 'resolved' OR closed_as = 'unconfirmed')) AS doubted,
         count(*) FILTER (WHERE NOT flags && %(no_unit)s) AS reporters, count(*) FILTER (WHERE NOT fair AND state <> 'rejected') AS excluded,
         count(*) FILTER (WHERE state = 'rejected') AS rejected
  FROM (
    SELECT r.estate_id, COALESCE(l.state, r.state) AS state, COALESCE(l.due_at, r.due_at) AS due_at,
           COALESCE(l.closed_as, r.closed_as) AS closed_as, COALESCE(s.flags, '{{}}') AS flags,
           COALESCE(a.flags, s.flags, '{{}}') AS answer,
           g.id IS NULL AND NOT COALESCE(s.flags && %(excludes)s, false) AND r.state <> 'rejected' AS fair
    FROM report r LEFT JOIN ({STANDING}) s ON s.report_id = r.id
    LEFT JOIN report l ON l.id = r.merged_into_id LEFT JOIN ({STANDING}) a ON a.report_id = l.id
    LEFT JOIN ({AGAIN}) g ON g.id = r.id
    WHERE r.county_id = %(county)s AND r.submitted_at >= %(since)s AND r.submitted_at < %(until)s
      AND r.counts AND r.state NOT IN ('withdrawn', 'void')
  ) r
  GROUP BY estate_id
) n ON n.estate_id = e.id
WHERE e.county_id = %(county)s
ORDER BY 3 DESC, e.id
"""  # noqa: S608 - the fragment is ours
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
    doubted: int
    """Answered in bulk and not confirmed: neither solved nor closed before the reporter says so."""
    reporters: int
    """Distinct reporters, each once a month."""
    excluded: int
    """Staff's own reports, duplicates and those merged into another: nowhere else in this row."""
    rejected: int
    """No matter for the product, as the bureau found; counts nowhere else either."""


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The first instant of a month in Shanghai, and that of the next month."""
    nxt = date(year + month // DECEMBER, month % DECEMBER + 1, 1)
    return _midnight(date(year, month, 1)), _midnight(nxt)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=ZONE)


def estate_counts(county_id: str, *, since: datetime, until: datetime, now: datetime) -> list[EstateCount]:
    """Every estate of a county, those with the most complaints first; the withdrawn are not counted."""
    given = {"county": county_id, "since": since, "until": until, "now": now, **flag_terms()}
    return [EstateCount(*row) for row in db.session.connection().exec_driver_sql(COUNT, given)]
