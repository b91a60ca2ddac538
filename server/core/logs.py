"""One JSON line an event: request id and county, controls escaped, secrets and numbers of people taken out."""

import json
import logging
import re
import time
from typing import Any

from flask import Flask, Response, g, request

from server.core import apart, traces, tracing

SECRETS = re.compile(
    r"((?:access_token|secret|corpsecret|appsecret|js_code|code|key|k|s|token|openid)=)[^&\s\"']+",
    re.IGNORECASE,
)
REFUSALS = frozenset({401, 403, 429})
"""Answers that tell of somebody trying; each has its line."""
SLOW_SECONDS = 1.0
IN_PATHS = re.compile(
    r"(/(?:invite|d|bind)/)[A-Za-z0-9_-]{22,}|(/(?:e|r|c|api/v1/places|api/v1/reports)/)[A-Za-z0-9_-]{6,}"
)
OPENID = re.compile(r"(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])")
UNSEEN = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""What JSON lets stand, and a reader of lines may take for a line's end, or not show."""
MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
NO_ROUTE = "-"


def redact(text: str) -> str:
    """The text without secrets and reports' numbers in addresses, openids, whole mobile numbers and identity cards."""
    plain = IN_PATHS.sub(lambda found: f"{found[1] or found[2]}…", SECRETS.sub(r"\1…", text))
    return MOBILE.sub(r"\1****\2", IDENTITY.sub("…", OPENID.sub("o…", plain)))


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON that nobody can break out of."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record; a fault is told by its kind and places, not by its words.

        What belongs to a confidential report leads to no request, and so to no address in a proxy's log.
        """
        trace = traces.told(record.exc_info) if record.exc_info else ""
        hidden = apart.is_open() or apart.in_trace(trace)
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
            "request_id": "" if hidden else tracing.request_id(),
            "county": "" if hidden else tracing.county(),
            **getattr(record, "facts", {}),
            "trace": trace,
        }
        said = json.dumps({key: value for key, value in line.items() if value != ""}, ensure_ascii=False)
        return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", said)


def setup(level: int = logging.INFO) -> None:
    """Send the process's logs to standard error as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("urllib3", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def route() -> str:
    """The pattern of the request's address, such as `/d/<token>`: it holds no token, no code and no query."""
    return request.url_rule.rule if request.url_rule else NO_ROUTE


def install(app: Flask) -> None:
    """Give every request an id and a line when it was slow or refused; a proxy's id holds where one stands before us."""
    behind = app.extensions["settings"].proxy_hops > 0

    @app.before_request
    def begin() -> None:
        g.request_id = tracing.begin(request.headers.get("X-Request-Id", "") if behind else "")
        g.began = time.monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        took = time.monotonic() - g.get("began", time.monotonic())
        if response.status_code in REFUSALS or response.status_code >= 500 or took > SLOW_SECONDS:  # noqa: PLR2004
            app.logger.warning(
                "%s %s %s", request.method, route(), response.status_code, extra=_facts(response, took)
            )
        return response


def _facts(response: Response, took: float) -> dict[str, dict[str, Any]]:
    return {
        "facts": {
            "method": request.method,
            "route": route(),
            "status": response.status_code,
            "ms": round(took * 1000),
        }
    }
