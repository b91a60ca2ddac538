"""Calls that leave nothing behind, thousands of them on one connection."""

from contextlib import contextmanager

from server.core.db import db


@contextmanager
def undone(link):
    """Whatever is written on this connection inside is taken back, and so are its locks.

    A savepoint that is only rolled back to stays open and keeps what it locked; the next one then lies
    inside it. After some thousands the server has no room for a lock more, and long before it is slow.
    """
    db.session.commit()
    link.exec_driver_sql("SAVEPOINT undone")
    try:
        yield
    finally:
        db.session.rollback()
        link.exec_driver_sql("ROLLBACK TO SAVEPOINT undone")
        link.exec_driver_sql("RELEASE SAVEPOINT undone")
