"""Rendered landing pages, kept for a moment: a poster is scanned far more often than its estate changes."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

LASTS = timedelta(seconds=3)
"""How long another process's change may stay unseen here."""
MOST = 512
SHOWN = frozenset(
    {"estate", "scan_code", "spot", "emergency_number", "project", "company", "body", "disclosure"}
)
"""The tables whose rows a landing page shows."""


class Answer(NamedTuple):
    """What goes over the wire."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Landing:
    """One rendered page, plain and packed, with the headers that always go along."""

    plain: bytes
    packed: bytes
    tag: str
    headers: tuple[tuple[str, str], ...]
    until_at: datetime

    def answer(self, *, accepts: str, known: str) -> Answer:
        """The answer to somebody who takes these encodings and knows these tags."""
        if self.tag in known:
            return Answer("304 Not Modified", list(self.headers), b"")
        packs = "gzip" in accepts
        body = self.packed if packs else self.plain
        more = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        return Answer("200 OK", [*self.headers, *more, *([("Content-Encoding", "gzip")] * packs)], body)


def pack(text: str, headers: Mapping[str, str], *, now: datetime) -> Landing:
    """A page ready to be answered until its time is over; it may be kept by anybody as long."""
    plain = text.encode()
    tag = f'"{sha256(plain).hexdigest()[:20]}"'
    own = {
        "ETag": tag,
        "Cache-Control": f"public, max-age={int(LASTS.total_seconds())}",
        "Vary": "Accept-Encoding, Cookie",
    }
    return Landing(
        plain, gzip.compress(plain, 6, mtime=0), tag, tuple((dict(headers) | own).items()), now + LASTS
    )


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
