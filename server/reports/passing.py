"""Who must act next when a report is whistled up, reported in to, moved or handed back (A4, A7); clocks go on."""

from datetime import datetime
from typing import Any

from server.accounts.bodies import bureau_of, parent_of
from server.accounts.models import Body, BodyKind
from server.core.db import db
from server.core.errors import Invalid
from server.policy.model import Book
from server.reports.deeds import Deed
from server.reports.models import Report
from server.reports.part_clocks import answer_at, report_in_at
from server.reports.part_models import ReportPart
from server.reports.part_moves import CALLABLE
from server.reports.parts import Called, is_open
from server.reports.workflow import ACCEPTED, SUBMITTED, WHISTLED

NO_EVIDENCE = "请上传处理后的照片，或写明原因和依据。"
Moved = tuple[dict[str, Any], dict[str, Any]]
"""New values of columns, and what the history keeps."""


def whistle(report: Report, deed: Deed, called: Called, *, book: Book, now: datetime) -> Moved:
    """The called body must act and report in; where one leads already, it is asked for a part beside the lead."""
    due, answer = report_in_at(book, report.time_class, now), answer_at(book, report.time_class, now)
    data: dict[str, Any] = {
        "joint": list(deed.joint),
        "report_in_due_at": due.isoformat(),
        "due_at": answer.isoformat(),
    }
    columns: dict[str, Any] = {"called_at": report.called_at or now}
    if called.lead is not None:
        return columns, data | {"joint": list(dict.fromkeys([*_asked(deed), *deed.joint]))}
    columns |= {"state": WHISTLED, "handler_id": deed.body_id, "report_in_due_at": due}
    return columns, data | {"from": report.handler_id, "to": deed.body_id}


def report_in(report: Report, own: ReportPart | None, *, handles: bool, now: datetime) -> Moved:
    """The lead has it in hand from now on; a joint body's reporting in changes nothing else."""
    if not handles:
        return {}, {"part": own.body_id if own else None}
    accepted = report.accepted_at or now
    return {"state": ACCEPTED, "accepted_at": accepted}, {}


def transfer(report: Report, deed: Deed, called: Called, *, now: datetime) -> Moved:
    """Another body must act; whoever it is, the clocks of a whistle go on with it."""
    to = db.session.get_one(Body, deed.body_id)
    goes_on = called.lead is not None and to.kind in CALLABLE
    columns: dict[str, Any] = {"handler_id": to.id}
    data: dict[str, Any] = {"from": report.handler_id, "to": to.id, "called": goes_on}
    if deed.joint:
        columns["called_at"] = report.called_at or now
        data["joint"] = list(deed.joint)
    return columns | ({} if goes_on else _in_hand(report)), data


def hand_back(report: Report, called: Called, own: ReportPart | None, *, handles: bool, book: Book) -> Moved:
    """Back to whoever whistled, else one level up; from the book's count on straight to the bureau.

    A joint body gives back its own part only, which moves nothing and is not counted.
    """
    if not handles and own is not None:
        return {}, {"part": own.body_id}
    count, handler = report.hand_back_count + 1, report.handler_id
    last = count >= book.limits.hand_back_to_bureau_at
    to = bureau_of(report.county_id).id if last else _back_to(report, called)
    columns = {"hand_back_count": count, "handler_id": to} | _in_hand(report)
    return columns, {"count": count, "from": handler, "to": to}


def part_answer(deed: Deed, own: ReportPart | None) -> dict[str, Any]:
    """What the history keeps of an answer to one's own part. Raises Invalid without evidence, or where none is asked."""
    if not deed.part:
        return {}
    if not is_open(own):
        raise Invalid("没有要贵单位答复的部分，或者已经答复过。", fields={"part": "这一部分已经答复过"})
    if not (deed.photos or deed.basis):
        raise Invalid(NO_EVIDENCE, fields={"photos": NO_EVIDENCE})
    return {"part": own.body_id if own else None, "basis": deed.basis}


def lapse(report: Report, columns: dict[str, Any]) -> dict[str, Any]:
    """An act's columns; whichever way a report leaves the state of being whistled, nobody has to report in any more."""
    if report.report_in_due_at is None or columns.get("state", report.state) == WHISTLED:
        return columns
    return columns | {"report_in_due_at": None}


def _asked(deed: Deed) -> list[int]:
    return [deed.body_id] if deed.body_id is not None else []


def _in_hand(report: Report) -> dict[str, Any]:
    """Nobody needs to report in any more: it is new again, or in hand, as it was before the whistle."""
    if report.state != WHISTLED:
        return {}
    return {"state": ACCEPTED if report.accepted_at else SUBMITTED}


def _back_to(report: Report, called: Called) -> int:
    """Whoever called the lead in; for a company that has left the estate meanwhile, its successor's project."""
    lead = called.lead
    if lead is None or lead.body_id != report.handler_id or lead.from_body_id is None:
        return parent_of(report.handler_id)
    caller = db.session.get_one(Body, lead.from_body_id)
    if caller.kind != BodyKind.PROJECT:
        return caller.id
    return report.project_body_id or report.community_id
