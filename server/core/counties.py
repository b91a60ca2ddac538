"""Which counties' rows the running transaction may touch: PostgreSQL itself hides all others (row-level security).

A request begins with none; narrow functions of the database (`migrations/doors.sql`) open the one that a token, a scan
code or a number belongs to. Commands and the worker, which serve every county, see all. The first lock stays
`can()` and `visible_*`: this one holds when a query forgets them.
"""

from enum import StrEnum
from typing import Any

from flask import has_request_context
from sqlalchemy import event

from server.core import wire
from server.core.db import db

EVERY = "*"
KEPT = "counties"


class Key(StrEnum):
    """What may tell the county of a thing before anybody knows it; each is one branch of `open_by`."""

    REPORT = "report"
    REPORT_KEY = "report_key"
    DEVICE = "device"
    PHOTO_KEY = "photo_key"
    PHOTO = "photo"
    ESTATE = "estate"
    INVITATION = "invitation"
    LOGIN = "login"
    ADDRESS = "address"
    MESSAGE = "message"
    LINK = "link"


def seen() -> str:
    """The counties open now, as PostgreSQL has them: codes with commas between, or `*` for every one."""
    found: str = db.session().info.get(KEPT, "" if has_request_context() else EVERY)
    return found


def remember(counties: str) -> None:
    """Take note of what a narrow function has opened, so that a later transaction of this request has it too."""
    db.session().info[KEPT] = counties


def open_by(key: Key, value: object) -> None:
    """Open the county that a thing belongs to, if there is such a thing."""
    remember(wire.rows("SELECT open_by(%(key)s, %(value)s)", {"key": str(key), "value": str(value)})[0][0])


def open_every() -> None:
    """Open every county to a request: only what serves operators and shows no row may do so."""
    remember(EVERY)
    wire.run(TELL, {"counties": EVERY})


TELL = "SELECT set_config('app.county', %(counties)s, true)"


def _begun(session: Any, transaction: Any, link: Any) -> None:
    """Tell PostgreSQL at the beginning of a transaction; a fresh one has none open, a nested one may differ."""
    del session
    counties = seen()
    if counties or transaction.nested or link.in_nested_transaction():
        link.exec_driver_sql(TELL, {"counties": counties})


event.listen(db.session, "after_begin", _begun)
