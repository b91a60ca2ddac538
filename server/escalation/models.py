"""The bureau's feed: why a report, or the system itself, needs somebody higher up."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class FeedEntry(Base, Row):
    """One reason to look, for the level that must look; exists once an occasion."""

    __tablename__ = "feed_entry"
    reason: Mapped[str] = mapped_column(String(24))
    """One of `rules.Reason`."""
    level: Mapped[str] = mapped_column(String(12))
    """community, township or bureau: who is told."""
    occasion: Mapped[str] = mapped_column(String(80))
    report_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    estate_id: Mapped[int | None] = mapped_column(BigInteger)
    community_id: Mapped[int | None] = mapped_column(BigInteger)
    township_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[str | None] = mapped_column(String(60))
    """The report's kind, kept here so that the filter needs one index only."""
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    """Who could not be reached."""
    detail: Mapped[str] = mapped_column(String(400))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    """Who closed it by hand; none where it closed by itself."""
    note: Mapped[str] = mapped_column(String(200), server_default=text("''"))
    """What he wrote."""
    __table_args__ = (
        UniqueConstraint("county_id", "occasion"),
        Index("ix_feed_entry_county", "county_id", "id"),
        Index("ix_feed_entry_reason", "county_id", "reason", "id"),
        Index("ix_feed_entry_kind", "county_id", "kind", "id"),
        Index("ix_feed_entry_open", "county_id", "id", postgresql_where=text("closed_at IS NULL")),
        Index("ix_feed_entry_township", "township_id", "id"),
        Index("ix_feed_entry_community", "community_id", "id"),
    )


class FeedVersion(Base):
    """A counter a county that moves when its feed does; polling compares it and nothing else."""

    __tablename__ = "feed_version"
    county_id: Mapped[str] = mapped_column(String(6), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))


class Beat(Base):
    """When a periodic duty last ran: the sign of life of the workers."""

    __tablename__ = "beat"
    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    at: Mapped[datetime]
