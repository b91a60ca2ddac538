"""Forms of ours only: a token that lives as long as a draft, and a look at where the request comes from."""

from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup

protect = CSRFProtect()
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def check_origin() -> None:
    """Refuse an unsafe cookie request that another site sent; the API takes no cookies, so it is exempt."""
    if request.method not in UNSAFE or request.path.startswith("/api/"):
        return
    origin = request.headers.get("Origin")
    if origin and origin != "null" and urlsplit(origin).netloc != request.host:
        raise CSRFError("foreign origin")


def field() -> Markup:
    """The hidden input that every form of ours carries; made once a request, however many forms there are."""
    if "csrf_field" not in g:
        g.csrf_field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
    made: Markup = g.csrf_field
    return made


def install(app: Flask) -> None:
    """Turn the protection on; tokens do not run out while somebody writes."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    protect.init_app(app)

    @app.before_request
    def check() -> None:
        check_origin()
        exempt = request.path.startswith("/api/") or request.endpoint in current_app.extensions["no_csrf"]
        if request.method in UNSAFE and not exempt:
            protect.protect()

    app.jinja_env.globals["csrf_field"] = field
