"""Doing something to a report: allowed by the workflow, written once, told to whom it concerns."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from server.accounts.bodies import names
from server.accounts.permissions import Part
from server.accounts.roles import Actor, Held
from server.core import audit
from server.core.db import db
from server.core.errors import Conflict, Invalid, NotFound
from server.core.masks import mask_numbers
from server.photos.service import use_photos
from server.policy.loader import book_behind
from server.policy.model import Book
from server.reports import mediating
from server.reports.change import Change
from server.reports.changes import apply_act
from server.reports.clocks import due_at, look_at
from server.reports.deeds import Deed
from server.reports.facts import running
from server.reports.happenings import Happening, tell
from server.reports.hazards import write_step
from server.reports.missed import REPORTER, Stale, attempt_of, moved_on
from server.reports.models import Event, Report
from server.reports.part_moves import Move, move_parts
from server.reports.replay import kept
from server.reports.side_changes import passed_on
from server.reports.standing import Standing, facts_for, standing
from server.reports.system import record_system
from server.reports.targets import check_bodies
from server.reports.telling import others, pass_on
from server.reports.words import LACKS
from server.reports.workflow import STEPS, Act, acts, may, missing

UNCHECKED = "到时限没有核对，直接请报告人确认。"


ANSWERED_FOR = frozenset({Act.VOID, Act.REJECT})
"""Acts by which the bureau takes a report out of the figures."""
REASON_MOST = 500
"""How much of a reason the audit holds; the whole stands in the report's history."""


def book_of(report: Report) -> Book:
    """The rule book of a report's county."""
    return book_behind(report)


def parts_of(report: Report, actor: Actor) -> frozenset[Part]:
    """What an actor is to a report; empty where it does not exist for him."""
    return standing(report, actor).parts


def acts_for(report: Report, actor: Actor, *, now: datetime) -> tuple[Act, ...]:
    """What the actor may do now."""
    stand = standing(report, actor)
    return acts(facts_for(report, stand, now=now), stand.parts)


def act_on(report: Report, act: Act, deed: Deed, *, by: Actor, now: datetime) -> Event:
    """Do an act.

    NotFound where the report is not the actor's to see, Conflict where it has moved on (`Stale`, with what was
    attempted) or the workflow does not allow it now, Invalid where something is missing.
    """
    try:
        return _act_on(report, act, deed, by=by, now=now)
    except Stale as stale:
        post = _post_used(report, by, act, standing(report, by)) if act in STEPS else None
        stale.attempt = attempt_of(report, act, deed, by=by, post=post, now=now)
        raise


def _act_on(report: Report, act: Act, deed: Deed, *, by: Actor, now: datetime) -> Event:
    stand = standing(report, by)
    mine = stand.parts
    if not mine:
        raise NotFound("没有找到这份报告。")
    _check(report, act, deed, stand, now=now)
    book = book_of(report)
    change = apply_act(report, act, deed, book=book, by=mine, called=stand.called, own=stand.own, now=now)
    before = report.refer_state
    _write(report, change, deed.version, book=book, now=now)
    post = _post_used(report, by, act, stand)
    event = _record(report, act, deed, change, by=by, post=post, now=now)
    move = Move(report, act, deed, event, stand, from_body_id=post.body_id if post else None, now=now)
    done = move_parts(move)
    if act in ANSWERED_FOR:
        _answer_for(report, act, deed, by=by, now=now)
    write_step(report, act, deed, event)
    mediating.keep(report, act, deed, event, before=before)
    if deed.photos:
        use_photos(
            deed.photos,
            report.county_id,
            report.id,
            event.id,
            purpose="after" if act is Act.RESOLVE else "more",
        )
    also = others(act, deed, event, stand)
    vacant = pass_on(report, act, event, book=book, by=by, also=also, now=now)
    tell(_happening(report, act, event, vacant, parts=done, now=now))
    return event


def _answer_for(report: Report, act: Act, deed: Deed, *, by: Actor, now: datetime) -> None:
    """Whoever audits reads why a report left the figures, and no number that was typed into it."""
    why = mask_numbers(deed.text)[:REASON_MOST]
    about = f"report:{report.no}"
    audit.record(report.county_id, f"report.{act}", person_id=by.person_id, about=about, reason=why, now=now)


