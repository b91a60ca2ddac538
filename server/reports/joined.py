"""Neighbours who met the same trouble and joined its report; who they are is told to nobody."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


def _once(column: str) -> Index:
    """One person joins a report once."""
    known = sql(f"{column} IS NOT NULL")
    name = f"uq_report_join_{column.partition('_')[0]}"
    return Index(name, column, "report_id", unique=True, postgresql_where=known)


class Join(Base, Row):
    """One person beside the reporter: by 我也遇到, or because his own report was merged into this one."""

    __tablename__ = "report_join"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    merged_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    """His own report, by which he is known; then nothing of him stands here."""
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    device_hash: Mapped[str | None] = mapped_column(String(64))
    owner_hash: Mapped[str | None] = mapped_column(String(64))
    building: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(20))
    door_hash: Mapped[str | None] = mapped_column(String(64))
    """A fingerprint of his door, only to count households; the number itself is not kept."""
    household: Mapped[int | None] = mapped_column(BigInteger)
    """Which household he counted with when what leads to him was erased, so that the count stays."""
    counts: Mapped[bool]
    """Not where the browser is a member of staff's own."""
    joined_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(String(12))
    """solved or not_solved, of the resolution before `answered_at`."""
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_report_join_report", "report_id", "id"),
        Index("ix_report_join_county", "county_id", "id"),
        _once("device_hash"),
        _once("resident_id"),
        _once("owner_hash"),
        Index(
            "uq_report_join_merged",
            "merged_id",
            unique=True,
            postgresql_where=sql("merged_id IS NOT NULL AND withdrawn_at IS NULL"),
        ),
    )
