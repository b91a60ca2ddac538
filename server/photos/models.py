"""Photos as the database knows them; the pixels lie in the store."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Photo(Base):
    """A re-encoded photo; until something uses it, it is deleted after seven days."""

    __tablename__ = "photo"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """128 random bits: the name of the files in the store."""
    county_id: Mapped[str] = mapped_column(String(6))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Fingerprint of the sender's Idempotency-Key."""
    sent_sha256: Mapped[str] = mapped_column(String(64))
    """Of the bytes as they came, so that a repeat is known; the bytes themselves are not kept."""
    created_at: Mapped[datetime]
    report_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    purpose: Mapped[str | None] = mapped_column(String(12))
    """before, after, more: what it shows of the report that uses it; check: a code that somebody on patrol saw."""
    __table_args__ = (Index("ix_photo_created_at", "created_at"),)
