"""For operators and balancers: alive, and ready to serve; both answer in time although the database hangs."""

from functools import cache
from pathlib import Path

import psycopg
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy.engine import make_url

from server.core.checks import OK, Check
from server.core.entry import PUBLIC, entry
from server.core.owner import Locks

blueprint = Blueprint("health", __name__)
MIGRATIONS = Path(__file__).parents[2] / "migrations"
BEHIND, UNHELD = "behind", "unheld"
CONNECT_SECONDS = 2
KEEP_SECONDS = 2.0
RETRY_SECONDS = 5


@blueprint.get("/healthz")
@entry(PUBLIC)
def healthz() -> dict[str, str]:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@entry(PUBLIC)
def readyz() -> Response:
    """Whether the process can serve: database, schema and their locks must be there; without photos it serves, but says so.

    A store of photos that is away must not take reports away too: they are taken without photos meanwhile.
    """
    checks: dict[str, Check] = current_app.extensions["ready"]
    found = {name: check.answer() for name, check in checks.items()}
    away = any(found[name] != OK for name, check in checks.items() if check.needed)
    degraded = any(word != OK for word in found.values())
    answer = jsonify(status="unavailable" if away else "degraded" if degraded else "ok", **found)
    if away:
        answer.status_code = 503
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def install(app: Flask) -> None:
    """Look at the database when asked; rooms may add checks of their own to `app.extensions["ready"]`."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(drivername="postgresql")
    address = url.render_as_string(hide_password=False)
    locks = app.extensions["locks"] = Locks()
    app.extensions["ready"] = {"database": Check(lambda: look(address, locks), KEEP_SECONDS)}
    app.register_blueprint(blueprint)


def look(address: str, locks: Locks) -> str:
    """`ok`, `behind` where migrations are yet to be run, `unheld` for a role that no lock holds; raises without a database.

    A schema that is newer than this program serves it still, for one release (docs/adr).
    """
    terms = "-c statement_timeout=1500 -c lock_timeout=1000"
    with psycopg.connect(address, connect_timeout=CONNECT_SECONDS, options=terms) as link:
        found = {row[0] for row in link.execute("SELECT version_num FROM alembic_version")}
        held = locks.hold(lambda question: bool(link.execute(question).fetchall()[0][0]))
    return judged(found) if held else UNHELD


def judged(found: set[str]) -> str:
    """Whether a schema at these revisions serves this program."""
    known, heads = revisions()
    return BEHIND if not found or (found & known and not heads <= found) else OK


@cache
def revisions() -> tuple[frozenset[str], frozenset[str]]:
    """The migrations that this program knows, and the newest of them."""
    script = ScriptDirectory(str(MIGRATIONS))
    return frozenset(one.revision for one in script.walk_revisions()), frozenset(script.get_heads())
