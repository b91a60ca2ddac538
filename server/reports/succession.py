"""An estate changes its company: the work goes to the successor, the clocks run on, the old access ends."""

from datetime import datetime

from sqlalchemy import select

from server.accounts import people
from server.accounts.holding import end_access
from server.accounts.models import Body, BodyKind, Holding, Person, Post
from server.companies.succession import Succession
from server.core.db import db
from server.notices.service import cancel_for_person, cancel_for_posts
from server.policy.loader import book_behind
from server.reports.models import Report
from server.reports.replay import kept
from server.reports.system import record_system
from server.reports.telling import tell_bodies
from server.reports.workflow import ACCEPTED, CLOSED, REFERRED, RESOLVED, SUBMITTED, WHISTLED, Act

ALIVE = (SUBMITTED, ACCEPTED, WHISTLED, REFERRED, RESOLVED)
"""Somebody must still act, or be asked again; closed ones move too, so that a reopening finds its handler."""


def take_over(succession: Succession, now: datetime) -> None:
    """Move an estate's reports to the body that answers for it now, and end the terms in the old one."""
    new = db.session.get_one(Body, succession.new_body_id)
    project = new.id if new.kind == BodyKind.PROJECT else None
    reports = db.session.scalars(
        select(Report)
        .where(
            Report.estate_id == succession.estate_id,
            Report.project_body_id == succession.old_body_id,
            Report.state.in_((*ALIVE, CLOSED)),
        )
        .order_by(Report.id)
        .with_for_update()
    ).all()
    for report in reports:
        _move(report, succession, project, now=now)
    _end_terms(succession.old_body_id, now=now)


def _move(report: Report, succession: Succession, project: int | None, *, now: datetime) -> None:
    handled = report.handler_id == succession.old_body_id
    report.project_body_id = project
    if handled:
        report.handler_id = succession.new_body_id
    if not handled:
        return
    event = record_system(
        report,
        Act.TRANSFER,
        text=f"小区的物业服务有变更，转由{succession.new_name}办理，时限不变。",
        data={"from": succession.old_body_id, "to": succession.new_body_id}
        | kept({"handler_id": succession.new_body_id}),
        now=now,
    )
    if report.state == CLOSED:
        return
    report.version += 1
    tell_bodies(
        report,
        {succession.new_body_id: "handle"},
        purpose="transfer",
        occasion=f"event:{event.id}",
        book=book_behind(report),
        now=now,
    )


def _end_terms(body_id: int, *, now: datetime) -> None:
    """Whoever worked for the old company here sees nothing of the estate from the next request on."""
    rows = db.session.execute(
        select(Person, Post)
        .join(Holding, Holding.person_id == Person.id)
        .join(Post, Post.id == Holding.post_id)
        .where(Post.body_id == body_id, Holding.ended_at.is_(None))
    ).all()
    for person, post in rows:
        people.end_term(person, post, by=None, now=now)
        cancel_for_posts([post.id], person.id, now=now)
        if end_access(person, now=now):
            cancel_for_person(person.id, now=now)
