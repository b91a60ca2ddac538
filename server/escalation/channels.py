"""What the feed says of channels that do not work: only what lasts, gone by itself when it is over."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from server.core.db import db
from server.escalation import messages
from server.escalation.feed import close_others, open_entries
from server.escalation.rules import Entry, Reason
from server.notices.addresses import CHANNEL_NAMES
from server.notices.lines import open_lines
from server.notices.models import Address, ChannelPause
from server.policy.loader import books

LASTS = timedelta(minutes=10)
"""A channel that rests for less is everyday."""


def watch_channels(now: datetime, *, silent: Iterable[str] = ()) -> int:
    """Open an entry for each channel that rests long, and each that never confirms; close what is over; how many.

    A group's robot concerns its own county, every other channel all of them.
    """
    lasting = [one for one in open_lines(now) if _lasts(one, now)]
    whole = {f"{Reason.CHANNEL_DOWN}:receipts:{one}": messages.channel_silent(_name(one)) for one in silent}
    own: dict[str, dict[str, str]] = {}
    for one in lasting:
        county = _county(one.channel)
        found = whole if county is None else own.setdefault(county, {})
        found[f"{Reason.CHANNEL_DOWN}:{one.channel}"] = messages.channel_down(_name(one.channel), one.code)
    for county_id in sorted(books()):
        here = whole | own.get(county_id, {})
        entries = [Entry(county_id, Reason.CHANNEL_DOWN, name, detail) for name, detail in here.items()]
        open_entries(entries, now=now)
        close_others(county_id, Reason.CHANNEL_DOWN, here, now=now)
    return len(lasting)


def _lasts(line: ChannelPause, now: datetime) -> bool:
    known = line.channel.partition(":")[0] in CHANNEL_NAMES and line.opened_at is not None
    return known and max(line.until_at, now) - (line.opened_at or now) >= LASTS


def _name(line: str) -> str:
    channel = line.partition(":")[0]
    return CHANNEL_NAMES.get(channel, channel)


def _county(line: str) -> str | None:
    """The county of a group's robot; None for a channel of all."""
    address = line.partition(":")[2]
    if not address.isdigit():
        return None
    return db.session.scalar(select(Address.county_id).where(Address.id == int(address)))
