"""What the application's role may do: everything but change history and own tables."""

from sqlalchemy import Connection, text

APPEND_ONLY = ("report_event", "staff_change", "place_change", "audit", "audit_seal")
"""Tables whose rows nobody edits: the role may read and add, no more."""


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
