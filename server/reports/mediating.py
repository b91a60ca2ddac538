"""What the steps of a mediation change on a report, and what is kept of them (A12)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.accounts.models import Body
from server.accounts.permissions import Part
from server.core.db import db
from server.core.errors import Conflict, Invalid
from server.policy.clocks import due
from server.policy.model import Book
from server.reports.deeds import Deed
from server.reports.facts import running
from server.reports.mediation import Mediation
from server.reports.models import Event, Report
from server.reports.workflow import ACCEPTED, IN_HAND, REFERRED, RESOLVED, WHISTLED, Act

ASKED, WAITING, TAKEN = "asked", "waiting", "taken"
AGREED, NOT_AGREED, GIVEN_UP = "agreed", "not_agreed", "withdrawn"
RESULTS = {AGREED: "达成调解协议", NOT_AGREED: "没有达成协议", GIVEN_UP: "当事人撤回，终止调解"}
ENDS = RESULTS | {"taken_back": "没有转调解", "lapsed": "报告已结束，不再调解"}
PHONE = "phone"
"""The consent's result where the centre may also ask for the phone."""
STEPS = frozenset({Act.REFER, Act.CONSENT, Act.UNREFER, Act.TAKE, Act.APPOINT, Act.SETTLE})
GOING = IN_HAND | {WHISTLED, REFERRED}
GONE: dict[str, Any] = {"refer_state": None, "refer_due_at": None}
Changed = tuple[dict[str, Any], dict[str, Any]]


def centre_of(report: Report, book: Book) -> int:
    """The body of the county's centre. Raises Conflict where the county has none."""
    key = book.mediation.body
    found = db.session.scalar(select(Body.id).where(Body.county_id == report.county_id, Body.key == key))
    if found is None:
        raise Conflict("本县还没有建立调解中心，不能转调解。", code="not_now", state=report.state)
    return found


def going(report: Report) -> Mediation:
    """The referral that is under way. Raises Conflict where there is none."""
    found = _under_way(report)
    if found is None:
        raise Conflict("这份报告没有在调解。", code="not_now", state=report.state)
    return found


def _under_way(report: Report) -> Mediation | None:
    query = select(Mediation).where(Mediation.report_id == report.id, Mediation.ended_at.is_(None))
    return db.session.scalar(query)


def referrals_of(report_id: int) -> list[Mediation]:
    """Every referral of a report, the newest first."""
    query = select(Mediation).where(Mediation.report_id == report_id)
    return list(db.session.scalars(query.order_by(Mediation.id.desc())))


def mediated(
    act: Act, report: Report, deed: Deed, *, book: Book, by: frozenset[Part], now: datetime
) -> Changed:
    """The columns that a step changes, and what its event keeps."""
    if act is Act.REFER:
        return _asked(report, book, now=now)
    if act is Act.CONSENT:
        return _sent(report, book, phone=deed.result == PHONE, now=now)
    if act is Act.UNREFER:
        return _back(report, deed, by)
    if act is Act.TAKE:
        until = _consented(report) or now
        ends = book.mediation.within.after(until, book.calendar)
        return {"refer_state": TAKEN, "refer_due_at": ends}, {"until": ends.isoformat()}
    if act is Act.APPOINT:
        return _met(deed, now=now)
    return _settled(report, deed, book, now=now)


def _asked(report: Report, book: Book, *, now: datetime) -> Changed:
    if not book.mediation.consent:
        return _sent(report, book, phone=False, now=now)
    return {"refer_state": ASKED}, {"centre": centre_of(report, book)}


def _sent(report: Report, book: Book, *, phone: bool, now: datetime) -> Changed:
    """To the centre: it takes the case within the class's own span, and answers within the book's."""
    centre = centre_of(report, book)
    columns = {
        "state": REFERRED,
        "handler_id": centre,
        "accepted_at": report.accepted_at or now,
        "refer_state": WAITING,
        "refer_due_at": due(book, report.time_class, now).accept_due_at,
        "extend_until": None,
        "asked_at": None,
    }
    return columns, {"from": report.handler_id, "to": centre, "centre": centre, "phone": phone}


