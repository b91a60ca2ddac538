"""The original words of a piece, which only its author, the reviewers and the handlers read."""

from sqlalchemy import select

from server.core.db import db
from server.moderation.models import PublicPiece
from server.moderation.rules import Piece
from server.reports.models import Event, Report


def original_text(report: Report, piece: PublicPiece) -> str:
    """What the report says, or what was answered in the piece's step; empty for a photo."""
    if piece.piece == Piece.TEXT:
        return report.text
    if piece.event_id is None or piece.piece == Piece.PHOTO:
        return ""
    event = db.session.scalar(select(Event).where(Event.id == piece.event_id, Event.report_id == report.id))
    return answer_words(event) if event else ""


def answer_words(event: Event) -> str:
    """The words of an answer, with the reason it gives."""
    basis = event.data.get("basis") or ""
    return "\n".join(part for part in (event.text, f"原因和依据：{basis}" if basis else "") if part)
