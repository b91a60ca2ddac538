"""Bodies called to one report: who leads, who answers a part, by when; and the links of those without an account."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row

OPEN_PART = sql("ended_at IS NULL")
"""Still asked; a literal, so that PostgreSQL uses the partial indexes."""


class ReportPart(Base, Row):
    """One body asked to one report: the lead in its own turn, a joint body for its part beside it (A7)."""

    __tablename__ = "report_part"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    lead: Mapped[bool]
    """Whether it handles the report; at most one at a time."""
    from_body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    """Who called it; none where the rule book alone did, on submission."""
    event_id: Mapped[int] = mapped_column(BigInteger)
    """The step of the history by which it was asked."""
    whistled: Mapped[bool]
    """Whether it was whistled for, and so must report in."""
    time_class: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    report_in_due_at: Mapped[datetime | None]
    reported_in_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    """Until when it must answer; a clock beside the report's own, which goes on."""
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """Since when nobody asks it any more."""
    ended_as: Mapped[str | None] = mapped_column(String(16))
    """The act by which it ended; `resolve` where the report was resolved."""
    sweep_at: Mapped[datetime | None]
    """When the clocks must look at it again; none when nothing can run out."""
    __table_args__ = (
        Index("ix_report_part_report", "report_id", "id"),
        Index("ix_report_part_county", "county_id", "asked_at"),
        Index("uq_report_part_body", "report_id", "body_id", unique=True, postgresql_where=OPEN_PART),
        Index(
            "uq_report_part_lead", "report_id", unique=True, postgresql_where=sql("lead AND ended_at IS NULL")
        ),
        Index("ix_report_part_body", "body_id", "due_at", "id", postgresql_where=OPEN_PART),
        Index("ix_report_part_sweep", "sweep_at", "id", postgresql_where=sql("sweep_at IS NOT NULL")),
    )


class ReportLink(Base, Row):
    """A link by which a body without an account deals with one report; its token is kept as a fingerprint only."""

    __tablename__ = "report_link"
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("report_part.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    made_by: Mapped[int] = mapped_column(BigInteger)
    """The person who made it."""
    made_for_body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    """The office in which he made it; whoever holds a post there may revoke it."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    """When it was opened first."""
    spent_at: Mapped[datetime | None]
    """When its answer was given, or the report handed back: nothing more can be done with it, only read."""
    revoked_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_report_link_report", "report_id", "id"),)


class LinkUse(Base, Row):
    """One use of a link, never edited; nothing of it tells who used it."""

    __tablename__ = "report_link_use"
    link_id: Mapped[int] = mapped_column(ForeignKey("report_link.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(16))
    """made, open, revoke, or the act."""
    facts: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_report_link_use_link", "link_id", "id"),)
