"""Hot statements straight on the driver: in the session's own transaction, past SQLAlchemy's result objects."""

from collections.abc import Mapping
from typing import Any, LiteralString

from server.core.db import db


def rows(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement of ours, written out, and fetch what it returns; nothing where it returns nothing.

    Costs half of what `exec_driver_sql` costs (docs/performance.md); objects of the session are not flushed first.
    """
    link = db.session.connection().connection.driver_connection
    answer = link.execute(statement, given)  # type: ignore[union-attr]
    return answer.fetchall() if answer.description else []
