"""Signs of life: a duty leaves one when it went well, and what is new or back after a pause is waited for from then on."""

import logging
from collections.abc import Collection
from datetime import datetime

from flask import current_app
from sqlalchemy.dialects.postgresql import insert

from server.core.checks import OK, Check
from server.core.db import db
from server.escalation.models import Beat
from server.seeing import queries
from server.seeing.expected import AWAKE, PAUSE, PHOTOS_KEPT, WATCH

log = logging.getLogger(__name__)


def beat(name: str, *, now: datetime) -> None:
    """Write down that a duty ran, and well."""
    sign = insert(Beat).values(name=name, at=now)
    db.session.execute(sign.on_conflict_do_update(index_elements=[Beat.name], set_={"at": now}))


def expect(duties: Collection[str], *, now: datetime) -> None:
    """Note that the workers are back after a pause, and begin to wait for duties that never ran."""
    known = queries.beats()
    last = known.get(WATCH)
    if AWAKE not in known or last is None or now - last > PAUSE:
        beat(AWAKE, now=now)
    for name in sorted({*duties, PHOTOS_KEPT} - known.keys()):
        beat(name, now=now)


def prove_photos(now: datetime) -> int:
    """Put, read and forget a few bytes in the store of photos; a sign is left where that worked."""
    check: Check = current_app.extensions["ready"]["photos"]
    found = check.answer()
    if found == OK:
        beat(PHOTOS_KEPT, now=now)
    else:
        log.warning("the store of photos keeps nothing: %s", found)
    return 0
