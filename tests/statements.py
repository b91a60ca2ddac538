"""What an application sends to its database: every statement on the wire, whoever sends it, and each commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from server.core import counties
from server.core.db import db

UNCOUNTED = ("SAVEPOINT", counties.TELL)
"""Tests run inside a transaction: a savepoint stands for the transaction's begin, its release for the commit.

Such a nested begin tells PostgreSQL anew which counties are open; a request's own begin has none and says nothing.
"""
COMMITS = ("RELEASE SAVEPOINT",)


@dataclass
class Statements:
    """The statements sent within the block, in order, with their parameters."""

    sent: list[tuple[str, object]] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """The statements that count against a budget; the last of a request is its commit."""
        texts = [text.strip() for text, _ in self.sent]
        return [
            "COMMIT" if text.startswith(COMMITS) else text for text in texts if not text.startswith(UNCOUNTED)
        ]

    def __len__(self) -> int:
        return len(self.texts)


@contextmanager
def recorded() -> Iterator[Statements]:
    """Record on the connection that the session works on; also what procrastinate sends over it."""
    raw = db.session.connection().connection.driver_connection
    found, before = Statements(), raw.cursor_factory

    class Recording(psycopg.Cursor):
        def execute(self, query, params=None, **more):
            text = query if isinstance(query, str) else query.decode()
            found.sent.append((text, params))
            return super().execute(query, params, **more)

    raw.cursor_factory = Recording
    try:
        yield found
    finally:
        raw.cursor_factory = before
