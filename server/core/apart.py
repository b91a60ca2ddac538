"""What belongs to confidential reports, as logs meet it: lines about it say that it was slow or failed, and no more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import has_request_context, request

SEALED = "sealed"
"""How the blueprints and tables of confidential reports begin."""
OF_TABLES = re.compile(rf"\b{SEALED}_")
IN_TRACES = re.compile(rf"/confidential/|\b(?:\w+_)?{SEALED}[._]")
"""Places in the code and names of constraints."""
_open: ContextVar[bool] = ContextVar("apart", default=False)


@contextmanager
def block() -> Iterator[None]:
    """Whatever is logged inside the block belongs to a confidential report."""
    before = _open.set(True)
    try:
        yield
    finally:
        _open.reset(before)


def is_open() -> bool:
    """Whether the running work is inside such a block."""
    return _open.get()


def asked() -> bool:
    """Whether the running request is one of a confidential body's people."""
    return has_request_context() and (request.blueprint or "").startswith(SEALED)


def in_statement(statement: str) -> bool:
    """Whether a statement works on a confidential report, whatever its text names."""
    return is_open() or OF_TABLES.search(statement) is not None


def in_trace(told: str) -> bool:
    """Whether a fault happened on the way of a confidential report."""
    return IN_TRACES.search(told) is not None
