"""What the system itself has to tell: pushes that reached nobody, and holidays that nobody entered."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from server.accounts.models import Body, Post
from server.core import clock
from server.core.db import db
from server.escalation import messages
from server.escalation.feed import clear_mended, close_others, open_entries
from server.escalation.rules import Entry, Reason
from server.notices.addresses import CHANNEL_NAMES
from server.notices.models import Push
from server.notices.quiet import is_quiet
from server.notices.trial import PURPOSE as TRIAL
from server.policy.loader import books

AHEAD = timedelta(days=30)
"""How long before a year begins its holidays must be known."""
NO_ADDRESS = "no_address"
SOMEBODY = "收件人"


def notice_dead_pushes(now: datetime, *, most: int = 200) -> int:
    """A feed entry for what reached nobody: one a report and person, one a person without any channel.

    How many pushes were looked at. A resident's push is no alarm: his page tells him all the same.
    """
    rows = db.session.execute(
        select(Push.id, Push.county_id, Push.report_id, Push.person_id, Push.address_id, Push.channel)
        .add_columns(Push.last_code, Push.purpose, Body.name, Post.duty)
        .outerjoin(Post, Post.id == Push.post_id)
        .outerjoin(Body, Body.id == Post.body_id)
        .where(Push.state == "dead", Push.noticed_at.is_(None), Push.resident_id.is_(None))
        .order_by(Push.id)
        .limit(most)
        .with_for_update(of=Push, skip_locked=True)
    ).all()
    if rows:
        db.session.execute(update(Push).where(Push.id.in_([row.id for row in rows])).values(noticed_at=now))
        found = [_undelivered(row) for row in rows if row.purpose != TRIAL and not is_quiet(row.purpose)]
        # In one order everywhere, so that two workers never wait for each other crosswise.
        open_entries(sorted(found, key=lambda one: (one.county_id, one.occasion)), now=now)
    return len(rows)


def _undelivered(row: Any) -> Entry:
    whom = f"{row.name} {row.duty}" if row.name else SOMEBODY
    if row.last_code == NO_ADDRESS and row.person_id is not None:
        occasion, detail = f"{NO_ADDRESS}:{row.person_id}", messages.no_address(whom)
        return Entry(row.county_id, Reason.UNDELIVERED, occasion, detail, person_id=row.person_id)
    about = f"person:{row.person_id}" if row.person_id is not None else f"address:{row.address_id}"
    return Entry(
        row.county_id,
        Reason.UNDELIVERED,
        f"{Reason.UNDELIVERED}:{row.report_id}:{about}",
        messages.undelivered(whom, CHANNEL_NAMES.get(row.channel, row.channel), row.last_code or "—"),
        report_id=row.report_id,
        person_id=row.person_id,
    )


def close_mended(now: datetime) -> int:
    """Close the alarms about people who can be reached and posts that are held by now; how many."""
    return clear_mended(now=now)


def watch_holidays(now: datetime) -> None:
    """An alarm for each county and year that begins within a month and has no holiday list; gone once it has."""
    today = clock.today(now)
    for county_id, book in sorted(books().items()):
        years = book.calendar.unpublished_years(today, clock.today(now + AHEAD))
        found = {f"{Reason.HOLIDAYS}:{year}": messages.holidays(year) for year in years}
        open_entries(
            [Entry(county_id, Reason.HOLIDAYS, occasion, detail) for occasion, detail in found.items()],
            now=now,
        )
        close_others(county_id, Reason.HOLIDAYS, found, now=now)
