"""Confidential reports as the database knows them: what is readable here is all that a stolen copy tells.

`county_id` is the compartment (`compartments.py`), so that row-level security hides every row from the county's own work.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class SealedKey(Base, Row):
    """A public key of a confidential body; the private half never comes here."""

    __tablename__ = "sealed_key"
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    kid: Mapped[str] = mapped_column(String(16))
    """The beginning of the public key's SHA-256: the name that every seal under it carries."""
    public_key: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("uq_sealed_key_body", "body_id", unique=True, postgresql_where=sql("ended_at IS NULL")),
    )


class SealedReport(Base, Row):
    """One confidential report: its number, its body, its clocks, and a seal around all the rest."""

    __tablename__ = "sealed_report"
    no: Mapped[str] = mapped_column(String(20), unique=True)
    version: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    state: Mapped[str] = mapped_column(String(12))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    book_version: Mapped[str] = mapped_column(String(40))
    content: Mapped[str] = mapped_column(Text)
    """Kind, estate, place and words in one seal of padded length."""
    contact: Mapped[str | None] = mapped_column(Text)
    """Phone and consent in a seal of their own, of the same length with a phone or without; none once they were deleted."""
    kid: Mapped[str | None] = mapped_column(String(16))
    """The body's key that sealed it; none where DATA_KEY did."""
    owner_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device_index: Mapped[str | None] = mapped_column(String(64))
    """Keyed, so that a copy of the database does not tie it to another report of the same browser."""
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_hash: Mapped[str] = mapped_column(String(64))
    again_hash: Mapped[str] = mapped_column(String(64))
    """What was sent, by photos' content and by photos' numbers: keyed by the sender's own key, so nobody can try guesses."""
    submitted_at: Mapped[datetime]
    accept_due_at: Mapped[datetime]
    resolve_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sweep_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    """A question of the body stands unanswered since then."""
    __table_args__ = (
        Index("ix_sealed_report_body", "body_id", "due_at", "id"),
        Index("ix_sealed_report_device", "device_index", postgresql_where=sql("device_index IS NOT NULL")),
        Index(
            "ix_sealed_report_held",
            "closed_at",
            postgresql_where=sql("contact IS NOT NULL OR device_index IS NOT NULL"),
        ),
        Index("ix_sealed_report_sweep", "sweep_at", "id", postgresql_where=sql("sweep_at IS NOT NULL")),
    )


class SealedEvent(Base, Row):
    """One step in a confidential report's history; appended, never edited."""

    __tablename__ = "sealed_event"
    report_id: Mapped[int] = mapped_column(ForeignKey("sealed_report.id"))
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(16))
    by_kind: Mapped[str] = mapped_column(String(12))
    """reporter, body or system."""
    by_person_id: Mapped[int | None] = mapped_column(BigInteger)
    words: Mapped[str | None] = mapped_column(Text)
    """The reporter's sealed to the body, the body's under DATA_KEY so that the reporter can read them."""
    __table_args__ = (Index("ix_sealed_event_report", "report_id", "id"),)


class SealedPhoto(Base):
    """A sealed photo; its bytes lie in the photo store under `sealed/`, where no ordinary link leads."""

    __tablename__ = "sealed_photo"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    county_id: Mapped[str] = mapped_column(String(6))
    report_id: Mapped[int] = mapped_column(ForeignKey("sealed_report.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("sealed_event.id"))
    kid: Mapped[str | None] = mapped_column(String(16))
    __table_args__ = (Index("ix_sealed_photo_report", "report_id"),)
