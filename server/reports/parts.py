"""The bodies that are called to a report now: who leads, who answers a part, who is missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.accounts.models import Body
from server.core.db import db
from server.reports.models import Report
from server.reports.part_clocks import PartRunning
from server.reports.part_models import OPEN_PART, ReportPart


@dataclass(frozen=True)
class Called:
    """Who is asked now; empty where nobody was ever called."""

    parts: tuple[ReportPart, ...] = ()

    @property
    def lead(self) -> ReportPart | None:
        """The body that was called in to handle the report."""
        return next((part for part in self.parts if part.lead), None)

    @property
    def bodies(self) -> frozenset[int]:
        """Everybody who is asked."""
        return frozenset(part.body_id for part in self.parts)

    @property
    def missing(self) -> tuple[ReportPart, ...]:
        """The joint bodies that have not answered."""
        return tuple(part for part in self.parts if not part.lead and part.answered_at is None)

    def own(self, bodies: Collection[int]) -> ReportPart | None:
        """What is asked of these bodies; the lead's before a joint one's, the unanswered before the answered."""
        mine = [part for part in self.parts if part.body_id in bodies]
        return min(mine, key=lambda part: (not part.lead, part.answered_at is not None), default=None)


NOBODY = Called()
"""Nobody was ever called."""


def called_to(report: Report) -> Called:
    """Who is called to a report now; no statement where nobody ever was."""
    if report.called_at is None:
        return NOBODY
    query = select(ReportPart).where(ReportPart.report_id == report.id, OPEN_PART).order_by(ReportPart.id)
    return Called(tuple(db.session.scalars(query)))


def is_open(part: ReportPart | None) -> bool:
    """Whether something is still to be done in a part."""
    return part is not None and part.ended_at is None and part.answered_at is None


def waits(part: ReportPart | None) -> bool:
    """Whether its body must report in first."""
    return part is not None and part.report_in_due_at is not None and part.reported_in_at is None


def running(part: ReportPart) -> PartRunning:
    """The clocks that still run."""
    if not is_open(part):
        return PartRunning(None, None)
    return PartRunning(part.report_in_due_at if waits(part) else None, part.due_at)


def all_parts(report: Report) -> list[Any]:
    """Every body that was ever called, in order; rows of (part, name, kind)."""
    if report.called_at is None:
        return []
    query = (
        select(ReportPart, Body.name, Body.kind)
        .join(Body, Body.id == ReportPart.body_id)
        .where(ReportPart.report_id == report.id)
        .order_by(ReportPart.id)
    )
    return list(db.session.execute(query))


def is_late(part: ReportPart, now: datetime) -> bool:
    """Whether the body is silent beyond one of its clocks."""
    clocks = running(part)
    return any(at is not None and now > at for at in (clocks.report_in_due_at, clocks.due_at))
