"""`GET /metrics`: figures for Prometheus, for whoever shows METRICS_TOKEN; without that setting there is no such page."""

import hmac

from flask import Blueprint, Response, current_app, request

from server.core import clock, counties
from server.core.entry import PUBLIC, entry
from server.core.errors import NotFound
from server.seeing.gauges import shown
from server.settings import Settings

pages = Blueprint("metrics", __name__)
SCHEME = "Bearer "
KIND = "text/plain; version=0.0.4; charset=utf-8"


@pages.get("/metrics")
@entry(PUBLIC)
def show() -> Response:
    """Counts and ages over all counties, never a row of one; a wrong token is answered like an unknown page."""
    settings: Settings = current_app.extensions["settings"]
    if not _may(settings.metrics_token):
        raise NotFound("没有找到这个页面。请检查网址，或重新扫码。")
    counties.open_every()
    answer = Response(shown(settings, now=clock.now()), content_type=KIND)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _may(token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(SCHEME)
    return bool(token) and not scheme and hmac.compare_digest(given.encode(), token.encode())
