"""Rendered landing pages, kept for a moment: a poster is scanned far more often than its estate changes."""

import gzip
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app

LASTS = timedelta(seconds=3)
"""How long another process's change may stay unseen here."""
MOST = 512
SHOWN = frozenset(
    {"estate", "scan_code", "spot", "emergency_number", "project", "company", "body", "disclosure"}
)
"""The tables whose rows a landing page shows."""


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
