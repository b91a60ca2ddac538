"""Requests as they come from our own proxy: each from another household, with a key of its own."""

import json
import random
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from server.policy.clocks import push_at
from server.policy.loader import books
from tests.world import YISHUI

USUAL = ("pipe.leak", "clean.waste", "repair.light", "repair.door", "lift.stopped", "gate.broken")
AT_ANY_HOUR = ("fire.lane", "pipe.gas", "lift.trapped")
"""Kinds whose pushes go out by night too."""
AHEAD = timedelta(hours=1)
"""Night begins so much earlier here, so that what is filed in the evening is still pushed within the run."""
WORDS = (
    "地下室漏水，已经两天了。",
    "垃圾桶满了没有人来清运。",
    "楼道的灯坏了，晚上看不见。",
    "单元门关不上。",
)


def kinds(now: datetime) -> Sequence[str]:
    """What is reported: everyday matters, or by night those that wake somebody up."""
    book = books()[YISHUI]
    quiet = any(
        push_at(book, book.kinds[kind].time_class, at) > at for kind in USUAL for at in (now, now + AHEAD)
    )
    return AT_ANY_HOUR if quiet else USUAL


def household() -> str:
    """The address of one more household."""
    return f"36.{'.'.join(map(str, secrets.token_bytes(3)))}"


def report(
    place: str, kind: str, *, key: str = "", token: str = "", photos: Sequence[str] = (), sender: str = ""
) -> bytes:
    """An ordinary report; with a token that of a resident who is logged in."""
    where = {"building": f"{random.randint(1, 30)}号楼", "unit": f"{random.randint(1, 4)}单元"}
    body = {"place": place, "kind": kind, "text": random.choice(WORDS), "where": where}
    if photos:
        body["photos"] = list(photos)
    if key:
        body |= {"text": WORDS[0], "where": {"building": "3号楼"}}
    more = {"Authorization": f"Bearer {token}"} if token else {}
    more |= {"Content-Type": "application/json", "Idempotency-Key": key or secrets.token_hex(16)}
    return post("/api/v1/reports", json.dumps(body).encode(), sender=sender, **more)


def photo(data: bytes) -> bytes:
    """One photo on its way."""
    edge = secrets.token_hex(12)
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
    head += "Content-Type: image/jpeg\r\n\r\n"
    body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    kind = f"multipart/form-data; boundary={edge}"
    return post("/api/v1/photos", body, **{"Content-Type": kind, "Idempotency-Key": secrets.token_hex(16)})


def post(path: str, body: bytes, *, sender: str = "", **headers: str) -> bytes:
    """A POST on a connection of its own."""
    lines = headers | {"X-Forwarded-For": sender or household(), "Content-Length": str(len(body))}
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{text}\r\n".encode() + body
