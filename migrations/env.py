"""Runs migrations as the owner of the tables, one runner at a time, each in a transaction of its own."""

from collections.abc import Callable
from pathlib import Path

from alembic import context
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url

from server.core.db import db, sqlalchemy_url
from server.core.grants import grant, lock_county, make_doors, unlocked
from server.core.migrating import BRIEFLY, patiently
from server.core.owner import NoOwner, owner_url

DOORS = Path(__file__).parent / "doors.sql"
ADVISORY_LOCK = 58_371_323
"""Any number that nobody else on this database uses."""


def address() -> str:
    """The owner's address, or one sentence on why nothing is done."""
    try:
        return owner_url(current_app.extensions["settings"])
    except NoOwner as refused:
        raise CommandError(refused.message) from refused


def ours(thing: object, name: str | None, kind: str, *_: object) -> bool:
    """Only our own tables are compared with the models; the job queue keeps its own."""
    del thing
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def migrate(connection: Connection) -> None:
    """Apply what is missing, then the rights; a step that finds its table busy is tried again."""
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({ADVISORY_LOCK})")
    connection.exec_driver_sql(BRIEFLY)
    connection.commit()
    patiently(connection, lambda: steps(connection))
    role = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).username
    for table in unlocked(connection):
        patiently(connection, committed(connection, lock_county, table))
    patiently(connection, committed(connection, make_doors, role, DOORS))
    patiently(connection, committed(connection, grant, role))


def steps(connection: Connection) -> None:
    """Every migration that is missing, each committed for itself: an attempt goes on where the last one stopped."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        compare_type=True,
        include_object=ours,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


def committed(connection: Connection, work: Callable[..., object], *given: object) -> Callable[[], None]:
    """A step that commits its work."""

    def step() -> None:
        work(connection, *given)
        connection.commit()

    return step


def write_out() -> None:
    """The statements alone, for reading and for the linter: `db upgrade --sql from:to`."""
    context.configure(dialect_name="postgresql", literal_binds=True, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def online() -> None:
    """On the database itself."""
    engine = create_engine(sqlalchemy_url(address()))
    with engine.connect() as link:
        migrate(link)
    engine.dispose()


if context.is_offline_mode():
    write_out()
else:
    online()
