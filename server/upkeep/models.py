"""What the checker found each time, and each day's drill."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class CheckRun(Base):
    """One run of the checker over all counties; it holds numbers only."""

    __tablename__ = "check_run"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    whole: Mapped[bool]
    """Whether everything was looked at, not only what came since the last good run."""
    report_id: Mapped[int] = mapped_column(BigInteger)
    """The highest report that this run saw; a later one begins there."""
    event_id: Mapped[int] = mapped_column(BigInteger)
    repaired: Mapped[int] = mapped_column(BigInteger)
    lost: Mapped[int] = mapped_column(BigInteger)
    """What could not be repaired."""
    found: Mapped[dict[str, Any]]
    """Fault → how many; `more` while the run has rounds to go, so that it does not count as a good one."""
    took_ms: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_check_run_at", "at"),)


class DrillRun(Base, Row):
    """One day's drill of one county, under the county's own code."""

    __tablename__ = "drill_run"
    drill_on: Mapped[date]
    report_id: Mapped[int | None] = mapped_column(BigInteger)
    step: Mapped[str] = mapped_column(String(12))
    """How far it has come: one of `drilling.Step`."""
    started_at: Mapped[datetime]
    committed_at: Mapped[datetime | None]
    """Just after the report's commit; every span counts from here."""
    ended_at: Mapped[datetime | None]
    took: Mapped[dict[str, Any]]
    """Step → milliseconds."""
    __table_args__ = (UniqueConstraint("county_id", "drill_on"),)
