"""Public pieces of reports, what was decided on them, and what WeChat's checks answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import NATIONAL, Base, Row


class PublicReport(Base, Row):
    """A report that its author agreed to show; the public sees it once its first piece is released."""

    __tablename__ = "public_report"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    estate_id: Mapped[int] = mapped_column(ForeignKey("estate.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    agreed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    """When the first of the author's own pieces was released; none while nothing is public."""
    hidden_at: Mapped[datetime | None]
    """When the author took it back; there is no way back from here."""
    __table_args__ = (
        Index(
            "ix_public_report_shown",
            "estate_id",
            "published_at",
            "id",
            postgresql_where=sql("published_at IS NOT NULL AND hidden_at IS NULL"),
        ),
        Index(
            "ix_public_report_review",
            "county_id",
            "agreed_at",
            "id",
            postgresql_where=sql("hidden_at IS NULL"),
        ),
    )


class PublicPiece(Base, Row):
    """One text, photo or answer of such a report, and its copy for the public; the original stays where it is."""

    __tablename__ = "public_piece"
    report_id: Mapped[int] = mapped_column(ForeignKey("public_report.report_id"))
    piece: Mapped[str] = mapped_column(String(8))
    """text, photo or answer."""
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    """The step that an answer was given in."""
    photo_id: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8))
    """waiting, released, refused or hidden."""
    version: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    verdict: Mapped[str] = mapped_column(String(8))
    """What the check found: due, asked, pass, review, risky, or manual where there was none."""
    why: Mapped[str] = mapped_column(String(40), server_default="")
    """Why there is no result, or the label of the result."""
    tries: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    trace_id: Mapped[str | None] = mapped_column(String(80))
    checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    public_text: Mapped[str | None] = mapped_column(Text)
    public_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """The name of the photo's public copy in the store; gone with the release."""
    boxes: Mapped[list[Any] | None]
    """The black boxes burnt into the public copy, as fractions of its sides."""
    decided_by: Mapped[int | None] = mapped_column(BigInteger)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200), server_default="")
    """Why it was refused, in words for its author."""
    __table_args__ = (
        UniqueConstraint("report_id", "piece", "event_id", "photo_id", postgresql_nulls_not_distinct=True),
        Index("ix_public_piece_waiting", "report_id", postgresql_where=sql("state = 'waiting'")),
        Index("ix_public_piece_trace", "trace_id", postgresql_where=sql("trace_id IS NOT NULL")),
        Index(
            "ix_public_piece_checking",
            "created_at",
            postgresql_where=sql("verdict IN ('due', 'asked')"),
        ),
    )


class PublicDecision(Base, Row):
    """What was done to a piece, by whom, with the copy as it was before and after; appended, never edited."""

    __tablename__ = "public_decision"
    piece_id: Mapped[int] = mapped_column(ForeignKey("public_piece.id"), index=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(12))
    """release, refuse, hide, or auto for a release by the book's rule."""
    by_person_id: Mapped[int | None] = mapped_column(BigInteger)
    by_label: Mapped[str] = mapped_column(String(240))
    reason: Mapped[str] = mapped_column(String(200))
    data: Mapped[dict[str, Any]]


class CheckAnswer(Base):
    """What WeChat pushed about one photo; it may come before we have written down what we asked."""

    __tablename__ = "check_answer"
    trace_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    county_id: Mapped[str] = mapped_column(String(6), server_default=NATIONAL)
    errcode: Mapped[int] = mapped_column(Integer)
    suggest: Mapped[str] = mapped_column(String(8))
    label: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(index=True)
