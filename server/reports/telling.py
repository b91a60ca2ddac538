"""Writing inbox rows and pushes for an act, to whom it concerns, at once or after the quiet hours."""

from datetime import datetime

from server.accounts.bodies import bureau_of
from server.accounts.permissions import Part
from server.accounts.roles import Actor
from server.notices.desks import Delivery, Reach, deliver, find_desks
from server.notices.service import tell_resident, write_pushes
from server.policy.clocks import push_at
from server.policy.model import Book
from server.reports.audience import told
from server.reports.models import Event, Report
from server.reports.workflow import Act

PURPOSES: dict[Act, str] = {act: act.value for act in Act if act is not Act.SUBMIT}
"""A push's purpose is the act it tells of; `new` and `overdue` are the two that are no act."""


def reach_bodies(report: Report, wanted: dict[int, str], *, now: datetime) -> Delivery:
    """The delivery to these bodies, going up where nobody holds a post."""
    chain = {report.community_id, report.township_id, bureau_of(report.county_id).id}
    desks = find_desks(report.county_id, ids=chain | set(wanted), now=now)
    return deliver(desks, wanted)


def pass_on(report: Report, act: Act, event: Event, *, book: Book, by: Actor, now: datetime) -> list[int]:
    """Tell everybody whom an act concerns, but the actor; gives the bodies where nobody holds the post."""
    who = told(act, grants_by_community=book.classes[report.time_class].extension_by.value == "community")
    wanted: dict[int, str] = {}
    if who.handler:
        wanted[report.handler_id] = "handle"
    if who.judge is Part.COMMUNITY:
        wanted[report.community_id] = "watch"
    if who.bureau or who.judge is Part.BUREAU:
        wanted.setdefault(bureau_of(report.county_id).id, "watch")
    vacant = tell_bodies(
        report, wanted, purpose=PURPOSES[act], occasion=f"event:{event.id}", book=book, by=by, now=now
    )
    if who.owner and report.resident_id:
        tell_resident(
            report.county_id,
            report.resident_id,
            report_id=report.id,
            purpose=PURPOSES[act],
            occasion=f"event:{event.id}",
            now=now,
            not_before=push_at(book, report.time_class, now),
        )
    return vacant


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
