"""A hundred thousand reports with their feed entries, written by the database itself."""

import psycopg

from server.reports.statements import COLUMNS

REPORTS = 100_000
SPAN = "interval '700 days'"
LATER = f"- {SPAN} * (1 - g / %(count)s::float)"
"""The reports lie evenly over two years, the last one today."""
OTHERWISE = {
    "no": "'YS' || lpad(g::text, 12, '0')",
    "owner_hash": "encode(sha256(('o' || g)::bytea), 'hex')",
    "key_hash": "encode(sha256(('k' || g)::bytea), 'hex')",
    **{
        name: f"r.{name} {LATER}"
        for name in ("submitted_at", "accept_due_at", "resolve_due_at", "due_at", "sweep_at")
    },
    "state": "CASE WHEN g %% 10 = 0 THEN 'submitted' ELSE 'closed' END",
}
WHOLE = ("state", *COLUMNS)
"""What a report is filed with; the statement that files it writes the state itself."""
FILL_REPORTS = f"""
INSERT INTO report ({", ".join(WHOLE)})
SELECT {", ".join(OTHERWISE.get(name, f"r.{name}") for name in WHOLE)}
FROM report r, generate_series(1, %(count)s::int) g WHERE r.no = %(no)s
"""
FILL_FEED = """
INSERT INTO feed_entry (county_id, reason, level, occasion, report_id, estate_id, community_id, township_id, kind,
                        detail, opened_at, closed_at)
SELECT county_id, 'not_accepted', 'bureau', 'not_accepted:' || id, id, estate_id, community_id, township_id, kind,
       '超时 3 小时未受理，已通知主管部门', due_at, CASE WHEN state = 'closed' THEN due_at + interval '1 day' END
FROM report WHERE no <> %(no)s ORDER BY id
"""
VERSION = "INSERT INTO feed_version (county_id) SELECT county_id FROM report WHERE no = %(no)s ON CONFLICT DO NOTHING"


def fill(owner_url: str, no: str, *, count: int = REPORTS) -> list[int]:
    """Copies of the report with this number, each with an entry on the feed; the entries' numbers, oldest first."""
    with psycopg.connect(owner_url) as link:
        for statement in (FILL_REPORTS, FILL_FEED, VERSION):
            link.execute(statement, {"no": no, "count": count})
        found = [row[0] for row in link.execute("SELECT id FROM feed_entry ORDER BY id")]
        link.commit()
        link.autocommit = True
        link.execute("VACUUM ANALYZE")
        link.execute("CHECKPOINT")
        return found
