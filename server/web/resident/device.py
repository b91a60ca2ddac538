"""The cookie by which a browser proves that a report is its own; set when it first files one."""

from dataclasses import replace

from flask import current_app, request
from werkzeug.wrappers import Response

from server.accounts.guards import actor, cookie_name
from server.accounts.roles import Actor
from server.core.tokens import fingerprint, new_token, plausible

YEAR = 365 * 24 * 3600


def device_token() -> str:
    """This browser's token: the one it has, or a new one to be given to it."""
    known = request.cookies.get(cookie_name("device"), "")
    return known if plausible(known) else new_token()


def as_resident(token: str | None = None) -> Actor:
    """Whoever asks, without any post: his WeChat identity and this browser, or the browser of `token`."""
    asking = actor()
    device = fingerprint(token) if token else asking.device_hash
    return Actor(resident_id=asking.resident_id, device_hash=device)


def with_device(token: str) -> Actor:
    """Whoever asks, known also by the browser's token."""
    return replace(actor(), device_hash=fingerprint(token))


def give(response: Response, token: str) -> Response:
    """Leave the token with the browser for a year; no script can read it."""
    response.set_cookie(
        cookie_name("device"),
        token,
        max_age=YEAR,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current_app.extensions["settings"].secure,
    )
    return response
