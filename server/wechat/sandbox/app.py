"""The sandbox as a Flask application of its own, for a loopback port."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask, Response
from werkzeug.wrappers import Response as Answer

from server.wechat.sandbox import checks, control, login, media, messages, tokens, wecom
from server.wechat.sandbox.demo import demo_state
from server.wechat.sandbox.faults import break_off, drip, misbehave, note
from server.wechat.sandbox.model import State
from server.wechat.sandbox.pages import AUTHORIZE, authorize_view, create_pages
from server.wechat.sandbox.phones import load
from server.wechat.sandbox.push import flush
from server.wechat.sandbox.source import LocalSource
from server.wechat.sandbox.wire import WireError, refused

WIRE = (tokens.wire, login.wire, messages.wire, wecom.wire, media.wire, checks.wire)


def create_sandbox(state: State | None = None, *, clock: Callable[[], datetime]) -> Flask:
    """The sandbox over `state`, or over the made-up accounts and people; reads the state's file if it has one."""
    app = Flask(__name__, static_folder=None)
    state = state or demo_state(clock)
    load(state)
    app.extensions["sandbox"] = state
    for part in (*WIRE, control.api):
        app.register_blueprint(part)
    source = LocalSource(state)
    app.register_blueprint(create_pages(source))
    app.add_url_rule(AUTHORIZE, "authorize", lambda: authorize_view(source, own_host=False))
    _hooks(app)
    return app


def _hooks(app: Flask) -> None:
    app.before_request(misbehave)
    app.register_error_handler(WireError, refused)
    # Flask runs these in reverse: push first, then note the call, then perhaps break off its answer.
    app.after_request(drip)
    app.after_request(break_off)
    app.after_request(note)
    app.after_request(flush)
    app.after_request(_strict)


def _strict(response: Response) -> Answer:
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; base-uri 'none'"
    return response
