"""An act that came too late because another was faster: refused, and still told in the report's history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.accounts.roles import Actor, Held
from server.core.db import db
from server.core.errors import Conflict
from server.reports.deeds import Deed
from server.reports.models import Event, Report
from server.reports.words import ACTS
from server.reports.workflow import Act

REPORTER = "报告人"


@dataclass(frozen=True)
class Attempt:
    """What somebody wanted to do, and as whom; values only, for it outlives its transaction."""

    report_id: int
    county_id: str
    act: Act
    version: int
    """Of the report as he had it before him."""
    kind: str
    person_id: int | None
    post_id: int | None
    label: str
    at: datetime


class Stale(Conflict):
    """Somebody was faster; `attempt` is for the history."""

    attempt: Attempt | None = None


def moved_on(report: Report) -> Stale:
    """The refusal for whoever had an older state before him; it carries the new one."""
    return Stale(
        "这份报告刚刚有了新的进展，请刷新后再操作，已填写的内容不会丢。",
        code="stale",
        state=report.state,
        version=report.version,
    )


def attempt_of(
    report: Report, act: Act, deed: Deed, *, by: Actor, post: Held | None, now: datetime
) -> Attempt:
    """What was attempted: by a member of staff in a post, else by the reporter."""
    return Attempt(
        report_id=report.id,
        county_id=report.county_id,
        act=act,
        version=deed.version,
        kind="staff" if post else "reporter",
        person_id=by.person_id if post else None,
        post_id=post.post_id if post else None,
        label=post.label if post else REPORTER,
        at=now,
    )


def write_missed(attempt: Attempt) -> Event | None:
    """Tell of an attempt that was refused; once a version and actor, and not for the second tap on the same button."""
    event = Event(
        county_id=attempt.county_id,
        report_id=attempt.report_id,
        at=attempt.at,
        act=Act.MISSED,
        by_kind=attempt.kind,
        by_person_id=attempt.person_id,
        by_post_id=attempt.post_id,
        by_label=attempt.label,
        text=f"“{ACTS[attempt.act]}”没有生效：这时报告刚有了别的进展。",
        data={"act": attempt.act.value, "version": attempt.version},
    )
    if _told(event):
        return None
    db.session.add(event)
    db.session.flush()
    return event


def _told(event: Event) -> bool:
    """Whether the history says it already: the act itself was this actor's last, or the attempt stands there."""
    query = select(Event).where(Event.report_id == event.report_id).order_by(Event.id.desc())
    steps = db.session.scalars(query).all()
    last = next(one for one in steps if one.act != Act.MISSED)
    twice = last.act == event.data["act"] and _who(last) == _who(event)
    return twice or any(one.act == Act.MISSED and _same(one, event) for one in steps)


def _same(one: Event, other: Event) -> bool:
    return _who(one) == _who(other) and one.data == other.data


def _who(event: Event) -> tuple[Any, ...]:
    return event.by_kind, event.by_person_id, event.by_label
