"""Faults to Sentry, where SENTRY_DSN names one: kinds and places alone, so that nothing about a person can leave."""

from typing import Any

import sentry_sdk
from flask import Flask, got_request_exception
from sentry_sdk.transport import Transport

from server.core import apart, traces, tracing
from server.core.logs import route
from server.settings import Settings

KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment")
OF_FRAME = ("module", "function", "lineno", "in_app")
Event = dict[str, Any]


def start(settings: Settings, *, transport: type[Transport] | None = None) -> None:
    """Connect this process, if there is an address; no integration listens by itself, nothing is traced.

    Whatever the library would collect of users by default, `scrubbed` makes every event anew.
    """
    if not settings.sentry_dsn:
        return
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        environment=settings.mode,
        transport=transport,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        server_name="",
        before_send=scrubbed,  # type: ignore[arg-type]
    )


def report(fault: BaseException, *, place: str) -> None:
    """Report one fault; `place` is a route's pattern or a task's name. Nothing happens where Sentry is not set up."""
    if not sentry_sdk.get_client().is_active():
        return
    with sentry_sdk.new_scope() as scope:
        scope.set_tag("place", place)
        hidden = apart.in_trace(traces.told((type(fault), fault, fault.__traceback__)))
        scope.set_tag("request_id", "" if hidden else tracing.request_id())
        scope.capture_exception(fault)


def scrubbed(event: Event, hint: Event) -> Event:
    """The event made anew from what may leave: kinds, places in the code, route and request id; no value, no address."""
    del hint
    faults = event.get("exception", {}).get("values", [])
    return {name: event[name] for name in KEPT if name in event} | {
        "tags": {name: value for name, value in (event.get("tags") or {}).items() if value},
        "exception": {"values": [_fault(one) for one in faults]},
    }


def _fault(fault: Event) -> Event:
    frames = (fault.get("stacktrace") or {}).get("frames", [])
    plain = [{name: frame[name] for name in OF_FRAME if name in frame} for frame in frames]
    return {"type": fault.get("type"), "module": fault.get("module"), "stacktrace": {"frames": plain}}


def install(app: Flask) -> None:
    """Report what no view foresaw."""
    start(app.extensions["settings"])
    got_request_exception.connect(_seen, app)


def _seen(sender: Flask, exception: BaseException, **more: Any) -> None:
    del sender, more
    report(exception, place=route())
