"""Dangers step by step: measure, deadline, responsible person, and what the second look found (A13)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row, db
from server.core.errors import Invalid
from server.core.masks import has_numbers
from server.reports.deeds import Deed
from server.reports.models import Event, Report
from server.reports.workflow import Act

PERSON_MOST = 40
STEPS = {Act.MEASURE: "measure", Act.REINSPECT: "reinspect"}


class Hazard(Base, Row):
    """One step against a danger; appended, never edited: a new measure is a new row."""

    __tablename__ = "hazard"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("report_event.id"))
    step: Mapped[str] = mapped_column(String(12))
    """measure or reinspect."""
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    """The measure, or what was seen at the second look."""
    person: Mapped[str] = mapped_column(String(40))
    """The responsible post or duty."""
    until_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(12))
    by_label: Mapped[str] = mapped_column(String(240))
    __table_args__ = (Index("ix_hazard_report", "report_id", "id"),)


def check_person(person: str) -> str:
    """The responsible post as it is kept. Raises Invalid when it is missing, too long, or a number to call."""
    words = person.strip()
    wrong = ""
    if not words:
        wrong = "请写责任人的岗位或职务。"
    elif len(words) > PERSON_MOST:
        wrong = f"太长了，最多 {PERSON_MOST} 个字。"
    elif has_numbers(words):
        wrong = "这里写岗位或职务，不写电话。"
    if wrong:
        raise Invalid(wrong, fields={"person": wrong})
    return words


def write_step(report: Report, act: Act, deed: Deed, event: Event) -> None:
    """Keep a step for the ledger; acts that are no such step write nothing."""
    if act not in STEPS:
        return
    db.session.add(
        Hazard(
            county_id=report.county_id,
            report_id=report.id,
            event_id=event.id,
            step=STEPS[act],
            at=event.at,
            text=deed.text,
            person=deed.person.strip(),
            until_at=deed.until,
            result=deed.result or "",
            by_label=event.by_label,
        )
    )


def hazards_of(report_ids: Collection[int]) -> dict[int, list[Hazard]]:
    """The steps of reports, each report's oldest first, in one statement."""
    found: dict[int, list[Hazard]] = defaultdict(list)
    for row in db.session.scalars(select(Hazard).where(Hazard.report_id.in_(report_ids)).order_by(Hazard.id)):
        found[row.report_id].append(row)
    return found
