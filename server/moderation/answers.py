"""What WeChat pushes about a photo: once, however often and however early it comes; and what never comes."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from server.core import jobs
from server.core.db import NATIONAL, db
from server.moderation import rules
from server.moderation.jobs import settle_check
from server.moderation.models import CheckAnswer, PublicPiece
from server.moderation.rules import Verdict


def take_answer(trace_id: str, *, errcode: int, suggest: str, label: int, now: datetime) -> None:
    """Keep what was pushed, the first word standing, and let a job give it to its photo."""
    new = insert(CheckAnswer).values(
        trace_id=trace_id, county_id=NATIONAL, errcode=errcode, suggest=suggest, label=label, at=now
    )
    kept = db.session.execute(new.on_conflict_do_nothing().returning(CheckAnswer.trace_id)).first()
    if kept is not None:
        jobs.defer(db.session, settle_check, [{"trace_id": trace_id}])


def settle(trace_id: str, *, now: datetime) -> Verdict | None:
    """Give the photo that was asked about under this number its result; None where one of the two is missing."""
    answer = db.session.get(CheckAnswer, trace_id)
    if answer is None:
        return None
    verdict, why = _meaning(answer)
    done = db.session.execute(
        update(PublicPiece)
        .where(PublicPiece.trace_id == trace_id, PublicPiece.verdict == Verdict.ASKED)
        .values(verdict=verdict, why=why, checked_at=now)
        .returning(PublicPiece.id)
    ).first()
    return verdict if done else None


def _meaning(answer: CheckAnswer) -> tuple[Verdict, str]:
    """A photo that WeChat could not read was not checked, whatever else was said of it."""
    if answer.errcode:
        return Verdict.MANUAL, rules.UNREAD
    known = {Verdict.PASS, Verdict.REVIEW, Verdict.RISKY}
    verdict = Verdict(answer.suggest) if answer.suggest in known else Verdict.REVIEW
    return verdict, str(answer.label)


def give_up_waiting(now: datetime) -> int:
    """Leave to a person what WeChat has not answered in time, or can answer no more; how many pieces."""
    asked = (PublicPiece.verdict == Verdict.ASKED) & (PublicPiece.checked_at < now - rules.ANSWER_WITHIN)
    due = (PublicPiece.verdict == Verdict.DUE) & (PublicPiece.created_at < now - rules.VISIT_LASTS)
    pending = PublicPiece.verdict.in_((Verdict.DUE, Verdict.ASKED))
    late = select(PublicPiece.id).where(pending, or_(asked, due)).with_for_update(skip_locked=True)
    done = db.session.execute(
        update(PublicPiece)
        .where(PublicPiece.id.in_(late))
        .values(verdict=Verdict.MANUAL, why=rules.LATE)
        .returning(PublicPiece.id)
    ).all()
    return len(done)
