"""Content checks in the sandbox: texts at once, pictures by a push; what is found can be planned by a word in them."""

import secrets
from typing import Any

from flask import Blueprint, Response

from server.wechat.sandbox.login import visited
from server.wechat.sandbox.model import Account, Kind, Ruling, State
from server.wechat.sandbox.wire import WireError, body_json, caller, locked, ok

LONGEST = 2500
VERSION, SCENES, MEDIA = 2, {1, 2, 3, 4}, {1, 2}
USUAL = (
    Ruling("赌博", "risky", 20006),
    Ruling("傻瓜", "review", 20003),
    Ruling("加微信", "review", 10001),
)
"""Words that the stand-in finds something in; everything else passes."""

wire = Blueprint("sandbox_checks", __name__)


def _ruling(state: State, text: str) -> Ruling:
    found = (one for one in (*state.rulings, *USUAL) if one.word in text)
    return next(found, Ruling("", "pass", 100))


def _asked(state: State) -> tuple[Account, dict[str, Any], str]:
    """Who asks, what, and in whose name; the visitor must have opened the mini-program within two hours."""
    account, body = caller(state, Kind.MINI), body_json()
    openid = body.get("openid")
    if body.get("version") != VERSION or not isinstance(openid, str):
        raise WireError(47001, "version or openid invalid")
    if body.get("scene") not in SCENES:
        raise WireError(40129, "invalid scene")
    if state.person(account.appid, openid) is None:
        raise WireError(40003)
    if not visited(state, account.appid, openid):
        raise WireError(61010)
    return account, body, openid


def _trace() -> str:
    return "-".join(secrets.token_hex(4) for _ in range(3))


def _detail(ruling: Ruling) -> list[dict[str, Any]]:
    model = {"strategy": "content_model", "errcode": 0, "suggest": ruling.suggest, "label": ruling.label}
    return [model | {"prob": 90}]


@wire.route("/wxa/msg_sec_check", methods=["GET", "POST"])
@locked
def text_check(state: State) -> Response:
    """A text; judged by `result.suggest`, the errcode is 0 also for a risky one."""
    _, body, _ = _asked(state)
    content = body.get("content")
    if not isinstance(content, str) or not content or len(content) > LONGEST:
        raise WireError(47001, "content invalid")
    ruling = _ruling(state, content)
    result = {"suggest": ruling.suggest, "label": ruling.label}
    return ok(trace_id=_trace(), result=result, detail=_detail(ruling))


@wire.route("/wxa/media_check_async", methods=["GET", "POST"])
@locked
def media_check(state: State) -> Response:
    """A picture; what is found comes as an event to the push target."""
    account, body, openid = _asked(state)
    if body.get("media_type") not in MEDIA:
        raise WireError(40004)
    address = body.get("media_url")
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        raise WireError(47001, "media_url invalid")
    trace, ruling = _trace(), _ruling(state, address)
    state.outgoing.append(_event(account, openid, trace, ruling))
    return ok(trace_id=trace)


def _event(account: Account, openid: str, trace: str, ruling: Ruling) -> dict[str, Any]:
    event: dict[str, Any] = {
        "ToUserName": f"gh_{account.appid[2:14]}",
        "FromUserName": openid,
        "MsgType": "event",
        "Event": "wxa_media_check",
        "appid": account.appid,
        "trace_id": trace,
        "version": VERSION,
        "errcode": ruling.errcode,
        "errmsg": "ok" if not ruling.errcode else "download media error",
    }
    result = {"suggest": ruling.suggest, "label": ruling.label}
    return event | ({} if ruling.errcode else {"detail": _detail(ruling), "result": result})
