"""What the application's role may do: everything but change history, own tables, and see other counties' rows."""

from pathlib import Path

from sqlalchemy import Connection, text

APPEND_ONLY = (
    "report_event",
    "report_flag",
    "hazard",
    "code_check",
    "staff_change",
    "place_change",
    "audit",
    "audit_seal",
    "public_decision",
    "identity_view",
    "contact_change",
    "sealed_event",
    "report_link_use",
)
"""Tables whose rows nobody edits: the role may read and add, no more (but see `hide_words` in `migrations/doors.sql`)."""


def grant(connection: Connection, role: str | None) -> None:
    """Give the role its rights on every table there is now; the owner itself needs none."""
    owner = connection.execute(text("SELECT current_user")).scalar_one()
    if not role or role == owner:
        return
    name = connection.dialect.identifier_preparer.quote(role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {name}"))
    for kind in ("TABLES", "SEQUENCES"):
        connection.execute(text(f"GRANT ALL ON ALL {kind} IN SCHEMA public TO {name}"))
    connection.execute(
        text(f"REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM {name}")
    )
    present = set(
        connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
    )
    for table in sorted(present & set(APPEND_ONLY)):
        connection.execute(text(f"REVOKE UPDATE, DELETE ON {table} FROM {name}"))
    if "disclosure" in present:
        connection.execute(text(f"REVOKE UPDATE, DELETE ON disclosure FROM {name}"))
        decided = "state, note, decided_by, decided_at"
        connection.execute(text(f"GRANT UPDATE ({decided}) ON disclosure TO {name}"))


DOORS = (
    "open_by(text, text)",
    "who_holds(text, timestamptz)",
    "place_of_code(text)",
    "hide_words(bigint, text, jsonb)",
)
"""The narrow functions that may more than the application: what each opens, or masks, is in `migrations/doors.sql`."""
IN_SIGHT = (
    "strpos(current_setting('app.county', true), county_id) > 0 OR county_id = '000000' "
    "OR current_setting('app.county', true) = '*'"
)
"""Whether a row's county is open to the running transaction (`server/core/counties.py`)."""
KNOWN_BY = f"rows of open counties: {IN_SIGHT}"
"""What stands on the policy itself, so that a later upgrade knows it and leaves the table alone."""
UNLOCKED = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'county_id' AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND EXISTS (
  SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'county'
  AND obj_description(p.oid, 'pg_policy') = :known))
ORDER BY c.relname
"""


def unlocked(connection: Connection) -> list[str]:
    """The tables with a county whose rows are not yet kept apart by it."""
    return list(connection.execute(text(UNLOCKED), {"known": KNOWN_BY}).scalars())


def lock_county(connection: Connection, table: str) -> None:
    """Row-level security by county on one table; it is locked whole for the instant that this takes."""
    connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    connection.exec_driver_sql(f"DROP POLICY IF EXISTS county ON {table}")
    connection.exec_driver_sql(f"CREATE POLICY county ON {table} USING ({IN_SIGHT})")
    known = KNOWN_BY.replace("'", "''")
    connection.exec_driver_sql(f"COMMENT ON POLICY county ON {table} IS '{known}'")


def make_doors(connection: Connection, role: str | None, doors: Path) -> None:
    """The functions that open a county, as the file has them; processes at work go on calling them meanwhile."""
    connection.exec_driver_sql(doors.read_text().replace("%", "%%"))
    name = connection.dialect.identifier_preparer.quote(role) if role else "CURRENT_USER"
    for door in DOORS:
        connection.execute(text(f"REVOKE ALL ON FUNCTION {door} FROM PUBLIC"))
        connection.execute(text(f"GRANT EXECUTE ON FUNCTION {door} TO {name}"))
