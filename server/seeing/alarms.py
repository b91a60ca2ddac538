"""Alarms kept in the database: opened when seen, closed when well for a while, told to the operators' group once each."""

import logging
from collections.abc import Callable
from datetime import datetime

from flask import current_app
from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import insert

from server.core import jobs
from server.core.db import db
from server.notices.channels import Refused
from server.seeing.facts import gather, host
from server.seeing.jobs import say_alarms
from server.seeing.models import Alarm
from server.seeing.rules import CLEAR_AFTER, FORGET_AFTER, is_mine, stuck_span, text_of, unsaid, wrong
from server.seeing.signs import expect
from server.settings import Settings

OPEN, CLEAR = "open", "clear"
Send = Callable[[str], None]
"""Hands a text to the group; raises Refused."""
log = logging.getLogger(__name__)


def watch(now: datetime) -> int:
    """Look at everything, keep what is wrong, and have the group told of what it does not know; how much is wrong."""
    expect(current_app.extensions["duties"].keys(), now=now)
    found = look(now=now)
    if to_say(now=now) and current_app.extensions.get("alarm_group"):
        jobs.defer(db.session, say_alarms, [{}])
    return len(found)


def look(*, now: datetime) -> dict[str, str]:
    """What is wrong now, written down; what has been well for a while is closed."""
    settings: Settings = current_app.extensions["settings"]
    found = wrong(gather(settings, now=now), stuck_after=stuck_span(settings.alarm_after_minutes))
    for key, words in sorted(found.items()):
        _open(key, words, now=now)
    _close(set(found), now=now)
    return found


def _open(key: str, words: str, *, now: datetime) -> None:
    mended = Alarm.closed_at.is_not(None)
    row = insert(Alarm).values(key=key, words=words[:200], opened_at=now, seen_at=now)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=[Alarm.key],
            set_={
                "words": words[:200],
                "seen_at": now,
                "opened_at": case((mended, now), else_=Alarm.opened_at),
                "closed_at": None,
            },
        )
    )


def _close(found: set[str], *, now: datetime) -> None:
    gone = [
        key
        for key in db.session.scalars(select(Alarm.key).where(Alarm.closed_at.is_(None)))
        if key not in found and is_mine(key, host())
    ]
    well = (Alarm.key.in_(gone), Alarm.seen_at <= now - CLEAR_AFTER)
    forgotten = (Alarm.closed_at.is_(None), Alarm.seen_at <= now - FORGET_AFTER)
    for terms in (well, forgotten):
        db.session.execute(update(Alarm).where(*terms).values(closed_at=now))


def open_alarms() -> list[Alarm]:
    """What is wrong now, the longest first."""
    query = select(Alarm).where(Alarm.closed_at.is_(None)).order_by(Alarm.opened_at, Alarm.key)
    return list(db.session.scalars(query))


def to_say(*, now: datetime) -> list[Alarm]:
    """The alarms that the group must hear of now."""
    rows = db.session.scalars(select(Alarm).order_by(Alarm.opened_at, Alarm.key).with_for_update())
    return [
        row
        for row in rows
        if unsaid(
            is_open=row.closed_at is None,
            lasted=row.seen_at - row.opened_at,
            said=row.said,
            said_at=row.said_at,
            tried_at=row.tried_at,
            now=now,
        )
    ]


def say(send: Send, *, now: datetime) -> int:
    """Tell the group everything that it does not know, in one message; how many alarms. An edge: it commits.

    At least once: what was not taken is tried again a minute later by whoever looks next.
    """
    rows = to_say(now=now)
    for row in rows:
        row.tried_at = now
    opened = [row.words for row in rows if row.closed_at is None]
    mended = [row.words for row in rows if row.closed_at is not None]
    ends = {row.key: OPEN if row.closed_at is None else CLEAR for row in rows}
    db.session.commit()
    if not rows:
        return 0
    try:
        send(text_of(opened, mended, where=current_app.extensions["settings"].base_url))
    except Refused as refused:
        log.warning("the operators' group was not told: %s", refused.code)
        return 0
    for key, said in ends.items():
        db.session.execute(update(Alarm).where(Alarm.key == key).values(said=said, said_at=now))
    db.session.commit()
    return len(rows)
