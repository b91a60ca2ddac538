"""What an act does to the bodies that are called to a report: asked, reported in, answered, asked no more (A7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from server.accounts.models import BodyKind
from server.accounts.permissions import Part
from server.core.db import db
from server.policy.loader import book_behind
from server.policy.model import Book
from server.reports.deeds import Deed
from server.reports.facts import running as report_clocks
from server.reports.models import Event, Report
from server.reports.part_clocks import answer_at, look_at, report_in_at
from server.reports.part_models import ReportPart
from server.reports.parts import Called, running
from server.reports.standing import Standing
from server.reports.workflow import OPEN, WHISTLED, Act

CALLABLE = frozenset({BodyKind.DEPARTMENT, BodyKind.UTILITY, BodyKind.COURT})
"""Kinds of bodies that take part in a report by being called to it, not by the place where it lies."""


@dataclass(frozen=True)
class Move:
    """One act as the called bodies see it, after the report has changed."""

    report: Report
    act: Act
    deed: Deed
    event: Event
    stand: Standing
    """Where the actor stood before it."""
    from_body_id: int | None
    """The body for which he acted."""
    now: datetime

    @property
    def called(self) -> Called:
        """Who was asked before the act."""
        return self.stand.called

    @property
    def own(self) -> ReportPart | None:
        """What was asked of the actor's own body."""
        return self.stand.own

    @property
    def mine(self) -> list[ReportPart]:
        """The part that he acts for: the lead's where he handles the report, else his own."""
        part = self.called.lead if Part.HANDLER in self.stand.parts else self.own
        return [part] if part else []

    @property
    def book(self) -> Book:
        """The county's rules."""
        return book_behind(self.report)


def move_parts(move: Move) -> tuple[int, ...]:
    """Write down what the act changes for the called bodies; gives the parts that it has done with."""
    lead = move.called.lead
    done = _ended([part for part in move.called.parts if _handles_now(part, move)], move)
    db.session.flush()
    if move.act is Act.WHISTLE:
        _whistle(move, lead)
    elif move.act is Act.TRANSFER:
        done += _transfer(move, lead)
    elif move.act is Act.REPORT_IN:
        done += [_reported(part, move) for part in move.mine]
    elif move.act is Act.REPLY and move.deed.part and move.own:
        done.append(_answered(move.own, move))
    elif move.act is Act.HAND_BACK:
        done += _ended(move.mine, move)
    if move.report.state not in OPEN:
        done += _over(move, lead)
    db.session.flush()
    return tuple(part.id for part in done)


def _handles_now(part: ReportPart, move: Move) -> bool:
    """Whether a joint body has become the handler: it need not answer beside itself."""
    return not part.lead and part.body_id == move.report.handler_id


def _whistle(move: Move, lead: ReportPart | None) -> None:
    asked = [move.deed.body_id] if move.deed.body_id else []
    if lead is None:
        _ask(move, asked, lead=True, whistled=True)
        _ask(move, move.deed.joint, whistled=True)
    else:
        _ask(move, [*asked, *move.deed.joint], whistled=True)


def _transfer(move: Move, lead: ReportPart | None) -> list[ReportPart]:
    """The lead goes over with its clocks."""
    report = move.report
    done = _ended([lead], move) if lead else []
    db.session.flush()
    if lead and move.event.data.get("called"):
        part = _part(move, report.handler_id, lead=True, whistled=True, due_at=lead.due_at)
        part.report_in_due_at = lead.report_in_due_at if report.state == WHISTLED else None
        _add(part, move)
    _ask(move, move.deed.joint, whistled=False)
    return done


def _reported(part: ReportPart, move: Move) -> ReportPart:
    part.reported_in_at = part.reported_in_at or move.now
    return _looked(part, move)


def _answered(part: ReportPart, move: Move) -> ReportPart:
    part.answered_at = part.answered_at or move.now
    return _looked(part, move)


def _over(move: Move, lead: ReportPart | None) -> list[ReportPart]:
    """The report has been resolved or is final: nobody is asked any more."""
    if lead and move.act is Act.RESOLVE:
        lead.answered_at = lead.answered_at or move.now
    return _ended(list(move.called.parts), move)


def _ended(parts: Iterable[ReportPart], move: Move) -> list[ReportPart]:
    found = [part for part in parts if part.ended_at is None]
    for part in found:
        part.ended_at, part.ended_as, part.sweep_at = move.now, move.act.value, None
    return found


def _ask(move: Move, bodies: Iterable[int], *, lead: bool = False, whistled: bool) -> None:
    """Ask bodies that are not asked yet; the whistled ones by the book's own clocks."""
    time_class, now = move.report.time_class, move.now
    due = answer_at(move.book, time_class, now) if whistled else report_clocks(move.report).answer_due_at
    for body_id in dict.fromkeys(bodies):
        part = _part(move, body_id, lead=lead, whistled=whistled, due_at=due)
        if whistled:
            part.report_in_due_at = report_in_at(move.book, time_class, now)
        _add(part, move)


def _part(move: Move, body_id: int, *, lead: bool, whistled: bool, due_at: datetime) -> ReportPart:
    return ReportPart(
        county_id=move.report.county_id,
        report_id=move.report.id,
        body_id=body_id,
        lead=lead,
        from_body_id=move.from_body_id,
        event_id=move.event.id,
        whistled=whistled,
        time_class=move.report.time_class,
        asked_at=move.now,
        due_at=due_at,
    )


def _add(part: ReportPart, move: Move) -> None:
    _looked(part, move)
    db.session.add(part)


def _looked(part: ReportPart, move: Move) -> ReportPart:
    part.sweep_at = look_at(move.book, running(part), stored=part.sweep_at, now=move.now)
    return part
