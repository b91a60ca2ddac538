"""Circuits of lines, shared by all processes: who may send, what a failure or a success does to the line."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, cast, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Text

from server.core.db import db
from server.notices import rules
from server.notices.channels import RefusalKind, Refused
from server.notices.models import Address, ChannelPause, Push


def line_of(push: Push) -> str:
    """The line that a push goes by."""
    return rules.line_of(push.channel, push.address_id)


def is_open(now: datetime) -> ColumnElement[bool]:
    """The lines that nobody but single tries may use."""
    return or_(ChannelPause.until_at > now, ChannelPause.opened_at.is_not(None))


def resting_address(now: datetime) -> ColumnElement[bool]:
    """Whether an address stands on a line that is open."""
    own = Address.channel + ":" + cast(Address.id, Text)
    line = case((Address.channel.in_(sorted(rules.OWN_LINES)), own), else_=Address.channel)
    return line.in_(select(ChannelPause.channel).where(is_open(now)))


def find(line: str) -> ChannelPause | None:
    """The line's circuit as it stands now; None for one that never failed."""
    query = select(ChannelPause).where(ChannelPause.channel == line)
    return db.session.scalar(query.execution_options(populate_existing=True))


def closed_for(circuit: ChannelPause | None, *, now: datetime, lease: timedelta, may_try: bool) -> bool:
    """Whether a push must wait; once the rest is over one at a time is let through, as a try, if it `may_try`."""
    if circuit is None or (circuit.until_at <= now and circuit.opened_at is None):
        return False
    if circuit.until_at > now or not may_try:
        return True
    free = or_(ChannelPause.probe_at.is_(None), ChannelPause.probe_at <= now)
    mine = (
        update(ChannelPause)
        .where(ChannelPause.channel == circuit.channel, ChannelPause.until_at <= now, free)
        .values(probe_at=now + lease)
        .returning(ChannelPause.channel)
    )
    return db.session.execute(mine).first() is None


def mark_well(line: str, *, now: datetime) -> None:
    """The line has answered: failures are forgotten, and whoever waits may go, a few at a time."""
    troubled = or_(ChannelPause.failures > 0, is_open(now))
    db.session.execute(
        update(ChannelPause)
        .where(ChannelPause.channel == line, troubled)
        .values(failures=0, rounds=0, opened_at=None, probe_at=None, last_push_id=None, until_at=now)
    )


def mark_failed(push: Push, refused: Refused, *, now: datetime, luck: float) -> None:
    """Count a failure against the push's line: a quota closes it at once, sickness after several."""
    if refused.kind is RefusalKind.PAUSE:
        _open(
            _locked(push, refused, now=now), rules.pause_until(refused.code, now, channel=push.channel), now
        )
    elif rules.is_sick(refused.kind, refused.code):
        _count(_locked(push, refused, now=now), push, refused, now=now, luck=luck)


def give_back(line: str) -> None:
    """A try ended without a word about the line: the next one may try at once."""
    db.session.execute(update(ChannelPause).where(ChannelPause.channel == line).values(probe_at=None))


def _locked(push: Push, refused: Refused, *, now: datetime) -> ChannelPause:
    line = line_of(push)
    new = insert(ChannelPause).values(channel=line, until_at=now, code=refused.code[:40])
    db.session.execute(new.on_conflict_do_nothing())
    query = select(ChannelPause).where(ChannelPause.channel == line).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _count(circuit: ChannelPause, push: Push, refused: Refused, *, now: datetime, luck: float) -> None:
    if circuit.last_push_id != push.id or not refused.reached:
        circuit.failures += 1
    circuit.last_push_id, circuit.code = push.id, refused.code[:40]
    late = circuit.until_at > now  # one that was under way when the line was closed tells nothing new
    if circuit.opened_at is not None and not late:
        _open(circuit, now + rules.line_rest(circuit.rounds, luck), now)
    elif circuit.failures >= rules.OPENS_AFTER and not late:
        circuit.rounds = 0
        _open(circuit, now + rules.line_rest(0, luck), now)


def _open(circuit: ChannelPause, until_at: datetime, now: datetime) -> None:
    circuit.opened_at = circuit.opened_at or now
    circuit.until_at = max(circuit.until_at, until_at)
    circuit.rounds += 1
    circuit.probe_at = None


def open_lines(now: datetime) -> list[ChannelPause]:
    """The lines that rest now, the longest first."""
    query = select(ChannelPause).where(is_open(now)).order_by(ChannelPause.opened_at)
    return list(db.session.scalars(query))
