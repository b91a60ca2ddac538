"""Which rooms an application has: their pages and calls, their channels, and who listens to whom."""

from click import Command
from flask import Blueprint, Flask

from server.accounts.api import calls as session_calls
from server.api import foreign, missed
from server.api.neighbours import calls as neighbour_calls
from server.api.places import calls as place_calls
from server.api.sealed import Sealed
from server.api.suggestions import calls as suggestion_calls
from server.cli.alarming import alarming
from server.cli.auditing import auditing
from server.cli.backup.command import COMMANDS as BACKUP_COMMANDS
from server.cli.checking import checking
from server.cli.drilling import drilling
from server.cli.importing import importing
from server.cli.keys import keys
from server.cli.printing import printing
from server.cli.pushes import pushes
from server.cli.rulebooks import rulebooks
from server.cli.seeding import seeding
from server.cli.staffing import staffing as staff_commands
from server.companies import succession
from server.confidential import models as confidential
from server.confidential import notices as sealed_notices
from server.core.checks import Check
from server.core.http import HouseApi
from server.disclosures import models as disclosures
from server.disclosures.api import calls as disclosure_calls
from server.escalation import forgetting as feed_words
from server.escalation import models as escalation
from server.escalation.api import calls as feed_calls
from server.escalation.listener import on_happening
from server.interop.hotline import models as hotline
from server.moderation import intake as public_pieces
from server.notices import compose
from server.photos import health as photo_health
from server.photos.api import calls as photo_calls
from server.photos.counted import Counted
from server.photos.health import KEEP_SECONDS
from server.photos.store import open_store
from server.reports import elsewhere, forgetting_words, merging, neighbour_news
from server.reports import part_models as called
from server.reports.api import calls as report_calls
from server.reports.composing import compose_push
from server.reports.happenings import listen
from server.reports.messages import PURPOSES
from server.reports.succession import take_over
from server.seeing import models as seeing
from server.upkeep import models as upkeep
from server.web import disclosing, errors, keeping, misses, size, staffing
from server.web.confidential import pages as sealed_pages
from server.web.operators import metrics
from server.web.resident import landing
from server.web.resident import pages as resident
from server.web.wechat.pages import PAGES as WECHAT_PAGES
from server.wechat import models as wechat
from server.wechat import plug
from server.wechat.api import calls as wechat_calls
from server.worker.command import work_command
from server.worker.duties import periods

PAGES: tuple[Blueprint, ...] = (
    *disclosing.PAGES,
    *keeping.PAGES,
    metrics.pages,
    *sealed_pages.PAGES,
    *resident.PAGES,
    *staffing.PAGES,
    *WECHAT_PAGES,
)
"""Blueprints of pages, one a room of `server/web`."""
CALLS: tuple[Blueprint, ...] = (
    session_calls,
    place_calls,
    disclosure_calls,
    photo_calls,
    report_calls,
    neighbour_calls,
    suggestion_calls,
    feed_calls,
    wechat_calls,
)
"""flask-smorest blueprints of the JSON API, one a room."""
COMMANDS: tuple[Command, ...] = (
    alarming,
    auditing,
    checking,
    drilling,
    *BACKUP_COMMANDS,
    importing,
    keys,
    printing,
    pushes,
    rulebooks,
    seeding,
    staff_commands,
    work_command,
)
"""Commands behind `flask --app wsgi`."""
TABLES = (called, confidential, disclosures, escalation, hotline, seeing, upkeep, wechat)
"""Rooms that only the migrations would look for otherwise."""

API_CONFIG = {
    "API_TITLE": "码上办",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.0.3",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
}


def plug_in(app: Flask) -> None:
    """Give the application its rooms."""
    settings = app.extensions["settings"]
    store = Counted(
        open_store(settings.photo_url, endpoint=settings.s3_endpoint, path_style=settings.s3_path_style)
    )
    app.extensions["photos"] = store
    app.extensions["ready"]["photos"] = Check(lambda: photo_health.look(store), KEEP_SECONDS, needed=False)
    app.extensions["duties"] = periods()
    app.extensions["error_page"] = errors.error_page
    for part in (size, landing, misses, missed, foreign, staffing):
        part.install(app)
    plug.install(app)
    compose.register(PURPOSES, compose_push)
    compose.register(sealed_notices.PURPOSES, sealed_notices.compose_push)
    elsewhere.plug(Sealed())
    listen(on_happening)
    listen(public_pieces.on_happening)
    succession.listen(take_over)
    listen(neighbour_news.on_happening)
    listen(merging.on_happening)
    forgetting_words.listen(feed_words.hide_numbers)
    app.config.update(API_CONFIG)
    api = HouseApi(app)
    for call in CALLS:
        api.register_blueprint(call, url_prefix="/api/v1")
    for page in PAGES:
        app.register_blueprint(page)
    for command in COMMANDS:
        app.cli.add_command(command)
