"""Rendered landing pages, kept for a moment: a poster is scanned far more often than its estate changes."""

import gzip
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import current_app
from sqlalchemy import event

from server.core.db import db

LASTS = timedelta(seconds=3)
"""How long another process's change may stay unseen here."""
MOST = 512
WATCHED = frozenset(
    {"estate", "scan_code", "spot", "emergency_number", "project", "company", "body", "disclosure"}
)
CHANGED = "landing_changed"


@dataclass(frozen=True)
class Landing:
    """One rendered page, plain and packed, with the tag of its content."""

    plain: bytes
    packed: bytes
    tag: str
    until_at: datetime


def pack(text: str, *, now: datetime) -> Landing:
    """A page ready to be answered until its time is over."""
    plain = text.encode()
    return Landing(plain, gzip.compress(plain, 6, mtime=0), sha256(plain).hexdigest()[:20], now + LASTS)


@dataclass
class Landings:
    """The pages of one application, the oldest forgotten first."""

    pages: OrderedDict[tuple[str, str], Landing] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, code: str, size: str, *, now: datetime) -> Landing | None:
        """The page of a code in a size of type, if it is fresh."""
        found = self.pages.get((code, size))
        return found if found and found.until_at > now else None

    def put(self, code: str, size: str, page: Landing) -> None:
        """Keep a page."""
        with self.lock:
            self.pages[code, size] = page
            self.pages.move_to_end((code, size))
            while len(self.pages) > MOST:
                self.pages.popitem(last=False)

    def clear(self) -> None:
        """Forget every page; places have changed."""
        with self.lock:
            self.pages.clear()


def landings() -> Landings:
    """The running application's pages."""
    found: Landings = current_app.extensions["landings"]
    return found


def watch() -> None:
    """From now on a commit that touches what landing pages show clears them."""
    for name, listener in (
        ("after_flush", _flushed),
        ("do_orm_execute", _executed),
        ("after_commit", _committed),
    ):
        if not event.contains(db.session, name, listener):
            event.listen(db.session, name, listener)


def _flushed(session: Any, context: Any) -> None:
    del context
    touched = (*session.new, *session.dirty, *session.deleted)
    if any(row.__tablename__ in WATCHED for row in touched):
        session.info[CHANGED] = True


def _executed(state: Any) -> None:
    if state.is_select or state.bind_mapper is None:
        return
    if state.bind_mapper.local_table.name in WATCHED:
        state.session.info[CHANGED] = True


def _committed(session: Any) -> None:
    if session.info.pop(CHANGED, False) and current_app:
        landings().clear()
