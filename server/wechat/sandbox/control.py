"""The sandbox's own interface, for tests and for the product's demo pages: /_sandbox/api/… and /_sandbox/faults."""

from base64 import b64decode
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, request

from server.wechat.sandbox.consents import ACCEPT, say
from server.wechat.sandbox.login import new_code
from server.wechat.sandbox.media import keep
from server.wechat.sandbox.model import Fault, Person, Ruling, State, Target
from server.wechat.sandbox.phones import phone_view, phones_view
from server.wechat.sandbox.weather import call_back, turn
from server.wechat.sandbox.wire import answer, locked

api = Blueprint("sandbox_control", __name__, url_prefix="/_sandbox")


def _given() -> dict[str, Any]:
    found = request.get_json(force=True, silent=True)
    if not isinstance(found, dict):
        abort(400)
    return found


@api.get("/api/phones")
@locked
def phones(state: State) -> Response:
    """Every phone with its messages."""
    return answer({"items": phones_view(state)})


@api.get("/api/phones/<address>")
@locked
def phone(state: State, address: str) -> Response:
    """One phone by any of its addresses."""
    person = state.phone(address)
    if person is None:
        abort(404)
    return answer(phone_view(state, person))


@api.post("/api/people")
@locked
def add_person(state: State) -> Response:
    """Add somebody: name, about, addresses by appid, follows, group."""
    person = Person(**_given())
    state.people.append(person)
    return answer(phone_view(state, person))


@api.post("/api/follows")
@locked
def follow(state: State) -> Response:
    """Somebody (address) starts or stops following the service account."""
    given = _given()
    person = state.phone(str(given["address"]))
    if person is None:
        abort(404)
    person.follows = bool(given["follows"])
    return answer(phone_view(state, person))


@api.post("/api/codes")
@locked
def code(state: State) -> Response:
    """A login code for an address at an appid; `snapshot` for a virtual visitor."""
    given = _given()
    account = state.accounts.get(str(given.get("appid")))
    if account is None:
        abort(404)
    try:
        text = new_code(
            state,
            account.appid,
            str(given.get("address")),
            scope=str(given.get("scope", "snsapi_base")),
            snapshot=bool(given.get("snapshot")),
        )
    except KeyError:
        abort(404)
    return answer({"code": text, "oauth_host": account.oauth_host})


@api.post("/api/consents")
@locked
def consent(state: State) -> Response:
    """Somebody (openid) answers about a template; accepting adds one message, and the answer is pushed."""
    given = _given()
    try:
        left = say(
            state, str(given["openid"]), str(given["template_id"]), said=str(given.get("answer", ACCEPT))
        )
    except KeyError:
        abort(404)
    return answer({"left": left})


@api.post("/api/push")
@locked
def push(state: State) -> Response:
    """Push an event of the caller's own making to the target."""
    state.outgoing.append(_given())
    return answer({})


@api.post("/api/rulings")
@locked
def ruling(state: State) -> Response:
    """Plan what checks find in whatever holds a word: word, suggest, label, errcode; the newest counts."""
    state.rulings.insert(0, Ruling(**_given()))
    return answer({"planned": len(state.rulings)})


@api.put("/api/target")
@locked
def target(state: State) -> Response:
    """Where events go; an empty object switches pushes off."""
    given = _given()
    state.target = Target(**given) if given else None
    return answer({})


@api.post("/api/clock")
@locked
def clock(state: State) -> Response:
    """Move the sandbox's time forward by `seconds`."""
    state.shift += timedelta(seconds=float(_given()["seconds"]))
    return answer({"now": state.now().isoformat()})


@api.post("/api/media")
@locked
def media(state: State) -> Response:
    """Keep a picture, as the JS-SDK would: content_type and data in base64."""
    given = _given()
    return answer({"media_id": keep(state, str(given["content_type"]), b64decode(given["data"]))})


@api.get("/api/calls")
@locked
def calls(state: State) -> Response:
    """The latest calls on the wire, without their secrets."""
    return answer({"items": list(state.calls), "pushed": list(state.pushed)})


@api.delete("/api/calls")
@locked
def forget_calls(state: State) -> Response:
    """Begin a new call log."""
    state.calls.clear()
    return answer({})


@api.post("/faults")
@locked
def add_fault(state: State) -> Response:
    """Plan a fault: path (or *), and any of times, errcode, status, delay, truncate."""
    state.faults.append(Fault(**_given()))
    return answer({"planned": len(state.faults)})


@api.delete("/faults")
@locked
def clear_faults(state: State) -> Response:
    """Behave again."""
    state.faults.clear()
    return answer({})


@api.post("/weather")
@locked
def weather(state: State) -> Response:
    """WeChat's bad days by name: `mode`, and how `callbacks` come (`weather.MODES`, `weather.CALLBACKS`)."""
    given = _given()
    try:
        planned = turn(state, str(given.get("mode", "fine")))
        if "callbacks" in given:
            call_back(state, str(given["callbacks"]))
    except KeyError:
        abort(404)
    return answer({"planned": planned})
