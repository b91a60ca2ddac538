"""Feed entries that repeat a reporter's words lose the numbers in them with his contact data."""

from collections.abc import Sequence

from sqlalchemy import select

from server.core.db import db
from server.core.masks import mask_numbers
from server.escalation.feed import bump
from server.escalation.messages import again
from server.escalation.models import FeedEntry
from server.escalation.rules import Reason
from server.reports.models import Event

REOPENINGS = (Reason.REOPENED, Reason.REOPENED_OFTEN)
REPEATING = (*REOPENINGS, Reason.BAD_RATING)
"""Why an entry holds what the reporter typed."""


def hide_numbers(report_ids: Sequence[int]) -> None:
    """Mask these reports' entries; the county's feed moves along where one changes."""
    query = select(FeedEntry).where(FeedEntry.report_id.in_(report_ids), FeedEntry.reason.in_(REPEATING))
    changed = [
        (entry, plain) for entry in db.session.scalars(query) if (plain := _plain(entry)) != entry.detail
    ]
    for county_id in sorted({entry.county_id for entry, _ in changed}):
        bump(county_id)
    for entry, plain in changed:
        entry.detail = plain
    db.session.flush()


def _plain(entry: FeedEntry) -> str:
    """The detail without numbers; a reopening's is written anew, for a number may have been cut in two at its end."""
    words = _words(entry) if entry.reason in REOPENINGS else None
    return mask_numbers(entry.detail) if words is None else again(entry.detail, mask_numbers(words))


def _words(entry: FeedEntry) -> str | None:
    """What the reporter typed when he reopened, as his step holds it now."""
    step = entry.occasion.rpartition(":")[2]
    here = (
        (Event.id == int(step), Event.report_id == entry.report_id)
        if step.isdigit()
        else (Event.id.is_(None),)
    )
    return db.session.scalar(select(Event.text).where(*here))
