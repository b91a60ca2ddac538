"""The statements that the product sends for one request, text and parameters, taken down for the replay."""

import pickle
from pathlib import Path
from typing import Any

import psycopg

from bench.ground import Ground
from server.core.db import db
from tests.statements import recorded

Script = list[tuple[str, dict[str, object]]]


def record_report(ground: Ground) -> Script:
    """Every statement of one `POST /api/v1/reports`, in order, without the commit."""
    headers = {"Idempotency-Key": "r" * 32, "X-Forwarded-For": "36.1.1.1"}
    return _record(ground, "POST", "/api/v1/reports", json=ground.report(), headers=headers)


def record_feed(ground: Ground, after: str | None) -> Script:
    """The one statement that reads a page of the feed."""
    path = f"/api/v1/feed?after={after}" if after else "/api/v1/feed"
    sent = _record(ground, "GET", path, headers={"Authorization": ground.bearer})
    return [one for one in sent if "FROM feed_entry" in one[0]]


def _record(ground: Ground, method: str, path: str, **more: Any) -> Script:
    with ground.app.app_context():
        link: Any = db.session.connection().connection.driver_connection
        with recorded() as found:
            recording = link.cursor_factory
    link.cursor_factory = recording
    answer = ground.app.test_client().open(path, method=method, **more)
    link.cursor_factory = psycopg.Cursor
    if not 200 <= answer.status_code < 300 or not found.sent:
        raise RuntimeError(f"what was to be recorded was refused: {answer.text}")
    return [(text, dict(params)) for text, params in found.sent]  # type: ignore[call-overload]


def save(script: Script, path: Path) -> None:
    """Write it down for the servers that replay it."""
    path.write_bytes(pickle.dumps(script))


def load(path: Path) -> Script:
    """Read it again."""
    found: Script = pickle.loads(path.read_bytes())
    return found
