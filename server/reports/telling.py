"""Writing inbox rows and pushes for an act, to whom it concerns, at once or after the quiet hours."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from server.accounts.bodies import bureau_of
from server.accounts.models import Body
from server.accounts.permissions import Part
from server.accounts.roles import Actor
from server.core.db import db
from server.estates.models import Estate
from server.notices.desks import Delivery, Reach, deliver, find_desks
from server.notices.service import tell_resident, write_pushes
from server.policy.clocks import push_at
from server.policy.model import Book
from server.reports.audience import PARTIES, Told, told
from server.reports.deeds import Deed
from server.reports.models import Event, Report
from server.reports.side_changes import SENT_BACK, body_of_level
from server.reports.standing import Standing
from server.reports.workflow import Act

NOBODY: Mapping[int, str] = {}
PURPOSES: dict[Act, str] = {act: act.value for act in Act if act is not Act.SUBMIT}
"""A push's purpose is the act it tells of; `new` and `overdue` are the two that are no act."""

OF_OWNERS = frozenset({"needs_fund", "needs_vote"})
"""Endings in which the owners must decide."""
OWNERS_DECIDE = "fund_or_vote"


def reach_bodies(report: Report, wanted: dict[int, str], *, now: datetime) -> Delivery:
    """The delivery to these bodies, going up where nobody holds a post."""
    chain = {report.community_id, report.township_id, bureau_of(report.county_id).id}
    desks = find_desks(report.county_id, ids=chain | set(wanted), now=now)
    return deliver(desks, wanted)


def others(act: Act, deed: Deed, event: Event, stand: Standing) -> dict[int, str]:
    """Called bodies that an act concerns: who is asked for a part, who whistled, who leads while a part is answered."""
    wanted = dict.fromkeys(event.data.get("joint", ()), "joint")
    caller = stand.own.from_body_id if stand.own else None
    if caller and act in {Act.REPORT_IN, Act.HAND_BACK}:
        wanted.setdefault(caller, "watch")
    if act is Act.REPLY and deed.part and stand.called.lead:
        wanted.setdefault(stand.called.lead.body_id, "handle")
    return wanted


def pass_on(
    report: Report,
    act: Act,
    event: Event,
    *,
    book: Book,
    by: Actor,
    also: Mapping[int, str] = NOBODY,
    now: datetime,
) -> list[int]:
    """Tell everybody whom an act concerns, but the actor; gives the bodies where nobody holds the post."""
    who = told(act, grants_by_community=book.classes[report.time_class].extension_by.value == "community")
    who, purpose = _by_result(report, act, event, who)
    wanted: dict[int, str] = {}
    if who.handler:
        wanted[report.handler_id] = "handle"
    if who.judge is Part.COMMUNITY:
        wanted[report.community_id] = "watch"
    if who.bureau or who.judge is Part.BUREAU:
        wanted.setdefault(bureau_of(report.county_id).id, "watch")
    if act in PARTIES and report.project_body_id:
        wanted.setdefault(report.project_body_id, "watch")
    if act is Act.RESOLVE:
        wanted |= _beside_answer(report, book)
    if act is Act.MEASURE:
        wanted |= _filed_with(report, book)
    wanted = {**also, **wanted}
    vacant = tell_bodies(
        report, wanted, purpose=purpose, occasion=f"event:{event.id}", book=book, by=by, now=now
    )
    if who.owner and report.resident_id:
        tell_resident(
            report.county_id,
            report.resident_id,
            report_id=report.id,
            purpose=PURPOSES[act],
            occasion=f"event:{event.id}",
            urgent=report.time_class in book.quiet.spares,
            now=now,
            not_before=push_at(book, report.time_class, now),
        )
    return vacant


def _by_result(report: Report, act: Act, event: Event, who: Told) -> tuple[Told, str]:
    """An answer that is checked first is no news for the reporter yet; one that is sent back is none at all."""
    if act is Act.RESOLVE and report.check_due_at is not None:
        return replace(who, owner=False), Act.CHECK.value
    if act is Act.RESOLVE and report.outcome in OF_OWNERS:
        return who, OWNERS_DECIDE
    if act is Act.CHECK:
        back = event.data.get("result") == SENT_BACK
        return replace(who, owner=not back, handler=back), SENT_BACK if back else act.value
    return who, PURPOSES[act]


def _filed_with(report: Report, book: Book) -> dict[int, str]:
    """Bodies that keep the measures against dangers in their files (奇台 三(二)3: 报县消防大队备案)."""
    keys = book.hazard.filed_with
    bodies = select(Body.id).where(Body.county_id == report.county_id, Body.key.in_(keys))
    return dict.fromkeys(db.session.scalars(bodies), "joint") if keys else {}


def _beside_answer(report: Report, book: Book) -> dict[int, str]:
    """Who must do something after an answer: check it, or act for a committee that is not there (A14)."""
    bureau = bureau_of(report.county_id).id
    if report.check_due_at is not None:
        return {body_of_level(report, book.second_body.by, bureau_id=bureau): "watch"}
    has_committee = db.session.scalar(select(Estate.has_committee).where(Estate.id == report.estate_id))
    if report.outcome in OF_OWNERS and has_committee is False:
        return {body_of_level(report, book.committee.by, bureau_id=bureau): "watch"}
    return {}


def tell_bodies(
    report: Report,
    wanted: dict[int, str],
    *,
    purpose: str,
    occasion: str,
    book: Book,
    by: Actor | None = None,
    now: datetime,
) -> list[int]:
    """Inbox rows and pushes for these bodies; gives those where nobody holds the post."""
    if not wanted:
        return []
    delivery = reach_bodies(report, wanted, now=now)
    myself = by.person_id if by else None
    write_pushes(
        report.county_id,
        _but(delivery, myself),
        report_id=report.id,
        purpose=purpose,
        occasion=occasion,
        urgent=report.time_class in book.quiet.spares,
        now=now,
        not_before=push_at(book, report.time_class, now),
        inbox=delivery.inbox,
    )
    return delivery.vacant


def _but(delivery: Delivery, person_id: int | None) -> list[Reach]:
    return [reach for reach in delivery.pushes.values() if person_id is None or reach.person_id != person_id]
