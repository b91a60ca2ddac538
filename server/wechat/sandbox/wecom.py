"""WeCom in the sandbox: application messages to colleagues, robot posts to groups, media."""

import re
import secrets
from collections import deque
from datetime import timedelta
from html import unescape
from typing import Any

from flask import Blueprint, Response, request

from server.wechat.sandbox.model import Account, Arrival, Kind, State
from server.wechat.sandbox.phones import arrive
from server.wechat.sandbox.wire import WireError, body_json, caller, locked, ok

POSTS_A_MINUTE = 20
LIMITS = {"text": 2048, "markdown": 4096}
REPEAT_SECONDS = 1800
TAG = re.compile(r"<[^<>]*>")

wire = Blueprint("sandbox_wecom", __name__)


@wire.route("/cgi-bin/message/send", methods=["GET", "POST"])
@locked
def message_send(state: State) -> Response:
    """A card to one or many; unknown colleagues are named in invaliduser beside errcode 0."""
    account, body = caller(state, Kind.CORP), body_json()
    if body.get("agentid") != account.agentid:
        raise WireError(40056)
    title, text, url = _card(body)
    wanted = [one for one in str(body.get("touser") or "").split("|") if one]
    known = [one for one in wanted if state.person(account.appid, one.lower())]
    if not known:
        raise WireError(81013)
    number = secrets.token_urlsafe(24)
    for userid in known:
        if not _repeated(state, account, body, userid.lower(), title + text + url):
            _show(
                state,
                account.appid,
                userid.lower(),
                (title, text, url),
                channel="企业微信应用消息",
                number=number,
            )
    missed = "|".join(one for one in wanted if one not in known)
    return ok(msgid=number, **({"invaliduser": missed} if missed else {}))


def _card(body: dict[str, Any]) -> tuple[str, str, str]:
    kind = body.get("msgtype")
    card = body.get(str(kind))
    if kind not in {"textcard", "text"} or not isinstance(card, dict):
        raise WireError(40058, "msgtype")
    if kind == "text":
        return "", str(card.get("content") or ""), ""
    words = [card.get(name) for name in ("title", "description", "url")]
    if not all(isinstance(one, str) and one for one in words):
        raise WireError(40058, "textcard")
    # A card renders markup, so tags vanish and what was escaped shows as it was written.
    return str(words[0]), unescape(TAG.sub("", str(words[1]))), str(words[2])


def _repeated(state: State, account: Account, body: dict[str, Any], userid: str, words: str) -> bool:
    if body.get("enable_duplicate_check") != 1:
        return False
    since = state.now() - timedelta(seconds=int(body.get("duplicate_check_interval") or REPEAT_SECONDS))
    mine = (one for one in state.arrivals if (one.appid, one.address) == (account.appid, userid))
    return any(one.at > since and one.title + one.lines[0][1] + one.url == words for one in mine)


def _show(
    state: State, appid: str, address: str, words: tuple[str, str, str], *, channel: str, number: str
) -> None:
    title, text, url = words
    arrive(state, Arrival(state.now(), appid, address, channel, title, [("", text)], url, number))


@wire.route("/cgi-bin/webhook/send", methods=["GET", "POST"])
@locked
def webhook(state: State) -> Response:
    """A robot's post: 20 a minute, 2,048 bytes of text or 4,096 of markdown."""
    key, body = request.args.get("key", ""), body_json()
    if state.person("robot", key) is None:
        raise WireError(93000)
    kind = str(body.get("msgtype"))
    part = body.get(kind)
    content = part.get("content") if isinstance(part, dict) else None
    if kind not in LIMITS or not isinstance(content, str) or not content:
        raise WireError(40058, "msgtype")
    if len(content.encode()) > LIMITS[kind]:
        raise WireError(40058, f"{kind}.content exceed max length {LIMITS[kind]}")
    _count(state, key)
    title, _, rest = content.partition("\n")
    text, _, url = rest.rpartition("\n")
    linked = url.startswith(("http://", "https://"))
    text, url = (text, url) if linked else (rest, "")
    _show(state, "robot", key, (title, text, url), channel="群机器人", number="")
    return ok()


def _count(state: State, key: str) -> None:
    posts = state.posts.setdefault(key, deque())
    while posts and posts[0] <= state.now() - timedelta(minutes=1):
        posts.popleft()
    if len(posts) >= POSTS_A_MINUTE:
        raise WireError(45009)
    posts.append(state.now())
