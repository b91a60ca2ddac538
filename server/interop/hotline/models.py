"""12345 work orders, the tables that wait to be imported, and what the bureau has explained once."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class HotlineOrder(Base, Row):
    """One order of the hotline. Who phoned stands with its report alone, sealed, and goes with it."""

    __tablename__ = "hotline_order"
    number: Mapped[str] = mapped_column(String(60))
    received_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    category: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str | None] = mapped_column(String(60))
    counts: Mapped[bool]
    """Whether it is a complaint for the statistics."""
    estate_id: Mapped[int | None] = mapped_column(ForeignKey("estate.id"))
    township_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    """None for an old order that only counts."""
    joined: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    """Whether the report was there before: the reporter used both."""
    maybe_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    """A report that may be the same matter, until the bureau has said so or not."""
    history: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    urged_at: Mapped[datetime | None]
    supervised_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]
    """The end of the last export that took its answer along."""
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("county_id", "number"),
        Index("ix_hotline_order_received", "county_id", "received_at"),
        Index("ix_hotline_order_report", "report_id", postgresql_where=sql("report_id IS NOT NULL")),
        Index("ix_hotline_order_maybe", "maybe_id", postgresql_where=sql("maybe_id IS NOT NULL")),
    )


class HotlineColumn(Base, Row):
    """Which heading a county's hotline gives a field; chosen by the bureau."""

    __tablename__ = "hotline_column"
    field: Mapped[str] = mapped_column(String(20))
    heading: Mapped[str] = mapped_column(String(200))
    __table_args__ = (UniqueConstraint("county_id", "field"),)


class HotlineName(Base, Row):
    """What a name in the hotline's tables means: an estate, or a kind; chosen by the bureau."""

    __tablename__ = "hotline_name"
    written: Mapped[str] = mapped_column(String(120))
    estate_id: Mapped[int | None] = mapped_column(ForeignKey("estate.id"))
    kind: Mapped[str | None] = mapped_column(String(60))
    by_person_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime]
    __table_args__ = (
        Index(
            "uq_hotline_name_estate",
            "county_id",
            "written",
            unique=True,
            postgresql_where=sql("estate_id IS NOT NULL"),
        ),
        Index(
            "uq_hotline_name_kind",
            "county_id",
            "written",
            unique=True,
            postgresql_where=sql("kind IS NOT NULL"),
        ),
    )


class HotlineDraft(Base, Row):
    """A table that somebody looks over before it is imported; sealed, because callers stand in it."""

    __tablename__ = "hotline_draft"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(120))
    history: Mapped[bool]
    table_sealed: Mapped[str] = mapped_column(Text)
    done: Mapped[dict[str, Any]]
    """What the chunks imported so far have brought."""
    created_at: Mapped[datetime]


class HotlineMonth(Base, Row):
    """A month's total as the hotline published it, with its source; of a township, or of the whole county."""

    __tablename__ = "hotline_month"
    township_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    month: Mapped[int] = mapped_column(SmallInteger)
    count: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(200))
    by_person_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("county_id", "township_id", "year", "month", postgresql_nulls_not_distinct=True),
    )
