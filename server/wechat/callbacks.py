"""The door for WeChat's pushes: signature, freshness, cipher and shape, in plain and in security mode."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.core.errors import HouseError
from server.wechat.events import Event, event_of
from server.wechat.sdk import Unreadable, decrypt, parse_xml, signed

FRESH_SECONDS = 300
LARGEST_BYTES = 64 * 1024
LONGEST_ECHO = 256
LONGEST_TIMESTAMP = 12


class CallbackRefused(HouseError):
    """Not from WeChat, not for us, or too old."""

    status, code, title = 403, "callback_refused", "没有权限"


class CallbackMalformed(CallbackRefused):
    """Signed well, yet not readable as a push."""

    status, code, title = 400, "callback_malformed", "内容无法识别"


@dataclass(frozen=True)
class Keys:
    """What the account shares with WeChat; with an AES key only encrypted pushes are taken."""

    token: str = field(repr=False)
    appid: str
    aes_key: str = field(default="", repr=False)


def echo(keys: Keys, query: Mapping[str, str], *, now: datetime) -> str:
    """What to answer, as plain text, when WeChat verifies the address; raises CallbackRefused."""
    _check_signature(keys, query)
    _check_fresh(query, now=now)
    text = query.get("echostr", "")
    if not text or len(text) > LONGEST_ECHO or not (text.isascii() and text.isprintable()):
        raise CallbackMalformed("echostr 缺失或不合规。")
    return text


def read(keys: Keys, query: Mapping[str, str], body: bytes, *, now: datetime) -> Event:
    """The event in a push; raises CallbackRefused (403) or CallbackMalformed (400), nothing else."""
    if len(body) > LARGEST_BYTES:
        raise CallbackMalformed("推送内容过大。")
    if not keys.aes_key:
        _check_signature(keys, query)
        _check_fresh(query, now=now)
        return _event(_fields(body))
    cipher = _fields(body).get("Encrypt")
    if not isinstance(cipher, str) or not cipher:
        raise CallbackMalformed("缺少加密内容。")
    _check_signature(keys, query, name="msg_signature", cipher=cipher)
    _check_fresh(query, now=now)
    return _event(_fields(_opened(keys, cipher).encode()))


def _check_signature(
    keys: Keys, query: Mapping[str, str], *, name: str = "signature", cipher: str | None = None
) -> None:
    parts = [keys.token, query.get("timestamp", ""), query.get("nonce", "")]
    if cipher is not None:
        parts.append(cipher)
    given = query.get(name, "")
    # An empty part would leave a signature that anybody could compute; WeChat's own parts are plain ASCII.
    if not all(part and part.isascii() for part in [given, *parts]) or not signed(given, *parts):
        raise CallbackRefused("签名不正确。")


def _check_fresh(query: Mapping[str, str], *, now: datetime) -> None:
    text = query.get("timestamp", "")
    readable = text.isascii() and text.isdigit() and len(text) <= LONGEST_TIMESTAMP
    if not readable or abs(now.timestamp() - int(text)) > FRESH_SECONDS:
        raise CallbackRefused("时间戳已过期。")


def _opened(keys: Keys, cipher: str) -> str:
    try:
        return decrypt(cipher, aes_key=keys.aes_key, appid=keys.appid)
    except Unreadable:
        raise CallbackRefused("密文无法解开。") from None


def _fields(body: bytes) -> dict[str, Any]:
    """The fields of a body, told apart by its first character: JSON or XML."""
    try:
        text = body.decode().strip()
        found = json.loads(text) if text.startswith("{") else parse_xml(text)
    except (Unreadable, ValueError, RecursionError):
        raise CallbackMalformed("推送内容无法识别。") from None
    return dict(found)


def _event(data: Mapping[str, Any]) -> Event:
    try:
        return event_of(data)
    except (KeyError, TypeError, ValueError, OverflowError, OSError, RecursionError):
        raise CallbackMalformed("推送内容不完整。") from None
