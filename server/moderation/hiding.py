"""The author takes his report back for ever: at once, with everything of it, and with no way back."""

from datetime import datetime

from sqlalchemy import delete, insert, literal, select, update

from server.core.db import db
from server.moderation.models import CheckAnswer, PublicDecision, PublicPiece, PublicReport
from server.moderation.rules import ANSWER_WITHIN, State
from server.photos.links import Size
from server.photos.service import file_name, store

ANSWERS_LAST = ANSWER_WITHIN * 48
"""How long an answer that belongs to nothing is kept."""


def hide_report(report_id: int, *, by_label: str, now: datetime) -> None:
    """Hide a report and all its pieces, released or not; one that was never public is left alone."""
    hidden = db.session.execute(
        update(PublicReport)
        .where(PublicReport.report_id == report_id, PublicReport.hidden_at.is_(None))
        .values(hidden_at=now)
        .returning(PublicReport.id)
    ).first()
    if hidden is None:
        return
    mine = (PublicPiece.report_id == report_id, PublicPiece.state != State.HIDDEN)
    kept = select(
        PublicPiece.county_id,
        PublicPiece.id,
        literal(now),
        literal("hide"),
        literal(by_label),
        literal(""),
        literal({}, type_=PublicDecision.data.type),
    ).where(*mine)
    columns = ["county_id", "piece_id", "at", "act", "by_label", "reason", "data"]
    db.session.execute(insert(PublicDecision).from_select(columns, kept))
    db.session.execute(
        update(PublicPiece).where(*mine).values(state=State.HIDDEN, version=PublicPiece.version + 1)
    )


def drop_copies(now: datetime, *, most: int = 100) -> int:
    """Delete the public copies of photos that are public no more, and answers that belong to nothing; how many."""
    gone = db.session.execute(
        select(PublicPiece.id, PublicPiece.public_key)
        .where(PublicPiece.public_key.is_not(None), PublicPiece.state != State.RELEASED)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for row in gone:
        drop_copy(row.public_key)
    ids = [row.id for row in gone]
    db.session.execute(update(PublicPiece).where(PublicPiece.id.in_(ids)).values(public_key=None))
    db.session.execute(delete(CheckAnswer).where(CheckAnswer.at < now - ANSWERS_LAST))
    return len(ids)


def drop_copy(key: str) -> None:
    """Delete one public copy in both sizes."""
    for size in Size:
        store().delete(file_name(key, size))
