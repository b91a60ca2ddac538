"""Hearing of a commit that touched certain tables, so that what was remembered of them can be forgotten."""

from collections.abc import Callable, Collection
from typing import Any

from flask import current_app
from sqlalchemy import event

from server.core.db import db

TOUCHED = "touched_tables"
LISTENERS = "commit_listeners"

Listener = Callable[[], None]


def on_commit(tables: Collection[str], listener: Listener) -> None:
    """From now on, call the running application's listener after a commit of this process that touched one of the tables.

    Statements written out by hand pass unheard.
    """
    current_app.extensions.setdefault(LISTENERS, []).append((frozenset(tables), listener))
    for name, hook in (
        ("after_flush", _flushed),
        ("do_orm_execute", _executed),
        ("after_commit", _committed),
        ("after_rollback", _forget),
    ):
        if not event.contains(db.session, name, hook):
            event.listen(db.session, name, hook)


def _flushed(session: Any, context: Any) -> None:
    del context
    rows = (*session.new, *session.dirty, *session.deleted)
    session.info.setdefault(TOUCHED, set()).update(row.__tablename__ for row in rows)


def _executed(state: Any) -> None:
    if not state.is_select and state.bind_mapper is not None:
        state.session.info.setdefault(TOUCHED, set()).add(state.bind_mapper.local_table.name)


def _committed(session: Any) -> None:
    touched = session.info.pop(TOUCHED, set())
    if not touched or not current_app:
        return
    for tables, listener in current_app.extensions.get(LISTENERS, ()):
        if tables & touched:
            listener()


def _forget(session: Any) -> None:
    session.info.pop(TOUCHED, None)
