"""One JSON line an event; controls escaped, secrets and numbers of people taken out."""

import json
import logging
import re
import time
import uuid

from flask import Flask, Response, g, request

SECRETS = re.compile(
    r"((?:access_token|secret|corpsecret|appsecret|js_code|code|key|k|s|token|openid)=)[^&\s\"']+",
    re.IGNORECASE,
)
REFUSALS = frozenset({401, 403, 429})
"""Answers that tell of somebody trying; each has its line."""
IN_PATHS = re.compile(r"(/(?:invite|d|bind)/)[A-Za-z0-9_-]{22,}")
OPENID = re.compile(r"(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])")
UNSEEN = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""What JSON lets stand, and a reader of lines may take for a line's end, or not show."""
MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def redact(text: str) -> str:
    """The text without secrets in addresses, openids and whole mobile numbers."""
    plain = IN_PATHS.sub(r"\1…", SECRETS.sub(r"\1…", text))
    return MOBILE.sub(r"\1****\2", OPENID.sub("o…", plain))


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON that nobody can break out of."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = redact(self.formatException(record.exc_info))
        return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(line, ensure_ascii=False))


def setup(level: int = logging.INFO) -> None:
    """Send the process's logs to standard error as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("urllib3").setLevel(logging.WARNING)


def install(app: Flask) -> None:
    """Give every request a number and a line when it was slow or failed."""

    @app.before_request
    def begin() -> None:
        g.request_id = uuid.uuid4().hex[:12]
        g.began = time.monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        took = time.monotonic() - g.get("began", time.monotonic())
        if response.status_code in REFUSALS or response.status_code >= 500 or took > 1:  # noqa: PLR2004
            app.logger.warning(
                "%s %s %s %.0f ms %s",
                request.method,
                request.path,
                response.status_code,
                took * 1000,
                g.get("request_id"),
            )
        return response
