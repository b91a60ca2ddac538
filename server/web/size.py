"""The big-type switch: kept in a cookie that the page's own script may set too."""

import re

from flask import Flask, Response, current_app, request

from server.web.typed import narrowed

SIZES = ("normal", "large", "xl")
COOKIE = "size"
KEPT = re.compile(rf"(?:^|;\s*){COOKIE}=({'|'.join(SIZES)})(?:;|$)")
YEAR = 365 * 24 * 3600


def kept_in(cookies: str) -> str:
    """The size that a Cookie header carries, else normal."""
    found = KEPT.search(cookies)
    return found[1] if found else SIZES[0]


def asked() -> str | None:
    """The size that the address asks for, if it is one."""
    return narrowed("size", SIZES) or None


def wanted() -> str:
    """The size of type for this answer: the address's, else the cookie's, else normal."""
    return asked() or kept_in(request.headers.get("Cookie", ""))


def install(app: Flask) -> None:
    """Tell every template the size, and keep the choice that somebody made by a link."""

    @app.context_processor
    def size() -> dict[str, str]:
        return {"size": wanted()}

    @app.after_request
    def remember(response: Response) -> Response:
        if b"size=" in request.query_string:
            keep(response)
        return response


def keep(response: Response) -> None:
    """Put the size that was asked for into its cookie; scripts may read it."""
    size = asked()
    if size:
        secure = current_app.extensions["settings"].secure
        response.set_cookie(COOKIE, size, max_age=YEAR, samesite="Lax", secure=secure)
