"""The duty that notices closes in bulk: flagged one by one, and one entry for the bureau (threat D10)."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from server.core import clock
from server.core.db import db
from server.escalation import messages
from server.escalation.feed import open_entries
from server.escalation.rules import Entry, Reason
from server.policy.loader import books
from server.reports.fairness import Flag, Resolution, bulk_words, bulks
from server.reports.flag_marks import move, reached
from server.reports.flagging import BEGINNING, LAG
from server.reports.flags import raise_flags
from server.reports.models import Event
from server.reports.workflow import Act

NAME = "fair_closes"


def doubt_bulk_closes(now: datetime) -> int:
    """Look at what staff resolved since the last time; how many reports are newly doubted."""
    since, until = reached(NAME) or BEGINNING, now - LAG
    reach = timedelta(minutes=max(book.guard.bulk_minutes for book in books().values()))
    rows = db.session.execute(
        select(Event.id, Event.report_id, Event.at, Event.county_id, Event.by_person_id, Event.by_label)
        .where(
            Event.act == Act.RESOLVE,
            Event.by_person_id.is_not(None),
            Event.at > since - reach,
            Event.at <= until,
        )
        .order_by(Event.at, Event.id)
    )
    done: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in rows:
        done[row.county_id, row.by_person_id].append(row)
    count = sum(_doubt(county, one, events, now=now) for (county, one), events in done.items())
    move(NAME, max(since, until))
    return count


def _doubt(county: str, person_id: int, events: list[Any], *, now: datetime) -> int:
    """Flag what one person did in runs; the entry stands once a day for him."""
    guard, count = books()[county].guard, 0
    for run in bulks([Resolution(row.id, row.report_id, row.at) for row in events], guard=guard):
        why = bulk_words(run, guard=guard)
        count += raise_flags([(county, one.report_id, Flag.BULK, why) for one in run], now=now)
        day = clock.today(run[0].at)
        occasion = f"{Reason.BULK_CLOSED}:{person_id}:{day}"
        detail = messages.bulk_closed(events[0].by_label, why)
        open_entries([Entry(county, Reason.BULK_CLOSED, occasion, detail)], now=now)
    return count
