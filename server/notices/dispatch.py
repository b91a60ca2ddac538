"""Delivering one push: claim it, send it with no transaction open, write down what came of it."""

import logging
import random
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from server.accounts.models import Holding, Person
from server.accounts.terms import running
from server.core import jobs
from server.core.away import AWAY, undo
from server.core.crypto import Unreadable, vault
from server.core.db import db
from server.notices import lines, night
from server.notices.addresses import CHANNEL_NAMES
from server.notices.channels import Channel, Message, RefusalKind, Refused, Sent
from server.notices.compose import find_words
from server.notices.jobs import push as push_job
from server.notices.models import Address, Push
from server.notices.outcomes import hold, record_refused, record_sent, resting
from server.notices.rules import LEASE

HANDED_ON_WITHIN = timedelta(minutes=5)
"""How soon the duty that closes terms has dealt with the pushes of somebody who left."""
RECORD_AGAIN = (0.2, 0.5, 1.0, *(2.0,) * 30)
"""Seconds between tries to write down what came of a sending while the database is away: a minute in all. What has
gone out must not go out again because of that."""
NO_CHANNEL, NO_ADDRESS, NO_WORDS, FAULT = "no_channel", "no_address", "no_words", "fault"
OURS = frozenset({NO_CHANNEL, NO_ADDRESS, NO_WORDS, FAULT})
"""Refusals in which the channel had no say."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """One push that is ours until the lease ends, and what to send where."""

    push_id: int
    attempts: int
    lease_until: datetime
    channel: str
    target: str | None
    message: Message | None
    """None when no words could be found for it, which is tried again like any other fault."""
    troubled: bool = False
    """Whether its line has failed lately, so that a success is news."""

    @property
    def template(self) -> str:
        """The purpose as consents and templates know it."""
        return self.message.purpose if self.message else ""


def deliver_push(push_id: int, *, channels: Mapping[str, Channel], now: datetime) -> None:
    """Deliver a push if it is due; done, foreign or resting ones are left alone.

    At least once: whoever is killed while sending loses the lease and another one sends again. This is an
    edge of its own: it commits before the call, so that a hanging channel holds no transaction, and after it.
    """
    claim = _claim(push_id, now=now)
    db.session.commit()
    if claim is None:
        return
    receipt = _send(claim, channels)
    _record_at_last(claim, receipt, now=now)


def _record_at_last(claim: Claim, receipt: Sent | Refused, *, now: datetime) -> None:
    """Write it down, again and again while the database is away."""
    for wait in RECORD_AGAIN:
        with suppress(*AWAY):
            _record(claim, receipt, now=now)
            return
        undo()
        time.sleep(wait)
    _record(claim, receipt, now=now)


def _record(claim: Claim, receipt: Sent | Refused, *, now: datetime) -> None:
    push = _still_ours(claim)
    if push is None:
        db.session.rollback()
        return
    _tell_line(push, claim, receipt, now=now)
    if isinstance(receipt, Refused):
        record_refused(push, claim.template, receipt, now=now, luck=random.random())
    else:
        record_sent(push, claim.template, reference=receipt.reference, now=now)
    db.session.commit()


def _tell_line(push: Push, claim: Claim, receipt: Sent | Refused, *, now: datetime) -> None:
    """Whatever the channel says about one message, it lives; a fault of ours says nothing about it."""
    if not claim.troubled:
        return
    code = receipt.code if isinstance(receipt, Refused) else ""
    if code in OURS:
        lines.give_back(lines.line_of(push))
    elif not isinstance(receipt, Refused) or receipt.kind is RefusalKind.FINAL:
        lines.mark_well(lines.line_of(push), now=now)


def _claim(push_id: int, *, now: datetime) -> Claim | None:
    push = db.session.scalar(
        select(Push)
        .where(Push.id == push_id, Push.state == "pending", Push.next_at <= now)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if push is None or not _still_his(push, now=now):
        return None
    words = find_words(push)
    if words is None:
        push.state, push.done_at, push.parked_on = "cancelled", now, None
        return None
    night_ends_at = night.ends_at(push.county_id, urgent=push.urgent, now=now)
    circuit = lines.find(lines.line_of(push))
    if circuit is not None and lines.closed_for(circuit, now=now, lease=LEASE, may_try=night_ends_at is None):
        resting(push, circuit, now=now)
        return None
    if night_ends_at is not None:
        hold(push, night_ends_at)
        return None
    push.parked_on = None
    push.attempts += 1
    push.next_at = now + LEASE
    troubled = circuit is not None and bool(circuit.failures or circuit.opened_at)
    target = _target(push)
    return Claim(push.id, push.attempts, push.next_at, push.channel, target, words.message, troubled)


def _still_his(push: Push, *, now: datetime) -> bool:
    """Whether the addressee still holds the post it goes to; else it rests for the hand-over, or is cancelled."""
    if push.person_id is None:
        return True
    term = and_(Holding.person_id == Person.id, Holding.post_id == push.post_id)
    found = db.session.execute(
        select(
            Person.disabled_at.is_(None).label("here"),
            func.coalesce(func.bool_or(running(now)), False).label("holds"),
            func.coalesce(func.bool_or(Holding.ended_at.is_(None)), False).label("unclosed"),
        )
        .outerjoin(Holding, term)
        .where(Person.id == push.person_id)
        .group_by(Person.id)
    ).one_or_none()
    if found and found.here and (found.holds or push.post_id is None):
        return True
    if found and found.here and found.unclosed:
        push.next_at, push.parked_on = now + HANDED_ON_WITHIN, None
    else:
        push.state, push.done_at, push.parked_on = "cancelled", now, None
    return False


def _target(push: Push) -> str | None:
    """Where to send; None for an address that has ended or that no key of ours opens."""
    query = select(Address.target_sealed).where(Address.id == push.address_id, Address.ended_at.is_(None))
    sealed = db.session.scalar(query)
    try:
        return vault().open(sealed) if sealed is not None else None
    except Unreadable:
        return None


def _send(claim: Claim, channels: Mapping[str, Channel]) -> Sent | Refused:
    """Hand the message over; gives the receipt or the refusal, any unforeseen fault being one to try again."""
    channel = channels.get(claim.channel)
    if channel is None:
        known = claim.channel in CHANNEL_NAMES  # one that is not was written by a newer program
        return Refused(NO_CHANNEL, RefusalKind.FINAL if known else RefusalKind.RETRY)
    if claim.target is None:
        return Refused(NO_ADDRESS, RefusalKind.FINAL)
    if claim.message is None:
        return Refused(NO_WORDS, RefusalKind.RETRY)
    try:
        return channel.send(claim.target, claim.message)
    except Refused as refused:
        return refused
    except Exception as fault:  # noqa: BLE001 - a channel's bug must not lose the message
        log.warning("push %s: %s raised %s", claim.push_id, claim.channel, type(fault).__name__)
        return Refused(FAULT, RefusalKind.RETRY)


def _still_ours(claim: Claim) -> Push | None:
    """The row, locked, unless the lease ended and somebody else claimed it."""
    return db.session.scalar(
        select(Push)
        .where(
            Push.id == claim.push_id,
            Push.state == "pending",
            Push.attempts == claim.attempts,
            Push.next_at == claim.lease_until,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def wake_pushes(push_ids: Sequence[int], county_id: str) -> None:
    """A job for each of these pushes; an edge of its own, so it commits."""
    rows = [{"push_id": one, "county_id": county_id} for one in push_ids]
    jobs.defer(db.session, push_job, rows)
    db.session.commit()


LOST = """
SELECT p.id AS push_id, p.county_id FROM push p
WHERE p.state = 'pending' AND p.next_at <= %(now)s AND NOT EXISTS (
  SELECT 1 FROM (
    SELECT jsonb_array_elements(COALESCE(args -> 'push_ids', jsonb_build_array(args -> 'push_id')))::bigint AS push_id
    FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = %(task)s
  ) j WHERE j.push_id = p.id
) ORDER BY p.next_at, p.id LIMIT %(most)s FOR UPDATE OF p SKIP LOCKED
"""


def wake_due_pushes(now: datetime, *, most: int = 500) -> int:
    """A new job for every push that is due and has none any more; how many."""
    given = {"now": now, "task": push_job.name, "most": most}
    rows = db.session.connection().exec_driver_sql(LOST, given).mappings().all()
    jobs.defer(db.session, push_job, [dict(row) for row in rows])
    return len(rows)
