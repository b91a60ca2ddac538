"""Acts on confidential reports: the body's and the reporter's; whoever looked at an older state is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from server.accounts.roles import Actor
from server.confidential import clocks
from server.confidential.compartments import county_of, inside
from server.confidential.keys import present_key
from server.confidential.messages import NEW, NO_WORDS, NOT_NOW, STALE
from server.confidential.models import SealedEvent, SealedReport
from server.confidential.notices import tell_body
from server.confidential.photos import check_photos, seal_photos
from server.confidential.rules import STEPS, Act, Part, acts
from server.confidential.sealing import seal, unseal, words_bytes
from server.core.db import db
from server.core.errors import Conflict, Invalid
from server.policy.clocks import push_at
from server.policy.loader import book_for

ORDINARY = "ordinary"
"""The time class by which quiet hours hold for a push about an addition."""


@dataclass(frozen=True)
class Deed:
    """What comes with an act, already checked for form."""

    version: int
    text: str = ""
    photos: tuple[str, ...] = ()


def may(report: SealedReport, part: Part) -> tuple[Act, ...]:
    """What somebody may do to a report now."""
    return acts(part, report.state, asked=report.asked_at is not None)


def act_as_body(report: SealedReport, act: Act, deed: Deed, *, by: Actor, now: datetime) -> None:
    """An act of a holder of the report's body. Raises Conflict on a stale version or where the act does not fit, Invalid without words."""
    _take(report, act, Part.BODY, deed, now=now)
    _step(report, act, deed, by_person_id=by.person_id, now=now)


def act_as_owner(report: SealedReport, act: Act, deed: Deed, *, now: datetime) -> None:
    """An act of the reporter, whose proof the caller has seen; his words are sealed to the body's present key."""
    with inside(county_of(report.county_id)):
        check_photos(deed.photos)
        _take(report, act, Part.OWNER, deed, now=now)
        event_id = _step(report, act, deed, by_person_id=None, now=now)
        later = push_at(
            book_for(county_of(report.county_id), report.book_version, report.submitted_at), ORDINARY, now
        )
        tell_body(report.body_id, NEW, occasion=f"sealed:{event_id}", now=now, not_before=later)


def _take(report: SealedReport, act: Act, part: Part, deed: Deed, *, now: datetime) -> None:
    """Move the report, if it stands as the caller saw it."""
    if deed.version != report.version:
        raise Conflict(STALE, code="stale", state=report.state, version=report.version)
    if act not in may(report, part):
        raise Conflict(NOT_NOW, code="not_now", state=report.state, version=report.version)
    if STEPS[act].words and not (deed.text or (part is Part.OWNER and deed.photos)):
        raise Invalid(NO_WORDS, fields={"text": NO_WORDS})
    values = _changes(report, act, now=now)
    moved = db.session.execute(
        update(SealedReport)
        .where(SealedReport.id == report.id, SealedReport.version == report.version)
        .values(version=report.version + 1, **values)
        .returning(SealedReport.id)
    ).first()
    if moved is None:
        raise Conflict(STALE, code="stale", state=report.state, version=report.version)
    db.session.refresh(report)


def _changes(report: SealedReport, act: Act, *, now: datetime) -> dict[str, Any]:
    state = STEPS[act].to or report.state
    due = clocks.due_at(state, accept_due_at=report.accept_due_at, resolve_due_at=report.resolve_due_at)
    found: dict[str, Any] = {
        "state": str(state),
        "due_at": due,
        "sweep_at": clocks.look_at(state, due, stored=report.sweep_at, now=now),
    }
    if act is Act.ACCEPT:
        found["accepted_at"] = now
    if act in {Act.CLOSE, Act.WITHDRAW}:
        found["closed_at"] = now
    if act in {Act.ASK, Act.ANSWER, Act.CLOSE}:
        found["asked_at"] = now if act is Act.ASK else None
    return found


def _step(report: SealedReport, act: Act, deed: Deed, *, by_person_id: int | None, now: datetime) -> int:
    owner = STEPS[act].part is Part.OWNER
    key = present_key(report.body_id) if owner else None
    words = seal(words_bytes({"text": deed.text}), key, no=report.no, part="words") if deed.text else None
    written = db.session.execute(
        insert(SealedEvent)
        .values(
            county_id=report.county_id,
            report_id=report.id,
            at=now,
            act=act.value,
            by_kind="reporter" if owner else "body",
            by_person_id=by_person_id,
            words=words,
        )
        .returning(SealedEvent.id)
    )
    event_id = int(written.scalar_one())
    seal_photos(
        deed.photos, key, county_id=report.county_id, report_id=report.id, event_id=event_id, no=report.no
    )
    return event_id


def words_of(sealed: str | None, *, no: str) -> str:
    """The words of a step that DATA_KEY opens; empty where there are none. Raises Unreadable for a seal to a key."""
    return str(json.loads(unseal(sealed, no=no, part="words"))["text"]) if sealed else ""


def content_of(report: SealedReport) -> Mapping[str, Any]:
    """What was told and how its sender is reached, where DATA_KEY opens it. Raises Unreadable for a seal to the body's key."""
    found: dict[str, Any] = json.loads(unseal(report.content, no=report.no, part="content"))
    if report.contact:
        found |= json.loads(unseal(report.contact, no=report.no, part="contact"))
    return found
