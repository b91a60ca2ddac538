"""What the public sees: released copies alone, asked for anew each time, so that hiding works at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, tuple_

from server.core import paging
from server.core.db import db
from server.core.errors import NotFound
from server.moderation.models import PublicPiece, PublicReport
from server.moderation.rules import Piece, State
from server.photos.links import Size
from server.photos.service import file_name, store
from server.reports.models import Report

GONE = ("withdrawn", "void")


def _shown() -> ColumnElement[bool]:
    return and_(
        PublicReport.published_at.is_not(None),
        PublicReport.hidden_at.is_(None),
        Report.public,
        Report.state.not_in(GONE),
    )


@dataclass(frozen=True)
class Copies:
    """The released copies of one report."""

    text: str = ""
    photos: tuple[tuple[str | None, str], ...] = ()
    """Each with the step that brought it, and the address part that leads to it."""
    answers: tuple[tuple[int | None, str], ...] = ()


def published(estate_id: int, *, after: str | None, limit: int) -> paging.Page[Any]:
    """The published reports of an estate, the newest release first; nothing of a row leads to a person."""
    cursor = paging.decode(after, (datetime.fromisoformat, int))
    query = (
        select(
            PublicReport.id,
            PublicReport.report_id,
            PublicReport.published_at,
            PublicReport.county_id,
            Report.kind,
            Report.building,
            Report.state,
            Report.outcome,
            Report.closed_as,
            Report.submitted_at,
        )
        .join(Report, Report.id == PublicReport.report_id)
        .where(PublicReport.estate_id == estate_id, _shown())
    )
    order = (PublicReport.published_at.desc(), PublicReport.id.desc())
    if cursor:
        query = query.where(tuple_(PublicReport.published_at, PublicReport.id) < tuple_(*cursor))
    rows = db.session.execute(query.order_by(*order).limit(limit + 1)).all()
    return paging.page(rows, limit=limit, key=lambda row: (row.published_at, row.id))


def count_published(estate_id: int) -> int:
    """How many reports of an estate the public may read."""
    query = (
        select(func.count())
        .select_from(PublicReport)
        .join(Report, Report.id == PublicReport.report_id)
        .where(PublicReport.estate_id == estate_id, _shown())
    )
    return db.session.scalar(query) or 0


def copies_of(report_ids: Sequence[int]) -> dict[int, Copies]:
    """The released copies of some reports, in one statement; a report that may not be shown has none."""
    rows = db.session.execute(
        select(
            PublicPiece.report_id,
            PublicPiece.piece,
            PublicPiece.event_id,
            PublicPiece.photo_id,
            PublicPiece.public_text,
            PublicPiece.public_key,
            PublicReport.estate_id,
        )
        .join(PublicReport, PublicReport.report_id == PublicPiece.report_id)
        .join(Report, Report.id == PublicPiece.report_id)
        .where(PublicPiece.report_id.in_(report_ids), PublicPiece.state == State.RELEASED)
        .where(PublicReport.hidden_at.is_(None), Report.public, Report.state.not_in(GONE))
        .order_by(PublicPiece.id)
    ).all()
    return {one: _copies([row for row in rows if row.report_id == one]) for one in report_ids}


def _copies(rows: Sequence[Any]) -> Copies:
    return Copies(
        text=next((row.public_text for row in rows if row.piece == Piece.TEXT), ""),
        photos=tuple(
            (row.photo_id, f"{row.estate_id}/{row.public_key}") for row in rows if row.piece == Piece.PHOTO
        ),
        answers=tuple((row.event_id, row.public_text) for row in rows if row.piece == Piece.ANSWER),
    )


def public_photo(estate_id: int, key: str, size: Size) -> bytes:
    """The public copy of a photo. Raises NotFound from the moment on that it is public no more."""
    query = (
        select(PublicPiece.id)
        .join(PublicReport, PublicReport.report_id == PublicPiece.report_id)
        .join(Report, Report.id == PublicPiece.report_id)
        .where(
            PublicPiece.public_key == key,
            PublicPiece.state == State.RELEASED,
            PublicReport.estate_id == estate_id,
            PublicReport.hidden_at.is_(None),
            Report.public,
            Report.state.not_in(GONE),
        )
    )
    if db.session.scalar(query) is None:
        raise NotFound("这张照片没有公开，或者已经不再公开。")
    return store().open(file_name(key, size))


def own_pieces(report_id: int) -> list[Any]:
    """How each piece stands, for its author: what it is, its state, and the reason of a refusal."""
    return list(
        db.session.execute(
            select(PublicPiece.piece, PublicPiece.state, PublicPiece.reason, PublicPiece.public_text)
            .where(PublicPiece.report_id == report_id, PublicPiece.piece != Piece.ANSWER)
            .order_by(PublicPiece.id)
        )
    )
