"""What ours is compared to: an empty WSGI answer, an empty Flask page, and Flask with raw psycopg."""

import os
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, jsonify, request
from psycopg_pool import ConnectionPool

from bench.recording import Script, load

POOL = 10
"""As many connections a process as the product's pool keeps."""
OPTIONS = "-c timezone=utc -c lock_timeout=10s -c app.county=*"
"""Every county open from the start: nobody logs in here, and rows of a closed county would not be seen."""

ESTATES = [secrets.token_hex(32) for _ in range(300)]
"""Counted like the estates of `bench/ground.py`: as many rows, so as seldom two at once on one."""

app = Flask(__name__)
pool = ConnectionPool(
    os.environ.get("DATABASE_URL", ""), min_size=POOL, max_size=POOL, kwargs={"options": OPTIONS}, open=False
)
if "BENCH_SCRIPT" in os.environ:
    pool.open()


def empty(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The least that a WSGI server can be asked."""
    del environ
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


@cache
def script() -> Script:
    """The recorded statements."""
    return load(Path(os.environ["BENCH_SCRIPT"]))


@app.get("/")
def page() -> str:
    """The least that Flask can be asked for."""
    return "ok"


@app.post("/api/v1/reports")
def replay() -> Any:
    """The recorded statements of one report again, in one transaction, with numbers and keys of its own."""
    wanted = request.get_json()
    fresh = {
        "no": secrets.token_hex(7),
        "key_hash": secrets.token_hex(32),
        "owner_hash": secrets.token_hex(32),
        "senders": [secrets.token_hex(32), secrets.choice(ESTATES)],
    }
    with pool.connection() as link:
        for text, params in script():
            answer = link.execute(text, params | {name: fresh[name] for name in params.keys() & fresh.keys()})
            if answer.description:
                answer.fetchall()
    return jsonify({"no": fresh["no"], "kind": wanted["kind"]}), 201


@app.get("/feed")
def feed() -> Any:
    """The recorded statement of a page of the feed, its rows as JSON."""
    after = request.args.get("after")
    text, params = script()[1 if after else 0]
    with pool.connection() as link:
        answer = link.execute(text, params | {"last": int(after)} if after else params)
        names = [column.name for column in answer.description or ()]
        rows = answer.fetchall()
    items = [dict(zip(names, map(plain, row), strict=True)) for row in rows]
    return jsonify({"items": items[:-1], "next": str(items[-1]["id"])})


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, datetime) else value
