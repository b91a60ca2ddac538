"""Referrals to the court's mediation centre, each tracked to its result (A12)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class Mediation(Base, Row):
    """One referral: the question, the reporter's consent, the centre's steps, the result."""

    __tablename__ = "mediation"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    """The centre."""
    from_body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    """Who handled it, and to whom it goes back."""
    asked_at: Mapped[datetime]
    asked_by_label: Mapped[str] = mapped_column(String(240))
    words: Mapped[str] = mapped_column(Text)
    consented_at: Mapped[datetime | None]
    phone_ok: Mapped[bool]
    """The reporter lets the centre ask for his phone."""
    taken_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    meet_at: Mapped[datetime | None]
    meet_words: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(String(12))
    """agreed, not_agreed, withdrawn; taken_back before the centre took it, lapsed where the report ended."""
    result_words: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        Index("ix_mediation_body", "body_id", "id"),
        Index("ix_mediation_county", "county_id", "id"),
        Index("uq_mediation_going", "report_id", unique=True, postgresql_where=sql("ended_at IS NULL")),
    )
