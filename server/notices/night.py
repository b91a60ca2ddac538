"""Quiet hours at the last moment: whatever brings an ordinary push to its sending, no phone rings by night.

What belongs to no county's book, a drill's double and what is confidential, goes by the instant it was written for.
"""

from datetime import datetime, timedelta

from server.core.workdays import after_quiet, outside_quiet
from server.policy.loader import books
from server.policy.terms import QuietHours


def _hours(county_id: str, *, urgent: bool) -> QuietHours | None:
    book = None if urgent else books().get(county_id)
    return book.quiet if book else None


def ends_at(county_id: str, *, urgent: bool, now: datetime) -> datetime | None:
    """When the quiet hours end that hold a push back now; None for one that may go."""
    hours = _hours(county_id, urgent=urgent)
    ends = after_quiet(now, hours.start, hours.end) if hours else now
    return ends if ends > now else None


def asleep(now: datetime) -> list[str]:
    """The counties in which only what is urgent may go out now."""
    return [county_id for county_id in books() if ends_at(county_id, urgent=False, now=now)]


def waited(county_id: str, *, urgent: bool, since: datetime, now: datetime) -> timedelta:
    """How long a push has waited since an instant; the nights that held it back are not counted."""
    hours = _hours(county_id, urgent=urgent)
    span = outside_quiet(since, now, hours.start, hours.end) if hours else now - since
    return max(span, timedelta())
