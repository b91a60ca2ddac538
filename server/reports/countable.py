"""What counts in rankings, per estate and period: raw numbers after exclusions, with distinct reporters beside them.

semantics.md: excluded are reports withdrawn before acceptance, void ones, staff's own and duplicates; a flag that the
bureau dismissed excludes nothing. One person is one reporter a month at an estate, however much he files. Reports that
were merged are one complaint, counted when the first of them came; each of their reporters stays a reporter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.core.db import db
from server.reports.fairness import DOUBTS, EXCLUDES, NO_UNIT, Flag

STANDING = """
SELECT f.report_id, array_agg(f.flag) AS flags FROM report_flag f
WHERE f.county_id = %(county)s AND f.dismisses IS NULL
AND NOT EXISTS (SELECT 1 FROM report_flag d WHERE d.dismisses = f.id)
GROUP BY f.report_id
"""
"""The flags of each report that nobody has dismissed."""
AGAIN = f"""
SELECT id FROM (
  SELECT r.id, row_number() OVER (PARTITION BY COALESCE(r.merged_into_id, r.id) ORDER BY r.submitted_at, r.id) AS place
  FROM (
    SELECT id FROM report WHERE merged_into_id IS NOT NULL
    UNION SELECT merged_into_id FROM report WHERE merged_into_id IS NOT NULL
  ) m JOIN report r ON r.id = m.id LEFT JOIN ({STANDING}) s ON s.report_id = r.id
  WHERE r.county_id = %(county)s AND r.counts AND r.state <> 'void'
    AND NOT (r.state = 'withdrawn' AND r.accepted_at IS NULL) AND NOT COALESCE(s.flags && %(excludes)s, false)
) g WHERE place > 1
"""  # noqa: S608 - the fragment is ours
"""Of reports handled together, all that would count but the first."""
COUNT = f"""
SELECT estate_id, count(*), count(*) FILTER (WHERE NOT gone AND NOT again AND NOT flags && %(excludes)s),
       count(*) FILTER (WHERE NOT gone AND NOT flags && %(no_unit)s),
       count(*) FILTER (WHERE withdrawn), count(*) FILTER (WHERE void),
       count(*) FILTER (WHERE NOT gone AND %(staff)s = ANY(flags)),
       count(*) FILTER (WHERE NOT gone AND %(duplicate)s = ANY(flags) AND NOT %(staff)s = ANY(flags)),
       count(*) FILTER (WHERE again),
       count(*) FILTER (WHERE NOT gone AND NOT again AND answer && %(doubts)s AND closed_as IS DISTINCT FROM 'confirmed')
FROM (
  SELECT r.estate_id, COALESCE(l.closed_as, r.closed_as) AS closed_as, COALESCE(s.flags, '{{}}') AS flags,
         COALESCE(a.flags, s.flags, '{{}}') AS answer, g.id IS NOT NULL AS again,
         r.state = 'withdrawn' AND r.accepted_at IS NULL AS withdrawn, r.state = 'void' AS void,
         r.state = 'void' OR r.state = 'withdrawn' AND r.accepted_at IS NULL AS gone
  FROM report r LEFT JOIN ({STANDING}) s ON s.report_id = r.id
  LEFT JOIN report l ON l.id = r.merged_into_id LEFT JOIN ({STANDING}) a ON a.report_id = l.id
  LEFT JOIN ({AGAIN}) g ON g.id = r.id
  WHERE r.county_id = %(county)s AND r.submitted_at >= %(since)s AND r.submitted_at < %(until)s AND r.counts
) n GROUP BY estate_id ORDER BY 3 DESC, estate_id
"""  # noqa: S608 - the fragment is ours


@dataclass(frozen=True)
class Countable:
    """One estate in a period."""

    estate_id: int
    filed: int
    """Every complaint that came in."""
    counted: int
    """What a rule uses."""
    reporters: int
    """Distinct reporters, each once a month."""
    excluded: Mapping[str, int]
    """How many are left out, by reason."""
    doubted: int
    """Resolved in bulk and not confirmed by the reporter: counts neither as solved nor as closed."""


def countable_reports(county_id: str, *, since: datetime, until: datetime) -> list[Countable]:
    """The estates with complaints submitted in a period, the most first."""
    given = {"county": county_id, "since": since, "until": until, **flag_terms()}
    found = []
    for row in db.session.connection().exec_driver_sql(COUNT, given):
        estate, filed, counted, reporters, withdrawn, void, staff, duplicate, merged, doubted = row
        reasons = {
            "withdrawn": withdrawn,
            "void": void,
            "staff_own": staff,
            "duplicate": duplicate,
            "merged": merged,
        }
        left_out = {name: number for name, number in reasons.items() if number}
        found.append(Countable(estate, filed, counted, reporters, left_out, doubted))
    return found


def flag_terms() -> dict[str, object]:
    """The flags as parameters of a counting statement."""
    sets = {"excludes": EXCLUDES, "no_unit": NO_UNIT, "doubts": DOUBTS}
    named = {name: sorted(flag.value for flag in flags) for name, flags in sets.items()}
    return {**named, "staff": Flag.STAFF_OWN.value, "duplicate": Flag.DUPLICATE.value}
