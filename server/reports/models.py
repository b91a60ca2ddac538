"""Reports and their history; a report is never deleted, an event never edited."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class State(StrEnum):
    """Where a report stands (`contract.md`, report states)."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WHISTLED = "whistled"
    REFERRED = "referred"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    VOID = "void"


OPEN = sql("state IN ('submitted', 'accepted', 'whistled')")
"""Somebody must act; a literal, so that PostgreSQL uses the partial indexes."""


CONTACT = sql(
    "closed_at IS NOT NULL AND (phone_sealed IS NOT NULL OR device_hash IS NOT NULL OR resident_id IS NOT NULL)"
)
"""Ended, and still leading to its reporter."""


class Report(Base, Row):
    """One thing that a resident reported, and how it stands."""

    __tablename__ = "report"
    no: Mapped[str] = mapped_column(String(20), unique=True)
    version: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    state: Mapped[str] = mapped_column(String(12))
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"))
    spot_id: Mapped[int | None] = mapped_column(ForeignKey("spot.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    handler_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    """The body that must act now: the project, or the community where there is none (A14)."""
    project_body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    kind: Mapped[str] = mapped_column(String(60))
    time_class: Mapped[str] = mapped_column(String(16))
    book_version: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    building: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(20))
    where_text: Mapped[str | None] = mapped_column(String(80))
    safety: Mapped[bool]
    counts: Mapped[bool]
    """Whether it is a complaint for the statistics (enquiries and praise are not)."""
    public: Mapped[bool]
    contact_ok: Mapped[bool]
    """The reporter lets staff of the bureau and the community ring him."""
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    owner_hash: Mapped[str] = mapped_column(String(64))
    device_hash: Mapped[str | None] = mapped_column(String(64))
    phone_sealed: Mapped[str | None] = mapped_column(String(400))
    phone_index: Mapped[str | None] = mapped_column(String(64))
    filed_by: Mapped[int | None] = mapped_column(BigInteger)
    """The member of staff who wrote it down for somebody who phoned."""
    source: Mapped[str] = mapped_column(String(8), server_default=sql("'product'"))
    """By which road it came: product, or hotline."""
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    """Fingerprint of what was sent, so that the same key with another body is refused."""
    submitted_at: Mapped[datetime]
    accept_due_at: Mapped[datetime]
    resolve_due_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    reopen_due_at: Mapped[datetime | None]
    """The second, shorter clock that a reopening starts beside the first."""
    called_at: Mapped[datetime | None]
    """Since when other bodies are called to it (`report_part`); none: nobody ever was."""
    report_in_due_at: Mapped[datetime | None]
    """Until when the called body must report in; while it is whistled for."""
    due_at: Mapped[datetime]
    """What is due next: acceptance, then the answer; the order of every inbox."""
    sweep_at: Mapped[datetime | None]
    """When the clocks must look at it again; none when nothing can run out."""
    extend_until: Mapped[datetime | None]
    """A longer term that the handler has asked for; nothing is granted yet."""
    extended_at: Mapped[datetime | None]
    """When the one extension was granted."""
    reopen_count: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    hand_back_count: Mapped[int] = mapped_column(SmallInteger, server_default=sql("0"))
    reminded_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    """A question of the handler stands unanswered since then."""
    contact_due_at: Mapped[datetime | None]
    """Until when the community must contact the reporter (A8); none once it has, or where none is ordered."""
    check_due_at: Mapped[datetime | None]
    """Until when a second body checks the answer; none where no check is pending."""
    checked_at: Mapped[datetime | None]
    """When the answer went on to the reporter after the check, or after its silence."""
    hazard_step: Mapped[str | None] = mapped_column(String(12))
    """What a danger waits for: measure, rectify, reinspect; `done`; none for what is no danger (A13)."""
    hazard_due_at: Mapped[datetime | None]
    called_first: Mapped[bool] = mapped_column(server_default=sql("false"))
    """The page showed whom to call before this was sent."""
    outcome: Mapped[str | None] = mapped_column(String(16))
    score: Mapped[int | None] = mapped_column(SmallInteger)
    closed_as: Mapped[str | None] = mapped_column(String(12))
    """confirmed or unconfirmed, counted apart; or merged."""
    refer_state: Mapped[str | None] = mapped_column(String(8))
    """How far a referral to mediation is: asked, waiting, taken; none where there is none."""
    refer_due_at: Mapped[datetime | None]
    """Until when the centre reports a result; only while it has it."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    """The report that it is handled with; itself closed as long as that holds."""
    __table_args__ = (
        Index("ix_report_county", "county_id", "id"),
        Index("ix_report_estate", "estate_id", "id"),
        Index("ix_report_submitted", "county_id", "submitted_at"),
        Index("ix_report_handler_due", "handler_id", "due_at", "id", postgresql_where=OPEN),
        Index("ix_report_community", "community_id", "id"),
        Index("ix_report_township", "township_id", "id"),
        Index("ix_report_project_body", "project_body_id", "id"),
        Index("ix_report_resident", "resident_id", postgresql_where=sql("resident_id IS NOT NULL")),
        Index("ix_report_device", "device_hash", postgresql_where=sql("device_hash IS NOT NULL")),
        Index("ix_report_contact", "county_id", "closed_at", postgresql_where=CONTACT),
        Index("ix_report_merged", "merged_into_id", postgresql_where=sql("merged_into_id IS NOT NULL")),
        Index("ix_report_extend", "county_id", postgresql_where=sql("extend_until IS NOT NULL")),
        Index("ix_report_check", "county_id", postgresql_where=sql("check_due_at IS NOT NULL")),
        Index("ix_report_contact_due", "community_id", postgresql_where=sql("contact_due_at IS NOT NULL")),
        Index("ix_report_reinspect", "county_id", postgresql_where=sql("hazard_step = 'reinspect'")),
        Index("ix_report_sweep", "sweep_at", "id", postgresql_where=sql("sweep_at IS NOT NULL")),
    )


class Event(Base, Row):
    """One step in a report's history; appended, never edited."""

    __tablename__ = "report_event"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(16))
    by_kind: Mapped[str] = mapped_column(String(12))
    """reporter, staff or system."""
    by_person_id: Mapped[int | None] = mapped_column(BigInteger)
    by_post_id: Mapped[int | None] = mapped_column(BigInteger)
    by_label: Mapped[str] = mapped_column(String(240))
    """How the actor is shown: `梅园物业 项目经理`, `报告人`; never a resident's name."""
    text: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_report_event_report", "report_id", "id"),)
