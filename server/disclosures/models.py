"""What an estate must disclose, as numbered revisions; a correction is a new one."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class Disclosure(Base, Row):
    """One revision of one disclosure: charges, income of a quarter, or the contact board."""

    __tablename__ = "disclosure"
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"))
    kind: Mapped[str] = mapped_column(String(12))
    """charges, income, contacts."""
    period: Mapped[str] = mapped_column(String(8))
    """`2026-Q3` for income, empty for what simply stands."""
    revision: Mapped[int] = mapped_column(Integer)
    data: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    """draft (handed in), released, returned, replaced (a newer one was handed in before anybody decided)."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over this revision and the digest of the one before it, so that a quiet change shows."""
    note: Mapped[str | None] = mapped_column(String(400))
    entered_by: Mapped[int] = mapped_column(BigInteger)
    entered_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None]
    __table_args__ = (
        Index("uq_disclosure_revision", "estate_id", "kind", "period", "revision", unique=True),
        Index("ix_disclosure_waiting", "county_id", "entered_at", postgresql_where=text("state = 'draft'")),
    )
