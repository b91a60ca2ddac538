"""Statements that take long: counted and logged without their values, for everything that passes the engine."""

import logging
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from server.core import apart
from server.core.measures import SLOW_STATEMENTS, unfailing

SLOW_SECONDS = 0.5
SHOWN = 160
VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "COMMIT"})
log = logging.getLogger(__name__)


def took(statement: str, seconds: float) -> None:
    """Take note of a statement that took too long; its text is ours, its values are not in it.

    Of a confidential report's statement the verb alone, under no request and no county.
    """
    if seconds < SLOW_SECONDS:
        return
    words = statement.split()
    verb = words[0].upper() if words and words[0].upper() in VERBS else "OTHER"
    with unfailing():
        SLOW_STATEMENTS.labels(verb).inc()
    if apart.in_statement(statement):
        with apart.block():
            log.warning("slow statement: %.0f ms %s", seconds * 1000, verb)
    else:
        log.warning("slow statement: %.0f ms %s", seconds * 1000, " ".join(words)[:SHOWN])


def _before(link: Any, *_: Any) -> None:
    link.info["began"] = time.monotonic()


def _after(link: Any, _cursor: Any, statement: str, *_: Any) -> None:
    took(statement, time.monotonic() - link.info.pop("began", time.monotonic()))


event.listen(Engine, "before_cursor_execute", _before)
event.listen(Engine, "after_cursor_execute", _after)
