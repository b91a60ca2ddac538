"""How the sandbox reads requests and words its answers: business errors are HTTP 200 with an errcode and a rid."""

import json
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Response, current_app, request

from server.wechat.sandbox.model import Account, Kind, State

ERRMSG = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40007: "invalid media_id",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40037: "invalid template_id",
    40056: "invalid agentid",
    40058: "invalid Request Parameter",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40163: "code been used",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    61010: "code is expired",
    81013: "user & party & tag all invalid",
    93000: "invalid webhook url",
}


class WireError(Exception):
    """A business error with its code; `detail` follows the usual words."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        super().__init__(errcode)
        self.errcode, self.detail = errcode, detail


def box() -> State:
    """The state of the sandbox that answers this request."""
    return cast(State, current_app.extensions["sandbox"])


def locked(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that is given the state, alone with it."""

    @wraps(view)
    def run(**arguments: Any) -> Any:
        state = box()
        with state.lock:
            return view(state, **arguments)

    return run


def refused(error: WireError) -> Response:
    """The answer to a business error."""
    rid = "-".join(secrets.token_hex(4) for _ in range(3))
    words = " ".join(part for part in (ERRMSG.get(error.errcode, "error"), error.detail) if part)
    return answer({"errcode": error.errcode, "errmsg": f"{words} rid: {rid}"})


def answer(body: dict[str, Any]) -> Response:
    """A JSON answer in UTF-8 with Chinese as it is, as Tencent writes it."""
    return Response(json.dumps(body, ensure_ascii=False), content_type="application/json; encoding=utf-8")


def ok(**more: Any) -> Response:
    """A success with errcode 0."""
    return answer({"errcode": 0, "errmsg": "ok", **more})


def body_json() -> dict[str, Any]:
    """The posted JSON object, whatever its Content-Type; 43002, 44002 or 47001 otherwise."""
    if request.method != "POST":
        raise WireError(43002)
    data = request.get_data()
    if not data:
        raise WireError(44002)
    try:
        found = json.loads(data)
    except ValueError:
        raise WireError(47001) from None
    if not isinstance(found, dict):
        raise WireError(47001)
    return found


def caller(state: State, *kinds: Kind) -> Account:
    """The account whose token came along; 41001, 40001 (WeCom 40014), 42001 or 48001 otherwise."""
    value = request.args.get("access_token", "")
    if not value:
        raise WireError(41001)
    token = state.tokens.get(value)
    if token is None:
        raise WireError(40014 if Kind.CORP in kinds else 40001)
    if token.expires_at <= state.now():
        raise WireError(42001)
    account = state.accounts[token.appid]
    if account.kind not in kinds:
        raise WireError(48001)
    return account
