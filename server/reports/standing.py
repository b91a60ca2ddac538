"""What somebody is to one report: by his posts, by proof of his own, and by what was asked of his body."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.accounts.models import Body
from server.accounts.permissions import JOINT_ROLES, Part, parts
from server.accounts.roles import Actor
from server.core.db import db
from server.notices.models import Inbox
from server.policy.loader import book_behind
from server.reports.facts import facts, subject
from server.reports.models import Report
from server.reports.part_models import ReportPart
from server.reports.parts import Called, called_to
from server.reports.sides import Side
from server.reports.workflow import Facts


@dataclass(frozen=True)
class Standing:
    """One actor before one report; without parts it does not exist for him."""

    parts: frozenset[Part]
    called: Called
    own: ReportPart | None
    """What was asked of his own body."""


def joint_bodies(report_id: int) -> frozenset[int]:
    """The bodies that have a report on a desk."""
    return frozenset(db.session.scalars(select(Inbox.body_id).where(Inbox.report_id == report_id)))


def standing(report: Report, actor: Actor) -> Standing:
    """What an actor is to a report; whoever was called to answer a part is a joint body, whatever his role."""
    joint = joint_bodies(report.id) if JOINT_ROLES & actor.roles else frozenset()
    found, called = parts(actor, subject(report, joint)), called_to(report)
    if joint and _answers_for_safety(report, actor.bodies(*JOINT_ROLES) & joint):
        found |= {Part.SAFETY}
    own = called.own({post.body_id for post in actor.posts}) if actor.posts else None
    return Standing(found | {Part.JOINT} if own is not None else found, called, own)


def _answers_for_safety(report: Report, bodies: frozenset[int]) -> bool:
    """Whether one of these bodies answers for safety, by the book; asked only while a danger waits for its second look."""
    if report.hazard_step != Side.REINSPECT or not bodies:
        return False
    keys = {key for kind in book_behind(report).kinds.values() for key in kind.safety}
    found = select(Body.id).where(Body.id.in_(bodies), Body.key.in_(keys)).limit(1)
    return db.session.scalar(found) is not None


def facts_for(report: Report, stand: Standing, *, now: datetime) -> Facts:
    """What the workflow needs to know of a report, seen from where somebody stands."""
    return facts(report, book_behind(report), now=now, own=stand.own)
