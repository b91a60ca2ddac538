"""When a term gives access: from its beginning until it is ended or runs out, to the minute, whatever a job does."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_

from server.accounts.models import Holding
from server.core import clock

RUNNING = "h.ended_at IS NULL AND (h.until_at IS NULL OR h.until_at > %(now)s)"
"""The same for statements that are written out, with the term as `h`."""


def running(now: datetime, term: type[Holding] = Holding) -> ColumnElement[bool]:
    """Whether a term gives access at an instant."""
    return and_(term.ended_at.is_(None), or_(term.until_at.is_(None), term.until_at > now))


def through(last_on: date | None) -> datetime | None:
    """The instant at which a term with this last day runs out: midnight in Shanghai after it."""
    if last_on is None:
        return None
    return datetime.combine(last_on + timedelta(days=1), time(), clock.ZONE).astimezone(UTC)


def last_day(until_at: datetime) -> date:
    """The last day of a term that runs out at an instant."""
    return clock.today(until_at - timedelta(microseconds=1))
