"""Events from the sandbox to the product: plain or encrypted, XML or JSON, once or more, early, late or never."""

import json
import secrets
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests
from flask import Response

from server.wechat.sandbox.cipher import seal, sign
from server.wechat.sandbox.model import State, Target
from server.wechat.sandbox.wire import box

TIMEOUT_SECONDS = 5
NEVER, LATE = "never", "late"
UNREACHED = 0
TAKEN = range(200, 300)


def to_xml(fields: Mapping[str, Any]) -> str:
    """Fields as WeChat writes them: texts in CDATA, numbers bare, a list by repeating its name."""
    return f"<xml>{_elements(fields)}</xml>"


def _elements(fields: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_content(one)}</{name}>"
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    )


def _content(value: Any) -> str:
    if isinstance(value, Mapping):
        return _elements(value)
    if isinstance(value, str):
        return f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
    return str(value)


def envelope(target: Target, event: Mapping[str, Any], *, now: datetime) -> tuple[dict[str, str], bytes]:
    """Query and body of one push."""
    stamp, nonce = str(int(now.timestamp())), str(secrets.randbelow(10**9))
    fields = {"CreateTime": int(stamp), **event}
    write = to_xml if target.style == "xml" else _to_json
    query = {"signature": sign(target.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
    if not target.aes_key:
        return query, write(fields).encode()
    encrypt = seal(write(fields), aes_key=target.aes_key, appid=target.appid)
    query |= {"encrypt_type": "aes", "msg_signature": sign(target.token, stamp, nonce, encrypt)}
    return query, write({"ToUserName": str(event.get("ToUserName", "")), "Encrypt": encrypt}).encode()


def _to_json(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)


def deliver(state: State, target: Target, event: Mapping[str, Any], *, tried: int = 0) -> None:
    """Push an event as often as the target says; the HTTP status of each goes to `pushed`, 0 for no answer.

    What is not taken comes again after a while, in a new envelope.
    """
    query, body = envelope(target, event, now=state.now())
    for _ in range(target.copies):
        try:
            status = requests.post(target.url, params=query, data=body, timeout=TIMEOUT_SECONDS).status_code
        except requests.RequestException:
            status = UNREACHED
        state.pushed.append(status)
        if status not in TAKEN and tried + 1 < target.tries:
            _later(target.again, state, target, event, tried=tried + 1)


def _later(seconds: float, *what: Any, **more: Any) -> None:
    timer = threading.Timer(seconds, deliver, args=what, kwargs=more)
    timer.daemon = True
    timer.start()


def flush(response: Response) -> Response:
    """After a request and outside the lock: push what it caused, before the answer leaves or later."""
    state = box()
    with state.lock:
        waiting, state.outgoing = state.outgoing, []
        target = state.target
    if target is None or target.timing == NEVER:
        return response
    for event in waiting:
        if target.timing == LATE:
            _later(target.delay, state, target, event)
        else:
            deliver(state, target, event)
    return response
