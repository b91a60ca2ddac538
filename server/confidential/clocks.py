"""When a confidential report is due and when its body must be reminded; both clocks only (pure)."""

from datetime import datetime, timedelta

from server.confidential.rules import State

AGAIN = timedelta(days=1)
"""How long after a reminder the next one comes."""


def due_at(state: str, *, accept_due_at: datetime, resolve_due_at: datetime) -> datetime:
    """What is due next: acceptance, then the end."""
    return accept_due_at if state == State.SUBMITTED else resolve_due_at


def next_look(state: str, due: datetime, *, now: datetime) -> datetime | None:
    """When its body is reminded next: when it runs out, then once a day; never once it is over."""
    if state not in {State.SUBMITTED, State.ACCEPTED}:
        return None
    return due if due > now else now + AGAIN


def look_at(state: str, due: datetime, *, stored: datetime | None, now: datetime) -> datetime | None:
    """When its body is reminded after an act: a reminder that is due stays due, whatever is done meanwhile."""
    found = next_look(state, due, now=now)
    return stored if found and stored and stored <= now and due <= now else found


def is_late(state: str, due: datetime, *, now: datetime) -> bool:
    """Whether what is due next is overdue."""
    return state in {State.SUBMITTED, State.ACCEPTED} and now > due
