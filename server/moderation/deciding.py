"""Releasing and refusing: a person decides on each piece, every decision is kept, the author's word ends it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.accounts.roles import Actor
from server.core import audit
from server.core.db import db
from server.core.errors import Conflict, Invalid
from server.core.masks import mask_numbers
from server.moderation.blacking import make_copy
from server.moderation.boxes import Box
from server.moderation.hiding import drop_copy
from server.moderation.models import PublicDecision, PublicPiece, PublicReport
from server.moderation.originals import original_text
from server.moderation.redaction import NoRedaction, redaction
from server.moderation.review import reviewed
from server.moderation.rules import Piece, State, Verdict
from server.policy.loader import books
from server.reports.models import Report

REASON_MOST = 200
BY_BOOK = "系统（按本县规则）"
OWN = frozenset({Piece.TEXT, Piece.PHOTO})
"""The author's own pieces: the public list shows a report once one of them is released."""
DOUBTFUL = frozenset({Verdict.REVIEW, Verdict.RISKY, Verdict.DUE, Verdict.ASKED})


@dataclass(frozen=True)
class Copy:
    """What of a piece the public is to see."""

    text: str = ""
    boxes: tuple[Box, ...] = ()


def release(no: str, piece_id: int, copy: Copy, *, version: int, by: Actor, now: datetime) -> PublicPiece:
    """Show a piece to the public as this copy of it, or as another copy than before.

    NotFound outside the actor's area, Conflict where it has moved on, Invalid for a text that is no redaction.
    """
    report, shown, piece = _at_hand(no, piece_id, version=version, by=by)
    _publish(report, shown, piece, copy, by=by, now=now)
    return piece


def refuse(no: str, piece_id: int, *, reason: str, version: int, by: Actor, now: datetime) -> PublicPiece:
    """Keep a piece from the public, or take it down; its author reads the reason."""
    report, shown, piece = _at_hand(no, piece_id, version=version, by=by)
    if not reason or len(reason) > REASON_MOST:
        raise Invalid(
            "请写明不公开的原因，报告人会看到。", fields={"reason": f"请写明原因，最多 {REASON_MOST} 字"}
        )
    before = _copy_of(piece)
    piece.public_text, piece.boxes = None, None
    _decide(piece, State.REFUSED, reason=reason, by=by, now=now)
    _record(report, piece, "refuse", before, by=by, reason=reason, now=now)
    if not _still_shown(shown):
        shown.published_at = None
    return piece


def release_clean(no: str, *, by: Actor, now: datetime) -> int:
    """Release everything that waits and that no check doubts, numbers masked; how many pieces."""
    report, shown, pieces = reviewed(no, by, lock=True)
    if shown.hidden_at:
        raise _hidden()
    clean = [one for one in pieces if is_clean(one)]
    for piece in clean:
        _publish(report, shown, piece, Copy(original_text(report, piece)), by=by, now=now)
    return len(clean)


def is_clean(piece: PublicPiece) -> bool:
    """Whether a piece waits for a person alone, and nothing speaks against it."""
    return piece.state == State.WAITING and Verdict(piece.verdict) not in DOUBTFUL


def release_by_book(piece_id: int, *, now: datetime) -> bool:
    """Where the book says so, a text that passed the check and holds no number is released; never a photo."""
    row = db.session.execute(
        select(PublicPiece, PublicReport, Report)
        .join(PublicReport, PublicReport.report_id == PublicPiece.report_id)
        .join(Report, Report.id == PublicPiece.report_id)
        .where(PublicPiece.id == piece_id, PublicPiece.state == State.WAITING)
        .with_for_update(of=PublicReport)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None or not books()[row.Report.county_id].publishing.release_on_pass:
        return False
    piece, shown, report = row
    plain = piece.piece == Piece.TEXT and piece.verdict == Verdict.PASS
    if not plain or shown.hidden_at or mask_numbers(report.text) != report.text:
        return False
    _publish(report, shown, piece, Copy(report.text), by=None, now=now)
    return True


def _at_hand(no: str, piece_id: int, *, version: int, by: Actor) -> tuple[Report, PublicReport, PublicPiece]:
    report, shown, pieces = reviewed(no, by, lock=True)
    piece = next((one for one in pieces if one.id == piece_id), None)
    if shown.hidden_at or (piece and piece.state == State.HIDDEN):
        raise _hidden()
    if piece is None or piece.version != version:
        raise Conflict("这一项刚刚有人处理过，请看看现在的情况再决定。", code="stale")
    return report, shown, piece


def _hidden() -> Conflict:
    return Conflict("报告人已经决定永远不公开这一件，谁都不能再公开它。", code="hidden")


def _publish(
    report: Report, shown: PublicReport, piece: PublicPiece, copy: Copy, *, by: Actor | None, now: datetime
) -> None:
    before, old = _copy_of(piece), piece.public_key
    if piece.piece == Piece.PHOTO:
        piece.boxes = [[box.x, box.y, box.width, box.height] for box in copy.boxes]
        piece.public_key = make_copy(piece.photo_id or "", copy.boxes)
    else:
        piece.public_text = _redacted(original_text(report, piece), copy.text)
    _decide(piece, State.RELEASED, reason="", by=by, now=now)
    _record(report, piece, "release" if by else "auto", before, by=by, reason="", now=now)
    if Piece(piece.piece) in OWN and shown.published_at is None:
        shown.published_at = now
    if old:
        drop_copy(old)


def _redacted(original: str, text: str) -> str:
    if original and not text.strip():
        raise Invalid("公开稿是空的。不想公开请点“不公开”。", fields={"text": "公开稿不能是空的"})
    try:
        return mask_numbers(redaction(original, text))
    except NoRedaction as odd:
        words = f"公开稿只能删减或打码，不能加字或改字：“{odd}”在原文里没有，或顺序不对。"
        raise Invalid(words, fields={"text": words}) from None


def _copy_of(piece: PublicPiece) -> dict[str, Any]:
    return {"state": piece.state, "text": piece.public_text, "boxes": piece.boxes}


def _decide(piece: PublicPiece, state: State, *, reason: str, by: Actor | None, now: datetime) -> None:
    piece.state, piece.reason, piece.decided_at = state, reason, now
    piece.decided_by = by.person_id if by else None
    piece.version += 1


def _record(
    report: Report,
    piece: PublicPiece,
    act: str,
    before: dict[str, Any],
    *,
    by: Actor | None,
    reason: str,
    now: datetime,
) -> None:
    post = by.posts[0] if by and by.posts else None
    db.session.add(
        PublicDecision(
            county_id=report.county_id,
            piece_id=piece.id,
            at=now,
            act=act,
            by_person_id=by.person_id if by else None,
            by_label=post.label if post else BY_BOOK,
            reason=reason,
            data={"before": before, "after": _copy_of(piece)},
        )
    )
    db.session.flush()
    if by:
        audit.record(
            report.county_id,
            f"piece.{act}",
            person_id=by.person_id,
            post_id=post.post_id if post else None,
            about=f"report:{report.no}",
            reason=mask_numbers(reason),
            facts={"piece": piece.piece, "number": str(piece.id)},
            now=now,
        )


def _still_shown(shown: PublicReport) -> bool:
    db.session.flush()
    query = select(PublicPiece.id).where(
        PublicPiece.report_id == shown.report_id,
        PublicPiece.state == State.RELEASED,
        PublicPiece.piece.in_(tuple(OWN)),
    )
    return db.session.scalar(query.limit(1)) is not None
