"""Hot statements straight on the driver: in the session's own transaction, past SQLAlchemy's result objects.

It takes a third off what a statement costs (docs/performance.md); changed objects are not flushed before it.
"""

import time
from collections.abc import Mapping
from typing import Any

from server.core import slow
from server.core.db import db

KEPT = "wire"


def link() -> Any:
    """The driver's connection of the session's present transaction; looked up once a transaction."""
    session = db.session()
    transaction, found = session.info.get(KEPT, (None, None))
    if transaction is None or transaction is not session.get_transaction():
        found = session.connection().connection.driver_connection
        session.info[KEPT] = (session.get_transaction(), found)
    return found


def run(statement: str, given: Mapping[str, Any]) -> Any:
    """Run a statement of ours, written out; gives the driver's cursor."""
    began = time.monotonic()
    found = link().execute(statement, given)
    slow.took(statement, time.monotonic() - began)
    return found


def rows(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows that a statement of ours, written out, returns."""
    found: list[tuple[Any, ...]] = run(statement, given).fetchall()
    return found
