"""The only place that wires the rooms together."""

from flask import Flask
from flask_migrate import Migrate

from server import wiring
from server.accounts import guards
from server.core import (
    addresses,
    assets,
    counting,
    csrf,
    db,
    embedded,
    headers,
    health,
    http,
    logs,
    reporting,
)
from server.core.crypto import Vault, root_of
from server.policy import loader
from server.settings import Settings, data_keys, read_settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (the environment's where none are given)."""
    given = settings or read_settings()
    app = http.House("server", static_folder="web/static", template_folder="web/templates")
    app.extensions["settings"] = given
    app.extensions["vault"] = Vault(data_keys(given), root_of(given.secret_key))
    app.extensions["no_csrf"] = set()
    app.config.update(
        SECRET_KEY=given.secret_key,
        SESSION_COOKIE_NAME="__Host-form" if given.secure else "form",
        SESSION_COOKIE_SECURE=given.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=130 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=200,
    )
    loader.read_from(given.books_dir)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.connect(app, given.database_url or _embedded(given))
    Migrate(app, db.db, compare_type=True, directory="migrations")
    for part in (logs, reporting, counting, headers, http, csrf, assets, health):
        part.install(app)
    wiring.plug_in(app)
    guards.install(app)
    addresses.install(app)
    return app


def _embedded(settings: Settings) -> str:
    """The demo's own database, started on first use, as the role that owns nothing."""
    server = embedded.start(settings.var / "postgres")
    return embedded.prepare(server)[1]
