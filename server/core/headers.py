"""Headers that every answer carries: what a page may load, and what a browser may guess (nothing)."""

import secrets

from flask import Flask, Response, g, request

WECHAT_SDK = "https://res.wx.qq.com"


def nonce() -> str:
    """This answer's one-time word for its own inline style."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    word: str = g.csp_nonce
    return word


def policy() -> str:
    """The content security policy of this answer: no inline script anywhere."""
    style = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    return (
        f"default-src 'none'; script-src 'self' {WECHAT_SDK}; style-src 'self'{style}; "
        "img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def install(app: Flask) -> None:
    """Add the headers to every answer of the application."""

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy())
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), camera=(self)")
        if request.endpoint != "static" and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        if app.extensions["settings"].secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    app.jinja_env.globals["csp_nonce"] = nonce