def _check(report: Report, act: Act, deed: Deed, stand: Standing, *, now: datetime) -> None:
    if deed.version != report.version:
        raise moved_on(report)
    if act not in STEPS or not may(act, facts_for(report, stand, now=now), stand.parts):
        raise Conflict(
            "现在不能这样操作，请刷新后再看。", code="not_now", state=report.state, version=report.version
        )
    lacks = missing(act, deed.given())
    if lacks:
        words = {name: LACKS[name] for name in sorted(lacks)}
        raise Invalid("；".join(words.values()), fields=words)
    check_bodies(report, act, deed, stand)


def _write(report: Report, change: Change, version: int, *, book: Book, now: datetime) -> None:
    """Write the changed columns if nobody was faster; the row's version decides."""
    stored = report.sweep_at
    for name, value in change.columns.items():
        setattr(report, name, value)
    clocks = running(report)
    columns = change.columns | {
        "due_at": due_at(book, clocks),
        "sweep_at": look_at(book, clocks, stored=stored, now=now),
        "version": version + 1,
    }
    db.session.expire(report)
    done = db.session.execute(
        update(Report)
        .where(Report.id == report.id, Report.version == version)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(report)
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise moved_on(report)


def rewrite(report: Report, columns: dict[str, Any], *, now: datetime) -> None:
    """Change a report beside an act on another one; its next deadline follows. Conflict where somebody was faster."""
    _write(report, Change(columns, {}), report.version, book=book_of(report), now=now)


def _record(
    report: Report, act: Act, deed: Deed, change: Change, *, by: Actor, post: Held | None, now: datetime
) -> Event:
    event = Event(
        county_id=report.county_id,
        report_id=report.id,
        at=now,
        act=act,
        by_kind="staff" if post else "reporter",
        by_person_id=by.person_id if post else None,
        by_post_id=post.post_id if post else None,
        by_label=post.label if post else REPORTER,
        text=deed.text,
        data=change.data | kept(change.columns),
    )
    db.session.add(event)
    db.session.flush()
    return event


def _post_used(report: Report, by: Actor, act: Act, stand: Standing) -> Held | None:
    """The post in which a member of staff acts; None for the reporter himself."""
    mine, own = stand.parts, stand.own
    if Part.OWNER in mine and STEPS[act].parts & mine == {Part.OWNER}:
        return None
    asked = own.body_id if own else None
    order = (asked, report.handler_id, report.project_body_id, report.community_id, report.township_id)
    found = (by.post_of(body) for body in order if body is not None)
    return next((post for post in found if post), by.posts[0] if by.posts else None)


def _happening(
    report: Report,
    act: Act,
    event: Event,
    vacant: list[int],
    *,
    parts: tuple[int, ...] = (),
    now: datetime,
) -> Happening:
    return Happening(
        act=act,
        report_id=report.id,
        no=report.no,
        county_id=report.county_id,
        estate_id=report.estate_id,
        community_id=report.community_id,
        township_id=report.township_id,
        event_id=event.id,
        at=now,
        safety=report.safety,
        score=report.score,
        hand_backs=report.hand_back_count,
        reopenings=report.reopen_count,
        public=report.public,
        vacant=names(vacant) if vacant else {},
        parts=parts,
    )


def system_check(report: Report, *, now: datetime) -> None:
    """Nobody checked the answer in time: it goes on to the reporter, and the history says so."""
    book = book_of(report)
    change = Change(passed_on(now), {})
    _write(report, change, report.version, book=book, now=now)
    event = record_system(
        report, Act.CHECK, text=UNCHECKED, data={"result": "silent"} | kept(change.columns), now=now
    )
    pass_on(report, Act.CHECK, event, book=book, by=Actor(), now=now)


def system_close(report: Report, *, now: datetime) -> None:
    """Nobody answered the resolution in time: closed as unconfirmed, counted apart from solved."""
    book = book_of(report)
    change = Change({"state": "closed", "closed_at": now, "closed_as": "unconfirmed"}, {})
    _write(report, change, report.version, book=book, now=now)
    event = record_system(
        report, Act.CLOSE, data={"closed_as": "unconfirmed"} | kept(change.columns), now=now
    )
    pass_on(report, Act.CLOSE, event, book=book, by=Actor(), now=now)
