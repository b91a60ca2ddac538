"""Campaigns that look at closed reports again (A10), and the reports each has drawn."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class Campaign(Base, Row):
    """One look-back; with its seed anybody can draw the same sample again."""

    __tablename__ = "campaign"
    name: Mapped[str] = mapped_column(String(60))
    begins_on: Mapped[date]
    """Of the days in which the reports were closed; both count."""
    ends_on: Mapped[date]
    filters: Mapped[dict[str, Any]]
    """kind, estate, company: empty where nothing is narrowed."""
    share_percent: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int | None] = mapped_column(Integer)
    """So many instead of a share."""
    seed: Mapped[str] = mapped_column(String(32))
    drawn_from: Mapped[int] = mapped_column(Integer)
    """How many reports there were to draw from."""
    inspectors: Mapped[list[int]] = mapped_column(JSONB)
    """The posts whose holders check."""
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    """From then on nothing of it changes."""
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_campaign_county", "county_id", "id"),)


class CampaignItem(Base, Row):
    """One report that a campaign drew, who checks it, and what he found."""

    __tablename__ = "campaign_item"
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    rank: Mapped[int] = mapped_column(Integer)
    result: Mapped[str | None] = mapped_column(String(8))
    """passed or failed."""
    text: Mapped[str] = mapped_column(Text)
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None] = mapped_column(BigInteger)
    by_label: Mapped[str] = mapped_column(String(240))
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (
        UniqueConstraint("campaign_id", "report_id"),
        Index("ix_campaign_item_post", "post_id", "campaign_id"),
    )
