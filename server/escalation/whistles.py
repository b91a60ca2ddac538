"""How called bodies kept their clocks, body by body, for the month's table: silence counts (A7)."""

from dataclasses import dataclass
from datetime import datetime

from server.core.db import db

CALLED = """
SELECT b.name, count(*) FILTER (WHERE p.report_in_due_at IS NOT NULL) AS called,
       count(*) FILTER (WHERE p.reported_in_at <= p.report_in_due_at) AS in_time,
       count(*) FILTER (WHERE COALESCE(p.reported_in_at, p.ended_at, %(now)s) > p.report_in_due_at) AS silent,
       count(*) FILTER (WHERE p.answered_at IS NOT NULL) AS answered,
       count(*) FILTER (WHERE COALESCE(p.answered_at, p.ended_at, %(now)s) > p.due_at) AS late,
       count(*) FILTER (WHERE p.ended_as = 'hand_back') AS back
FROM report_part p
JOIN body b ON b.id = p.body_id
JOIN report r ON r.id = p.report_id
WHERE p.county_id = %(county)s AND p.asked_at >= %(since)s AND p.asked_at < %(until)s
  AND r.estate_id = ANY(%(estates)s) AND r.state <> 'void'
GROUP BY b.id, b.name
ORDER BY 4 DESC, 6 DESC, 2 DESC, b.id
"""


@dataclass(frozen=True)
class BodyCount:
    """One body over the parts that were asked of it in a period."""

    body: str
    called: int
    in_time: int
    silent: int
    """Not reported in in time, whether it came later, was taken off, or still says nothing."""
    answered: int
    late: int
    back: int


def body_counts(
    county_id: str, estates: list[int], *, since: datetime, until: datetime, now: datetime
) -> list[BodyCount]:
    """Every body that was called to reports of these estates in a period, the most silent first."""
    given = {"county": county_id, "estates": estates, "since": since, "until": until, "now": now}
    return [BodyCount(*row) for row in db.session.connection().exec_driver_sql(CALLED, given)]
