"""The query code of a confidential report: lent to a browser until it is closed, and what it opens."""

from datetime import datetime

from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from server.accounts.guards import cookie_name
from server.accounts.roles import Actor
from server.confidential.models import SealedReport
from server.confidential.queries import own_report
from server.core.errors import NotFound
from server.core.limits import hit
from server.core.tokens import fingerprint, plausible
from server.reports.claims import SLOW_DOWN, TRIES, WINDOW


def lend(response: Response, owner_token: str) -> Response:
    """Leave the query code with the browser until it is closed; no script can read it."""
    response.set_cookie(
        cookie_name("own"),
        owner_token,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=current_app.extensions["settings"].secure,
    )
    return response


def lent() -> str:
    """The query code that this browser has until it is closed."""
    token = request.cookies.get(cookie_name("own"), "")
    return token if plausible(token) else ""


def leave() -> Response:
    """Forget the query code in this browser."""
    response = redirect("/find", code=303)
    response.delete_cookie(
        cookie_name("own"),
        path="/",
        secure=current_app.extensions["settings"].secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def claim(no: str, code: str, *, now: datetime) -> Response | None:
    """Open a confidential report by its number and query code; None where they are none of ours. Raises TooMany."""
    if not plausible(code):
        return None
    hit("find", no, most=TRIES, window=WINDOW, sentence=SLOW_DOWN, now=now)
    try:
        mine = own_report(no, Actor(owner_hash=fingerprint(code)))
    except NotFound:
        return None
    return lend(redirect(f"/r/{mine.report.no}", code=303), code)


def is_code_of(report: SealedReport, code: str) -> bool:
    """Whether this query code opens the report."""
    return bool(code) and fingerprint(code) == report.owner_hash
