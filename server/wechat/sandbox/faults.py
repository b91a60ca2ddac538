"""Planned misbehaviour by path: an errcode, a hang, an HTTP error, no answer, a body that breaks off or drips."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

from flask import Response, g, request

from server.wechat.sandbox.model import Fault, State
from server.wechat.sandbox.wire import WireError, box

OURS = "/_sandbox"


def due(state: State, path: str) -> Fault | None:
    """The fault planned for this call, counted down."""
    with state.lock:
        state.faults[:] = [one for one in state.faults if one.until is None or one.until > state.now()]
        fault = next((one for one in state.faults if one.path in {path, "*"}), None)
        if fault and fault.times is not None:
            fault.times -= 1
            if fault.times < 1:
                state.faults.remove(fault)
        return fault


def misbehave() -> Response | None:
    """Before a request on the wire: hang, answer a status, or refuse with an errcode."""
    g.fault = None if request.path.startswith(OURS) else due(box(), request.path)
    fault: Fault | None = g.fault
    if fault is None:
        return None
    time.sleep(fault.delay)
    if fault.down:
        with suppress(OSError, KeyError):
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    if fault.status is not None:
        return Response("upstream trouble", status=fault.status, content_type="text/plain")
    if fault.errcode is not None:
        raise WireError(fault.errcode)
    return None


def break_off(response: Response) -> Response:
    """After a request: send half of the body while promising all of it."""
    fault: Fault | None = g.get("fault")
    if fault is not None and fault.truncate:
        whole = response.get_data()
        response.set_data(whole[: len(whole) // 2])
        response.headers["Content-Length"] = str(len(whole))
    return response


def drip(response: Response) -> Response:
    """After a request: the answer byte by byte."""
    fault: Fault | None = g.get("fault")
    if fault is not None and fault.drip:
        whole = response.get_data()
        response.response = _drops(whole, fault.drip)
        response.headers["Content-Length"] = str(len(whole))
    return response


def _drops(whole: bytes, seconds: float) -> Iterator[bytes]:
    for one in whole:
        time.sleep(seconds)
        yield bytes([one])


def note(response: Response) -> Response:
    """After a request on the wire: one line in the call log."""
    if not request.path.startswith(OURS):
        entry = {
            "at": box().now().isoformat(),
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "errcode": _errcode(response),
            "bytes": request.content_length or 0,
        }
        with box().lock:
            box().calls.append(entry)
    return response


def _errcode(response: Response) -> int | None:
    if not response.content_type.startswith("application/json"):
        return None
    try:
        return int(json.loads(response.get_data()).get("errcode", 0))
    except ValueError:
        return None
