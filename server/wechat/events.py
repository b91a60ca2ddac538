"""What WeChat pushes to us, in one shape whichever way it was written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

POPUP, CHANGE, SENT = "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"
TEMPLATE_DONE = "templatesendjobfinish"
CHECKED = "wxa_media_check"
WRAPPERS = {POPUP: "SubscribeMsgPopupEvent", CHANGE: "SubscribeMsgChangeEvent", SENT: "SubscribeMsgSentEvent"}


@dataclass(frozen=True)
class Consent:
    """What somebody answered about one template: accept, reject, ban or filter."""

    template_id: str
    answer: str


@dataclass(frozen=True)
class Delivery:
    """What became of one message; `code` is 0 and `status` success when the phone has it."""

    message_id: str
    code: int
    status: str


@dataclass(frozen=True)
class Checked:
    """What the check of a picture found; with an errcode it was not checked at all."""

    trace_id: str
    errcode: int
    suggest: str
    label: int


@dataclass(frozen=True)
class Event:
    """One push; two pushes with one `dedupe_key` are one event."""

    kind: str
    openid: str
    account: str
    created_at: datetime
    dedupe_key: str
    consents: tuple[Consent, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    checked: Checked | None = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)


def event_of(data: Mapping[str, Any]) -> Event:
    """The event in parsed fields; raises KeyError, TypeError or ValueError when it is none."""
    kind = _kind(data)
    seconds = int(data["CreateTime"])
    openid = _text(data["FromUserName"])
    return Event(
        kind=kind,
        openid=openid,
        account=_text(data["ToUserName"]),
        created_at=datetime.fromtimestamp(seconds, UTC),
        dedupe_key=f"{kind}:{openid}:{seconds}:{_digest(data)}",
        consents=tuple(_consents(kind, data)),
        deliveries=tuple(_deliveries(kind, data)),
        checked=_checked(data) if kind == CHECKED else None,
        data=dict(data),
    )


def _kind(data: Mapping[str, Any]) -> str:
    kind = _text(data["MsgType"]).lower()
    return _text(data["Event"]).lower() if kind == "event" else kind


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("a text was expected")
    return value


def _digest(data: Mapping[str, Any]) -> str:
    # A repeat carries the same fields; two events of one second differ in some field.
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]


def _items(kind: str, data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The List of a subscribe event: at the top or wrapped, one object or an array."""
    inner = data.get(WRAPPERS[kind])
    found = inner if inner is not None else data.get("List")
    if isinstance(found, Mapping):
        found = found.get("List", found)
    items = found if isinstance(found, list) else [found]
    return [one for one in items if isinstance(one, Mapping)]


def _consents(kind: str, data: Mapping[str, Any]) -> list[Consent]:
    if kind not in {POPUP, CHANGE}:
        return []
    return [
        Consent(_text(one["TemplateId"]), _text(one["SubscribeStatusString"])) for one in _items(kind, data)
    ]


def _deliveries(kind: str, data: Mapping[str, Any]) -> list[Delivery]:
    if kind == TEMPLATE_DONE:
        status = _text(data["Status"])
        return [Delivery(str(data["MsgID"]), 0 if status == "success" else -1, status)]
    if kind != SENT:
        return []
    return [
        Delivery(str(one["MsgID"]), int(one["ErrorCode"]), str(one.get("ErrorStatus") or ""))
        for one in _items(kind, data)
    ]


def _checked(data: Mapping[str, Any]) -> Checked:
    """The result of a picture's check; XML writes numbers as texts, and a failed check may have no result."""
    result = data.get("result")
    found = result if isinstance(result, Mapping) else {}
    errcode = int(data.get("errcode") or 0)
    suggest = str(found.get("suggest") or "") if errcode else _text(found.get("suggest"))
    return Checked(_text(data["trace_id"]), errcode, suggest, int(found.get("label") or 0))
