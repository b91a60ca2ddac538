"""Subscribe and template messages in the sandbox: checked, counted against consents, shown on the phone."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from server.wechat.sandbox.model import Account, Arrival, Kind, State, Template
from server.wechat.sandbox.phones import arrive
from server.wechat.sandbox.typed import check_values
from server.wechat.sandbox.wire import WireError, body_json, caller, locked, ok

STATES = {"developer", "trial", "formal"}
LANGUAGES = {"zh_CN", "en_US", "zh_HK", "zh_TW"}
SENT_WRAPPER = "SubscribeMsgSentEvent"

wire = Blueprint("sandbox_messages", __name__)


def _number() -> int:
    # Larger than 2**53, as Tencent's are, so that a client reading it as a float is found out.
    return 2**61 + secrets.randbelow(2**60)


@dataclass(frozen=True)
class Letter:
    """A request that holds: who gets which values of which template."""

    account: Account
    openid: str
    template_id: str
    template: Template
    values: dict[str, str]


def _letter(state: State, account: Account, body: dict[str, Any]) -> Letter:
    openid, template_id = str(body.get("touser") or ""), str(body.get("template_id") or "")
    if state.person(account.appid, openid) is None:
        raise WireError(40003)
    template = account.templates.get(template_id)
    if template is None:
        raise WireError(40037)
    return Letter(account, openid, template_id, template, check_values(template.fields, body.get("data")))


def _show(state: State, letter: Letter, *, channel: str, url: str) -> int:
    number = _number()
    account, title = letter.account.appid, letter.template.title
    lines = [(letter.template.fields[name], value) for name, value in letter.values.items()]
    arrive(state, Arrival(state.now(), account, letter.openid, channel, title, lines, url, str(number)))
    return number


def _subscribed(state: State, account: Account, body: dict[str, Any], *, channel: str) -> Response:
    letter = _letter(state, account, body)
    slot = (letter.openid, letter.template_id)
    if state.quota[slot] < 1:
        raise WireError(43101)
    state.quota[slot] -= 1
    number = _show(state, letter, channel=channel, url=str(body.get("page") or ""))
    item = {"TemplateId": slot[1], "MsgID": str(number), "ErrorCode": 0, "ErrorStatus": "success"}
    state.outgoing.append(_event(letter, "subscribe_msg_sent_event", {SENT_WRAPPER: {"List": item}}))
    return ok(msgid=number)


def _event(letter: Letter, name: str, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "ToUserName": f"gh_{letter.account.appid[2:14]}",
        "FromUserName": letter.openid,
        "MsgType": "event",
        "Event": name,
        **more,
    }


@wire.route("/cgi-bin/message/subscribe/send", methods=["GET", "POST"])
@locked
def mini_send(state: State) -> Response:
    """A subscribe message of the mini-program."""
    account, body = caller(state, Kind.MINI), body_json()
    if body.get("miniprogram_state", "formal") not in STATES or body.get("lang", "zh_CN") not in LANGUAGES:
        raise WireError(47003, "miniprogram_state or lang invalid")
    return _subscribed(state, account, body, channel="小程序订阅消息")


@wire.route("/cgi-bin/message/subscribe/bizsend", methods=["GET", "POST"])
@locked
def mp_send(state: State) -> Response:
    """A subscribe notice of the service account."""
    return _subscribed(state, caller(state, Kind.MP), body_json(), channel="服务号订阅通知")


@wire.route("/cgi-bin/message/template/send", methods=["GET", "POST"])
@locked
def template_send(state: State) -> Response:
    """A template message of the service account, to followers alone; a repeated client_msg_id shows once."""
    account, body = caller(state, Kind.MP), body_json()
    letter = _letter(state, account, body)
    person = state.person(account.appid, letter.openid)
    if person is None or not person.follows:
        raise WireError(43004)
    slot = (letter.openid, str(body.get("client_msg_id") or ""))
    if slot[1] and slot in state.numbers:
        return ok(msgid=int(state.numbers[slot]))
    number = _show(state, letter, channel="服务号模板消息", url=str(body.get("url") or ""))
    if slot[1]:
        state.numbers[slot] = str(number)
    done = {"MsgID": number, "Status": "success"}
    state.outgoing.append(_event(letter, "TEMPLATESENDJOBFINISH", done))
    return ok(msgid=number)
