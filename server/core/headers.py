"""Headers that every answer carries: what a page may load, and what a browser may guess (nothing)."""

import base64
import hashlib

from flask import Flask, Response, request

WECHAT_SDK = "https://res.wx.qq.com"


def style_source(text: str) -> str:
    """How a policy names one inline style: by its hash, so that a page that carries it may be cached."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy(*styles: str) -> str:
    """The content security policy: no inline script anywhere, and of inline styles those named alone."""
    allowed = " ".join(("'self'", *styles))
    return (
        f"default-src 'none'; object-src 'none'; script-src 'self' {WECHAT_SDK}; style-src {allowed}; "
        "img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def standard(*, secure: bool, csp: str) -> dict[str, str]:
    """The headers that every answer carries unless it says otherwise itself."""
    found = {
        "Content-Security-Policy": csp,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
    }
    return found | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if secure else {})


def install(app: Flask) -> None:
    """Add the headers to every answer of the application."""
    usual = standard(secure=app.extensions["settings"].secure, csp=policy())
    unkept = usual | {"Cache-Control": "no-store"}

    @app.after_request
    def add(response: Response) -> Response:
        own = {name.lower() for name, _ in response.headers}
        wanted = usual if request.endpoint == "static" else unkept
        # All at once: setting them one by one looks each time through all that are there.
        response.headers.extend([pair for pair in wanted.items() if pair[0].lower() not in own])
        return response
