"""Having WeChat check one piece: claim it, ask with no transaction open, write down what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from server.core import jobs
from server.core.db import db
from server.moderation import rules
from server.moderation.answers import settle
from server.moderation.deciding import release_by_book
from server.moderation.jobs import check_piece as check_job
from server.moderation.models import PublicPiece
from server.moderation.rules import Piece, State, Verdict
from server.notices.channels import RefusalKind, Refused
from server.notices.models import ChannelPause
from server.reports.models import Report

CHANNEL = "content_check"
OVER = "61010"
"""WeChat's word that the visit is too long ago."""


@dataclass(frozen=True)
class Found:
    """What a check said: pass, review or risky, and the label of why."""

    suggest: str
    label: int


class Checker(Protocol):
    """Somebody who checks what residents write and photograph; `why` says why he cannot."""

    def visitor(self, resident_id: int | None, *, now: datetime) -> tuple[str, str]:
        """The openid in whose name to ask, or empty, with the reason why there is none."""

    def text(self, openid: str, text: str) -> Found:
        """What is to be said of a text. Raises Refused."""

    def photo(self, openid: str, photo_id: str, *, now: datetime) -> str:
        """Ask about a photo; the number that its result will carry. Raises Refused."""


@dataclass(frozen=True)
class Claim:
    """One piece that must be asked about."""

    piece_id: int
    tries: int
    resident_id: int | None
    text: str
    photo_id: str | None


def check(piece_id: int, checker: Checker, *, now: datetime) -> Verdict | None:
    """Ask about a piece if that is still due; gives how it stands then.

    An edge of its own, as the delivery of a push is: it commits before the call and after it.
    """
    claim = _claim(piece_id)
    resting = claim is not None and _resting(now)
    db.session.commit()
    if claim is None:
        return None
    openid, why = checker.visitor(claim.resident_id, now=now)
    if not openid:
        found = _write(claim, Verdict.MANUAL, why, now=now)
    elif resting:
        found = _later(claim, now=now)
    else:
        found = _asked(claim, openid, checker, now=now)
    db.session.commit()
    return found


def _claim(piece_id: int) -> Claim | None:
    row = db.session.execute(
        select(PublicPiece.id, PublicPiece.tries, PublicPiece.photo_id, Report.text, Report.resident_id)
        .join(Report, Report.id == PublicPiece.report_id)
        .where(
            PublicPiece.id == piece_id,
            PublicPiece.state == State.WAITING,
            PublicPiece.verdict == Verdict.DUE,
            PublicPiece.piece.in_((Piece.TEXT, Piece.PHOTO)),
        )
    ).one_or_none()
    return Claim(row.id, row.tries + 1, row.resident_id, row.text, row.photo_id) if row else None


def _resting(now: datetime) -> bool:
    query = select(ChannelPause.channel).where(ChannelPause.channel == CHANNEL, ChannelPause.until_at > now)
    return db.session.scalar(query) is not None


def _asked(claim: Claim, openid: str, checker: Checker, *, now: datetime) -> Verdict:
    if claim.photo_id is None and not claim.text:
        return _write(claim, Verdict.PASS, "100", now=now)
    if claim.photo_id is None and len(claim.text) > rules.TEXT_MOST:
        return _write(claim, Verdict.MANUAL, rules.LONG, now=now)
    try:
        if claim.photo_id is None:
            said = checker.text(openid, claim.text)
            return _write(claim, _verdict(said.suggest), str(said.label), now=now)
        trace = checker.photo(openid, claim.photo_id, now=now)
    except Refused as refused:
        if refused.kind is RefusalKind.FINAL:
            return _write(claim, Verdict.MANUAL, _final(refused.code), now=now)
        _rest(refused.code, now=now)
        return _later(claim, now=now)
    _write(claim, Verdict.ASKED, "", now=now, trace=trace)
    db.session.commit()
    # The answer may have come before this number was written down; looked for only now, none slips through.
    return settle(trace, now=now) or Verdict.ASKED


def _verdict(suggest: str) -> Verdict:
    """What cannot be understood is for a person to judge."""
    return Verdict(suggest) if suggest in {"pass", "review", "risky"} else Verdict.REVIEW


def _later(claim: Claim, *, now: datetime) -> Verdict:
    """Once more after a while; a person meanwhile sees why there is no result."""
    wait = rules.again_after(claim.tries)
    if wait is None:
        return _write(claim, Verdict.MANUAL, rules.DOWN, now=now)
    row = db.session.scalar(
        update(PublicPiece)
        .where(PublicPiece.id == claim.piece_id, PublicPiece.verdict == Verdict.DUE)
        .values(why=rules.DOWN, tries=claim.tries, checked_at=now)
        .returning(PublicPiece.county_id)
    )
    if row:
        given = {"piece_id": claim.piece_id, "county_id": row}
        jobs.defer(db.session, check_job, [given], at=now + wait)
    return Verdict.DUE


def _write(claim: Claim, verdict: Verdict, why: str, *, now: datetime, trace: str | None = None) -> Verdict:
    db.session.execute(
        update(PublicPiece)
        .where(PublicPiece.id == claim.piece_id, PublicPiece.verdict == Verdict.DUE)
        .values(verdict=verdict, why=why, tries=claim.tries, trace_id=trace, checked_at=now)
    )
    if verdict is Verdict.PASS:
        release_by_book(claim.piece_id, now=now)
    return verdict


def _final(code: str) -> str:
    return rules.VISIT_OVER if code == OVER else rules.DOWN


def _rest(code: str, *, now: datetime) -> None:
    """Nothing is asked for a moment, so that a dead check costs each piece no waiting of its own."""
    new = {"until_at": now + rules.REST, "code": code[:40]}
    pause = insert(ChannelPause).values(channel=CHANNEL, **new)
    db.session.execute(pause.on_conflict_do_update(index_elements=[ChannelPause.channel], set_=new))
