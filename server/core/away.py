"""A database that has gone away: how that shows, what is then undone, and how soon a silent one is given up."""

import logging

import psycopg
from sqlalchemy import exc

from server.core.db import db

AWAY = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.InternalError,
    exc.TimeoutError,
    exc.PendingRollbackError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.InternalError,
)
"""What the drivers raise when a connection breaks, none is to be had, or the server cannot write just now."""
log = logging.getLogger(__name__)


def undo() -> None:
    """Undo what the session has half done, whatever became of its connection.

    Where that broke there is nothing left to undo; the pool's others, which lead to the same server, go with it.
    """
    try:
        db.session.rollback()
    except AWAY as away:
        log.warning("connections thrown away: %s", type(away).__name__)
        db.session().invalidate()
        db.engine.dispose()
