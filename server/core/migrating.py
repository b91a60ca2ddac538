"""Changing a schema while others work on it: short waits, tried again, and what may take long beside the traffic."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from alembic import op
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

BRIEFLY = "SET lock_timeout = '1s'; SET statement_timeout = '60s'"
"""While a change waits for a table, everybody else waits behind it: so it waits a second at most."""
AS_LONG_AS_IT_TAKES = "SET lock_timeout = 0; SET statement_timeout = 0"
ATTEMPTS, PAUSE_SECONDS = 30, 1.0
BUSY = "有表一直被占用，升级停在这里；已完成的步骤不会重做。请过一会儿再运行一次 db upgrade。"


class TableBusy(Exception):
    """A table was never free for long enough; nothing half done is left."""


def patiently(
    connection: Connection,
    step: Callable[[], None],
    *,
    attempts: int = ATTEMPTS,
    pause_seconds: float = PAUSE_SECONDS,
) -> None:
    """Do a step; where its table is busy, undo it, let the others through, and try again. Raises TableBusy at last."""
    for left in reversed(range(attempts)):
        try:
            step()
        except OperationalError as fault:
            connection.rollback()
            if not isinstance(fault.orig, LockNotAvailable | DeadlockDetected):
                raise
            if not left:
                raise TableBusy(BUSY) from fault
            time.sleep(pause_seconds)
        else:
            return


@contextmanager
def beside_traffic() -> Iterator[None]:
    """In a migration: a block outside any transaction for what blocks nobody and may take long.

    CREATE INDEX CONCURRENTLY, VALIDATE CONSTRAINT, backfills in batches. What came before it is committed, so the
    block stands alone in its migration, and must bear being run twice.
    """
    with op.get_context().autocommit_block():
        op.execute(AS_LONG_AS_IT_TAKES)
        yield
        op.execute(BRIEFLY)


def add_index(
    name: str, table: str, columns: Sequence[str], *, where: str | None = None, unique: bool = False
) -> None:
    """In a migration: an index on a table that is in use; what an attempt that failed has left is taken away first."""
    with beside_traffic():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            name,
            table,
            list(columns),
            unique=unique,
            if_not_exists=True,
            postgresql_concurrently=True,
            postgresql_where=text(where) if where else None,
        )


def remove_index(name: str, table: str) -> None:
    """In a migration: take an index away without stopping anybody."""
    with beside_traffic():
        op.drop_index(name, table, if_exists=True, postgresql_concurrently=True)
