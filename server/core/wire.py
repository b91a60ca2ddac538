"""Hot statements straight on the driver: in the session's own transaction, past SQLAlchemy's result objects.

It takes a third off what a statement costs (docs/performance.md); changed objects are not flushed before it.
"""

from collections.abc import Mapping
from typing import Any

from server.core.db import db


def run(statement: str, given: Mapping[str, Any]) -> Any:
    """Run a statement of ours, written out; gives the driver's cursor."""
    link: Any = db.session.connection().connection.driver_connection
    return link.execute(statement, given)


def rows(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows that a statement of ours, written out, returns."""
    found: list[tuple[Any, ...]] = run(statement, given).fetchall()
    return found
