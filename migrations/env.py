"""Runs migrations as the owner of the tables, one runner at a time, never waiting long for a lock."""

from pathlib import Path

from alembic import context
from flask import current_app
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from server.core import embedded
from server.core.db import db, sqlalchemy_url
from server.core.grants import grant, lock_counties

DOORS = Path(__file__).parent / "doors.sql"
ADVISORY_LOCK = 58_371_323
"""Any number that nobody else on this database uses."""


def owner_url() -> str:
    """The owner's address: the setting, or the embedded database's."""
    settings = current_app.extensions["settings"]
    if settings.database_owner_url:
        return str(settings.database_owner_url)
    if settings.database_url:
        return str(settings.database_url)
    return embedded.prepare(embedded.start(settings.var / "postgres"))[0]


def ours(thing: object, name: str | None, kind: str, *_: object) -> bool:
    """Only our own tables are compared with the models; the job queue keeps its own."""
    del thing
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def run(connection: Connection) -> None:
    """Apply the migrations in one transaction and give the application's role its rights."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        compare_type=True,
        include_object=ours,
    )
    with context.begin_transaction():
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        context.run_migrations()
        role = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).username
        grant(connection, role)
        lock_counties(connection, role, DOORS)


engine = create_engine(sqlalchemy_url(owner_url()))
with engine.connect() as link:
    run(link)
engine.dispose()
