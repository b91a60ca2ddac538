"""Who looked at a reporter's phone, who found his report again, and what he himself said about being rung; added to, never edited."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Row


class IdentityView(Base, Row):
    """One look: by whom, when, why, at what."""

    __tablename__ = "identity_view"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(BigInteger)
    by_post_id: Mapped[int | None] = mapped_column(BigInteger)
    by_label: Mapped[str] = mapped_column(String(240))
    """Post and body, as the reporter is told; or that it was himself."""
    reason: Mapped[str] = mapped_column(String(16))
    """A key of `contact.LOOKS`."""
    words: Mapped[str] = mapped_column(String(200))
    shown: Mapped[str] = mapped_column(String(16))
    """What was shown: phone; or the report, to whoever found it again."""
    __table_args__ = (Index("ix_identity_view_report", "report_id", "id"),)


class ContactChange(Base, Row):
    """The reporter gave or took back his word that he may be rung; nobody else is told."""

    __tablename__ = "contact_change"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime]
    ok: Mapped[bool]
    __table_args__ = (Index("ix_contact_change_report", "report_id", "id"),)
