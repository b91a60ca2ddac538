"""Which request the running work belongs to, and whose county: every log line says it, every job carries it on."""

import json
import re
import uuid
from contextvars import ContextVar

from flask import has_request_context

from server.core import apart, counties
from server.core.doubles import ELSEWHERE, PROVINCES

CARRIED = "request_id"
"""The name of a job's argument; the worker takes it off before the task is called."""
MADE_BY_A_PROXY = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What proxies make (nginx: `$request_id`): long enough to be no phone, no number of a card, no word."""
COUNTY = re.compile(rf"(?:{'|'.join(map(str, (*PROVINCES, *ELSEWHERE)))})[0-9]{{4}}")
"""An area code; those of doubles and compartments begin with no province's digits."""
_request: ContextVar[str] = ContextVar("request_id", default="")
_county: ContextVar[str] = ContextVar("county", default="")


def begin(given: str = "", *, county: str = "") -> str:
    """Begin a piece of work under the given request id if it is plausible, else under a new one; gives the id."""
    request_id = given if MADE_BY_A_PROXY.fullmatch(given) else uuid.uuid4().hex
    _request.set(request_id)
    _county.set(county)
    return request_id


def request_id() -> str:
    """The id of the request that the running work belongs to; empty outside of any."""
    return _request.get()


def county() -> str:
    """The one county that the running work touches; empty where it is none, several, not known yet, or confidential."""
    if apart.is_open() or apart.asked():
        return ""
    told = _county.get() or (counties.seen() if has_request_context() else "")
    return told if COUNTY.fullmatch(told) else ""


def carried() -> str:
    """What a job takes along, as JSON."""
    return json.dumps({CARRIED: request_id()} if request_id() else {})
