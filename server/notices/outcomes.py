"""Writing down in the ledger what came of a push: sent, again later, on to the next channel, or dead."""

from datetime import datetime

from sqlalchemy import literal, or_, select, update

from server.core import jobs
from server.core.db import db
from server.notices import lines, rules
from server.notices.channels import RefusalKind, Refused
from server.notices.desks import Reach
from server.notices.jobs import push as push_job
from server.notices.models import Address, ChannelPause, Consent, Push
from server.notices.rules import Next, Verdict
from server.notices.service import SUBSCRIBE, write_pushes
from server.notices.trial import PURPOSE as TRIAL


def record_sent(push: Push, template: str, *, reference: str = "", now: datetime) -> None:
    """It was taken; a subscribe message has used up one consent. `reference` is the channel's own number."""
    push.state, push.done_at, push.last_code = "sent", now, None
    push.reference = reference[:80] or None
    if push.channel in SUBSCRIBE:
        _consent(push, template, left=Consent.left - 1, now=now)


def record_refused(push: Push, template: str, refused: Refused, *, now: datetime, luck: float) -> None:
    """It was not taken: the class of the refusal decides what next (`rules.judge`)."""
    push.last_code = refused.code[:40]
    push.failing_at = push.failing_at or now
    if refused.code == rules.REFUSED_BY_USER and push.channel in SUBSCRIBE:
        _consent(push, template, left=0, now=now)
    if refused.kind is RefusalKind.PAUSE or not refused.reached:
        push.attempts -= 1  # a quota, or a token that is not to be had, burns no attempt
    lines.mark_failed(push, refused, now=now, luck=luck)
    other = next_address(push, now=now, resting_too=refused.kind is RefusalKind.FINAL)
    verdict = rules.judge(
        refused.kind,
        refused.code,
        attempts=push.attempts,
        failing_at=push.failing_at,
        now=now,
        other=other is not None,
        luck=luck,
        channel=push.channel,
    )
    _apply(push, verdict, other, now=now)


def resting(push: Push, circuit: ChannelPause, *, now: datetime) -> None:
    """The push's line is closed: it waits for the release, or takes another channel meanwhile."""
    push.last_code = circuit.code
    push.failing_at = push.failing_at or now
    other = next_address(push, now=now, resting_too=False)
    verdict = rules.rest(
        circuit.until_at,
        since_at=circuit.opened_at or now,
        failing_at=push.failing_at,
        now=now,
        other=other is not None,
    )
    _apply(push, verdict, other, now=now)


def hold(push: Push, until_at: datetime) -> None:
    """Quiet hours: it goes after their end; what is parked stays so, for the release to let it go at its pace."""
    if push.parked_on is not None:
        push.next_at = until_at + rules.PATIENCE
        return
    push.next_at = until_at
    _wake(push, at=until_at)


def next_address(push: Push, *, now: datetime, resting_too: bool) -> Address | None:
    """The next way to the same addressee: by rank, not tried on this occasion; resting channels last or never."""
    whose = {Address.person_id: push.person_id, Address.resident_id: push.resident_id}
    mine = [column == value for column, value in whose.items() if value is not None]
    if not mine or push.purpose == TRIAL:
        return None
    tried = select(Push.address_id).where(
        Push.occasion == push.occasion, Push.report_id == push.report_id, Push.address_id.is_not(None)
    )
    rests = lines.resting_address(now)
    agreed = select(Consent.address_id).where(Consent.left > 0)
    return db.session.scalar(
        select(Address)
        .where(
            *mine,
            Address.ended_at.is_(None),
            Address.id.not_in(tried),
            or_(Address.channel.not_in(SUBSCRIBE), Address.id.in_(agreed)),
            or_(~rests, literal(resting_too)),
        )
        .order_by(rests, Address.rank, Address.id)
        .limit(1)
    )


def _apply(push: Push, verdict: Verdict, other: Address | None, *, now: datetime) -> None:
    push.parked_on = lines.line_of(push) if verdict.next is Next.REST else None
    if verdict.at is not None:
        push.next_at = verdict.at
    if verdict.next is Next.REST:
        return  # no job: `releasing` wakes it, and the sweep does if nobody else has
    if verdict.at is not None:
        _wake(push, at=verdict.at)
        return
    push.state, push.done_at = ("passed" if verdict.next is Next.PASS else "dead"), now
    db.session.flush()
    if verdict.next is Next.PASS and other is not None:
        _pass_on(push, other, now=now)


def _wake(push: Push, *, at: datetime) -> None:
    db.session.flush()
    jobs.defer(db.session, push_job, [{"push_id": push.id, "county_id": push.county_id}], at=at)


def _pass_on(push: Push, other: Address, *, now: datetime) -> None:
    """The same message to the same person by another way, as a row of its own in the ledger."""
    write_pushes(
        push.county_id,
        [Reach(push.post_id, push.person_id, other.id, other.channel)],
        report_id=push.report_id,
        purpose=push.purpose,
        occasion=push.occasion,
        urgent=push.urgent,
        now=now,
        resident_id=push.resident_id,
    )


def _consent(push: Push, template: str, *, left: object, now: datetime) -> None:
    db.session.execute(
        update(Consent)
        .where(Consent.address_id == push.address_id, Consent.purpose == template, Consent.left > 0)
        .values(left=left, changed_at=now)
    )
