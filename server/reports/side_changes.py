"""What contact, check, measure and second look change on a report: new columns, and what the history keeps."""

from datetime import datetime, timedelta
from typing import Any

from server.core import clock
from server.core.errors import Invalid
from server.policy.clocks import due
from server.policy.model import Book
from server.policy.terms import Level
from server.reports.deeds import Deed
from server.reports.hazards import check_person
from server.reports.models import Report
from server.reports.sides import Side, check_due_at, measure_due_at, reinspect_due_at
from server.reports.workflow import ACCEPTED, Act

Columns = dict[str, Any]
Both = tuple[Columns, dict[str, Any]]
"""New values of columns, and the event's data."""
REACHED, NOT_REACHED = "reached", "not_reached"
AGREED, SENT_BACK = "agreed", "sent_back"
PASSED, FAILED = "passed", "failed"
DONE = "done"
"""A danger that was looked at again and found mended."""
RESULTS: dict[Act, dict[str, str]] = {
    Act.CONTACT: {REACHED: "已联系上", NOT_REACHED: "没有联系上"},
    Act.CHECK: {AGREED: "核对属实，请报告人确认", SENT_BACK: "不属实或没办好，退回重办"},
    Act.REINSPECT: {PASSED: "隐患已消除", FAILED: "隐患还在，退回重办"},
}
MESSAGE = "message"
WAYS = {"phone": "电话", "visit": "当面", MESSAGE: "系统消息"}
ONLY_MESSAGE = "报告人没有留电话，或没有同意接听电话，请用系统消息联系。"


def contacted(report: Report, deed: Deed) -> Both:
    """The community contacted the reporter, or tried to; without his consent only by a message (A8)."""
    result = _result(Act.CONTACT, deed)
    if deed.way not in WAYS:
        raise Invalid("请选择怎么联系的。", fields={"way": "请选择怎么联系的"})
    if deed.way != MESSAGE and not (report.contact_ok and report.phone_sealed):
        raise Invalid(ONLY_MESSAGE, fields={"way": ONLY_MESSAGE})
    if deed.way == MESSAGE:
        _words(deed, "请写要告诉报告人的话。")
        result = REACHED
    columns = {"contact_due_at": None} if result == REACHED else {}
    return columns, {"result": result, "way": deed.way, "due": _stamp(report.contact_due_at)}


def resolved(report: Report, book: Book, *, checker_id: int, now: datetime) -> Columns:
    """What a resolution starts beside the reporter's week: a check by another body, a second look at a danger."""
    check = check_due_at(book, report.time_class, now) if report.handler_id != checker_id else None
    columns: Columns = {"check_due_at": check, "checked_at": None}
    if report.hazard_step is not None:
        columns |= {"hazard_step": Side.REINSPECT.value, "hazard_due_at": reinspect_due_at(book, now)}
    return columns


def checked(report: Report, deed: Deed, book: Book, now: datetime) -> Both:
    """The second body agrees, and the reporter is asked; or it sends the answer back, and the clocks run on."""
    result = _result(Act.CHECK, deed)
    data = {"result": result, "due": _stamp(report.check_due_at)}
    if result == AGREED:
        return passed_on(now), data
    _words(deed, "退回要写明理由。")
    back: Columns = {
        "state": ACCEPTED,
        "check_due_at": None,
        "checked_at": None,
        "resolved_at": None,
        "outcome": None,
    }
    return back | again(report, book, now), data


def passed_on(now: datetime) -> Columns:
    """The answer goes on to the reporter."""
    return {"check_due_at": None, "checked_at": now}


def again(report: Report, book: Book, now: datetime) -> Columns:
    """A danger that is back needs a measure again."""
    if report.hazard_step is None:
        return {}
    return {"hazard_step": Side.MEASURE.value, "hazard_due_at": measure_due_at(book, report.kind, now)}


def measured(deed: Deed, book: Book, now: datetime) -> Both:
    """Measure, deadline and responsible post of a danger; naming others later is a new step (A13)."""
    person, latest = check_person(deed.person), now + timedelta(days=book.hazard.longest_days)
    if deed.until is None or not now < deed.until <= latest:
        words = f"整改期限最晚 {clock.local(latest):%m月%d日 %H:%M}。"
        raise Invalid(words, fields={"until": words})
    columns = {"hazard_step": Side.RECTIFY.value, "hazard_due_at": deed.until}
    return columns, {"until": deed.until.isoformat(), "person": person}


def reinspected(report: Report, deed: Deed, book: Book, now: datetime) -> Both:
    """The danger is gone; or it is still there, and the report is open again under its own number."""
    result = _result(Act.REINSPECT, deed)
    data = {"result": result, "due": _stamp(report.hazard_due_at)}
    if result == PASSED:
        return {"hazard_step": DONE, "hazard_due_at": None}, data
    second = due(book, report.time_class, now, reopened=True)
    back: Columns = {
        "state": ACCEPTED,
        "reopened_at": now,
        "reopen_due_at": second.resolve_due_at,
        "closed_at": None,
        "closed_as": None,
        "score": None,
        "check_due_at": None,
        "checked_at": None,
        "reminded_at": None,
    }
    return back | again(report, book, now), data


def body_of_level(report: Report, level: Level, *, bureau_id: int) -> int:
    """The body of a level that a report belongs to."""
    return {
        Level.COMMUNITY: report.community_id,
        Level.TOWNSHIP: report.township_id,
        Level.BUREAU: bureau_id,
    }[level]


def _result(act: Act, deed: Deed) -> str:
    if deed.result not in RESULTS[act]:
        raise Invalid("请选择结果。", fields={"result": "请选择结果"})
    return str(deed.result)


def _words(deed: Deed, wanted: str) -> None:
    if not deed.text.strip():
        raise Invalid(wanted, fields={"text": wanted})


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