def _consented(report: Report) -> datetime | None:
    return going(report).consented_at


def _back(report: Report, deed: Deed, by: frozenset[Part]) -> Changed:
    if Part.OWNER not in by and not deed.text:
        raise Invalid("请写一句说明。", fields={"text": "请写一句说明。"})
    if report.state != REFERRED:
        return dict(GONE), {}
    before = going(report).from_body_id
    return GONE | {"state": ACCEPTED, "handler_id": before}, {"from": report.handler_id, "to": before}


def _met(deed: Deed, *, now: datetime) -> Changed:
    if deed.until is None or deed.until <= now:
        raise Invalid("调解时间要晚于现在。", fields={"until": "请选择以后的时间"})
    return {}, {"until": deed.until.isoformat()}


def _settled(report: Report, deed: Deed, book: Book, *, now: datetime) -> Changed:
    """Agreed: the reporter is asked. Else it goes back, with the second clock where that is longer."""
    if deed.result not in RESULTS:
        raise Invalid("请选择调解结果。", fields={"result": "请选择调解结果"})
    before = going(report).from_body_id
    columns = GONE | {"handler_id": before}
    data = {"result": deed.result, "from": report.handler_id, "to": before}
    if deed.result == AGREED:
        asked = {"resolved_at": now, "check_due_at": None, "checked_at": None}
        solved = {"state": RESOLVED, "outcome": "solved"} | asked
        return columns | solved, data | {"outcome": "solved"}
    second = due(book, report.time_class, now, reopened=True).resolve_due_at
    if second > running(report).answer_due_at:
        columns["reopen_due_at"] = second
        data["until"] = second.isoformat()
    return columns | {"state": ACCEPTED}, data


def lapse(report: Report, columns: dict[str, Any]) -> dict[str, Any]:
    """What ends with a report that leaves everybody's hands: its referral as well."""
    state = columns.get("state", report.state)
    return columns if state in GOING or not report.refer_state else GONE | columns


def keep(report: Report, act: Act, deed: Deed, event: Event, *, before: str | None) -> None:
    """Keep a step in the referral's own row; `before` is the referral's state before the act."""
    if act is Act.REFER:
        _open(report, event)
    elif act in STEPS:
        _next(going(report), act, deed, event, due_at=report.refer_due_at)
    elif before and not report.refer_state and (row := _under_way(report)):
        _end(row, "lapsed", "", at=event.at)
    db.session.flush()


def _open(report: Report, event: Event) -> None:
    sent = report.state == REFERRED
    row = Mediation(
        county_id=report.county_id,
        report_id=report.id,
        body_id=event.data["centre"],
        from_body_id=event.data.get("from", report.handler_id),
        asked_at=event.at,
        asked_by_label=event.by_label,
        words=event.text,
        consented_at=event.at if sent else None,
        phone_ok=False,
        due_at=report.refer_due_at,
        meet_words="",
        result_words="",
    )
    db.session.add(row)


def _next(row: Mediation, act: Act, deed: Deed, event: Event, *, due_at: datetime | None) -> None:
    if act is Act.CONSENT:
        row.consented_at, row.phone_ok = event.at, event.data["phone"]
        row.from_body_id, row.body_id = event.data["from"], event.data["to"]
    if act is Act.TAKE:
        row.taken_at = event.at
    if act is Act.APPOINT:
        row.meet_at, row.meet_words = deed.until, deed.text
    row.due_at = due_at or row.due_at
    if act is Act.UNREFER:
        _end(row, "taken_back", deed.text, at=event.at)
    if act is Act.SETTLE:
        _end(row, deed.result or "", deed.text, at=event.at)


def _end(row: Mediation, result: str, words: str, *, at: datetime) -> None:
    row.result, row.result_words, row.ended_at = result, words, at


def phone_allowed(report: Report, mine: frozenset[Part]) -> bool:
    """Whether the centre that has taken a case may ask for the phone: the reporter said so when he agreed."""
    if report.state != REFERRED or report.refer_state != TAKEN or Part.HANDLER not in mine:
        return False
    return going(report).phone_ok
