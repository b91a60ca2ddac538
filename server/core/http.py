"""The HTTP edge: one error body for programs, one page for people, one commit for a success."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from flask import Flask, Request, Response, current_app, g, jsonify, make_response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_smorest import Api
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from server.core import door
from server.core.away import AWAY, undo
from server.core.db import db
from server.core.errors import HouseError, Invalid, Unavailable
from server.core.numbers import Id
from server.core.schemas import Problem

ErrorPage = Callable[[HouseError], Any]

AWAY_SENTENCE = "系统正在恢复，请一分钟后再试，已填写的内容不会丢。"
SENTENCES = {
    400: "请求的格式不对。",
    404: "没有找到这个页面。请检查网址，或重新扫码。",
    405: "不能这样访问这个地址。",
    413: "发送的内容太大了。",
    415: "不支持这种格式。",
    422: "有内容需要修改。",
}


class HouseApi(Api):  # type: ignore[misc]
    """flask-smorest with the house's error body (RFC 9457 fields) instead of its own."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Errors are handled once for API and pages, in `install`."""


def problem(error: HouseError) -> dict[str, Any]:
    """The body of an error for programs."""
    return {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
        "errors": error.fields,
    } | error.more


def from_http(error: HTTPException) -> HouseError:
    """A framework's refusal in the house's words."""
    status = error.code or 500
    fields = _validation_fields(error)
    detail = "；".join(fields.values()) if fields else SENTENCES.get(status, "没有成功，请稍后再试。")
    own = HouseError(detail, fields=fields, code=(error.name or "error").lower().replace(" ", "_"))
    own.status = status
    own.title = SENTENCES.get(status, "没有成功").rstrip("。")
    return own


def _validation_fields(error: HTTPException) -> dict[str, str]:
    messages = getattr(error, "data", {}).get("messages", {})
    return flat(messages) if isinstance(messages, dict) else {}


def flat(messages: dict[Any, Any], prefix: str = "") -> dict[str, str]:
    """Marshmallow's nested messages as `field.path: sentence`; the place (json, query) is dropped."""
    found: dict[str, str] = {}
    for key, value in messages.items():
        path = (
            prefix if key in {"json", "query", "files", "form", "_schema"} else f"{prefix}.{key}".strip(".")
        )
        if isinstance(value, dict):
            found |= flat(value, path)
        else:
            found[path or "_"] = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return found


def commit_now() -> None:
    """Commit before a refusal is raised, for what must be remembered all the same: a wrong password."""
    db.session.commit()


def wants_json() -> bool:
    """Whether a program is asking: the API, or a page's own script."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def heed(app: Flask, code: str, judge: Callable[[HouseError], HouseError]) -> None:
    """Let somebody look at every refusal of a code before it is answered, and answer another instead."""
    app.extensions["judges"][code] = judge


def answer(error: HouseError) -> Response:
    """An error as its reader needs it; whatever was half done is undone."""
    undo()
    judge = current_app.extensions["judges"].get(error.code)
    error = judge(error) if judge else error
    if wants_json():
        response = jsonify(problem(error))
    else:
        page: ErrorPage = current_app.extensions["error_page"]
        response = make_response(page(error))
    response.status_code = error.status
    if "retry_after" in error.more:
        response.headers["Retry-After"] = str(error.more["retry_after"])
    return response


class PageSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, which carries the CSRF token of forms; the API takes no cookies and gives none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page; none for a call of the API."""
        return None if request.path.startswith("/api/") else super().open_session(app, request)


class House(Flask):
    """A Flask application whose requests commit once, after the view, and only when it succeeded."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As Flask's, with our reading of numbers in addresses."""
        super().__init__(*args, **kwargs)
        self.url_map.converters["int"] = Id
        self.session_interface = PageSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: no view or hook of ours is a coroutine, and asking each anew costs every request."""
        return func

    def log_exception(self, exc_info: Any) -> None:
        """A fault that nobody foresaw, under its route's pattern; Flask's own line would hold the whole address."""
        rule = request.url_rule.rule if request.url_rule else "-"
        self.logger.error("%s %s failed", request.method, rule, exc_info=exc_info)

    def dispatch_request(self) -> Response:
        """The view's answer, its changes committed; a commit that fails is answered like any other fault."""
        response = self.make_response(super().dispatch_request())
        if response.status_code < 400 or g.get("keep", False):  # noqa: PLR2004 - the border of success
            db.session.commit()
        else:
            undo()
        return response


def keep() -> None:
    """Commit this request's changes although it answers with a refusal (photos before a faulty field)."""
    g.keep = True


def attempt() -> AbstractContextManager[object]:
    """A block whose changes are all undone when it raises, while what came before it stays (photos of a form)."""
    return db.session.begin_nested()


def install(app: Flask) -> None:
    """Wire error answers and the first look at every request into the application."""
    app.before_request(door.check)
    app.extensions["judges"] = {}

    @app.errorhandler(HouseError)
    def house(error: HouseError) -> Response:
        return answer(error)

    @app.errorhandler(ValidationError)
    def invalid(error: ValidationError) -> Response:
        fields = flat(error.normalized_messages())  # type: ignore[no-untyped-call]
        return answer(Invalid("；".join(fields.values()), fields=fields))

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> Response:
        del error
        return answer(
            HouseError("页面打开太久或来自别处，请返回上一页刷新后再提交，已填写的内容不会丢。", code="csrf")
        )

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        response = answer(from_http(error))
        for name, value in error.get_headers():
            if name not in {"Content-Type", "Content-Length"}:
                response.headers[name] = value
        return response

    def away(error: Exception) -> Response:
        app.logger.warning("database unavailable: %s", type(error).__name__)
        return answer(Unavailable(AWAY_SENTENCE))

    for kind in AWAY:
        app.register_error_handler(kind, away)


def etag_answer(tag: str, body: Callable[[], Any]) -> Any:
    """304 when the caller has this version already, else the body with its tag; the body is made on demand."""
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else make_response(body())
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
