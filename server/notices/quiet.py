"""Pushes of which operators learn no more than that one could not be delivered: those about confidential reports."""

from sqlalchemy import ColumnElement

from server.notices.models import Push

QUIET = "sealed"
"""What the purpose of every such push begins with."""


def is_quiet(purpose: str) -> bool:
    """Whether a push must not be counted or told of."""
    return purpose.startswith(QUIET)


def told() -> ColumnElement[bool]:
    """The pushes that ledgers, totals and alarms may know of."""
    return Push.purpose.not_like(f"{QUIET}%")
