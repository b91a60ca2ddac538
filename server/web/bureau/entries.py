"""A feed entry as the page shows it: the reason in words, its report, and what can be done about it."""

from dataclasses import dataclass
from datetime import datetime

from server.accounts.roles import Actor, Role
from server.escalation.messages import LEVELS, TITLES
from server.escalation.queries import FeedRow
from server.escalation.rules import Reason
from server.escalation.views import kind_label
from server.policy.terms import Level
from server.reports.words import STAFF_STATES
from server.web.desk.rows import short_handler
from server.web.times import day_time, stamp
from server.web.wording import OPEN, Tag

ALARMING = frozenset(
    {Reason.SAFETY, Reason.NOT_RESOLVED, Reason.HAND_BACKS, Reason.REOPENED_OFTEN, Reason.VACANT}
)
"""Reasons in red; the others are amber."""


@dataclass(frozen=True)
class FeedEntry:
    """One entry of the page."""

    entry_id: int
    tag: Tag
    detail: str
    level: str
    opened: str
    no: str
    report: str
    place: str
    state: str
    handler: str
    due: str
    closed: str
    note: str
    may_remind: bool
    may_direct: bool
    may_close: bool


def entry_of(row: FeedRow, asking: Actor, *, now: datetime) -> FeedEntry:
    """One row of the feed for whoever looks at it."""
    reason, bureau = Reason(row.reason), Role.BUREAU in asking.roles
    running = row.no is not None and row.state in OPEN
    alarming = reason in ALARMING
    return FeedEntry(
        entry_id=row.id,
        tag=Tag(TITLES[reason], "alarm" if alarming else "warn", "diamond" if alarming else "triangle"),
        detail=row.detail,
        level=LEVELS[Level(row.level)],
        opened=stamp(row.opened_at, now=now),
        no=row.no or "",
        report=kind_label(row) if row.no else "",
        place=" · ".join(part for part in (row.estate, row.community) if part),
        state=STAFF_STATES.get(row.state or "", ""),
        handler=short_handler(row.handler or "", row.estate or ""),
        due=day_time(row.due_at) if row.due_at and running else "",
        closed=stamp(row.closed_at, now=now) if row.closed_at else "",
        note=row.note,
        may_remind=running,
        may_direct=running and bureau,
        may_close=bureau and row.closed_at is None,
    )
