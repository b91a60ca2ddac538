"""What an act changes on a report, and what of it is kept in its history."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.accounts.bodies import bureau_of, parent_of
from server.accounts.permissions import Part
from server.core import clock
from server.core.errors import Invalid
from server.policy.clocks import due
from server.policy.model import Book
from server.reports.deeds import Deed
from server.reports.facts import extension_range
from server.reports.models import Report
from server.reports.workflow import ACCEPTED, CLOSED, RESOLVED, VOIDED, WITHDRAWN, Act

OUTCOMES = ("solved", "partly", "not_solvable", "referred")


@dataclass(frozen=True)
class Change:
    """New values of columns, and what the event keeps beside its text."""

    columns: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One act at hand."""

    report: Report
    deed: Deed
    book: Book
    by: frozenset[Part]
    now: datetime


def _accept(case: Case) -> Change:
    return Change({"state": ACCEPTED, "accepted_at": case.now})


def _reply(case: Case) -> Change:
    return Change({}, {"until": case.deed.until.isoformat()} if case.deed.until else {})


def _ask(case: Case) -> Change:
    return Change({"asked_at": case.now})


def _answer(case: Case) -> Change:
    del case
    return Change({"asked_at": None})


def _resolve(case: Case) -> Change:
    outcome = case.deed.outcome or "solved"
    if outcome not in OUTCOMES:
        raise Invalid("请选择处理结果。", fields={"outcome": "请选择处理结果"})
    if outcome != "solved" and not case.deed.basis:
        raise Invalid("没有完全解决的，请写明原因和依据。", fields={"basis": "请写明原因和依据"})
    columns = {
        "state": RESOLVED,
        "resolved_at": case.now,
        "accepted_at": case.report.accepted_at or case.now,
        "outcome": outcome,
        "asked_at": None,
        "extend_until": None,
    }
    return Change(columns, {"outcome": outcome, "basis": case.deed.basis})


def _confirm(case: Case) -> Change:
    columns = {"state": CLOSED, "closed_at": case.now, "closed_as": "confirmed"}
    rated = _rate(case) if case.deed.score else Change()
    return Change(columns | rated.columns, rated.data)


def _rate(case: Case) -> Change:
    score = case.deed.score or 0
    if not 1 <= score <= case.book.ratings.best:
        raise Invalid("请选择 1 到 5 星。", fields={"score": "请选择 1 到 5 星"})
    return Change({"score": score}, {"score": score, "reasons": list(case.deed.reasons)})


def _reopen(case: Case) -> Change:
    count = case.report.reopen_count + 1
    second = due(case.book, case.report.time_class, case.now, reopened=True)
    columns: dict[str, Any] = {
        "state": ACCEPTED,
        "reopened_at": case.now,
        "reopen_due_at": second.resolve_due_at,
        "reopen_count": count,
        "closed_at": None,
        "closed_as": None,
        "score": None,
        "reminded_at": None,
    }
    if count > case.book.limits.reopen_times:
        columns["handler_id"] = bureau_of(case.report.county_id).id
    return Change(columns, {"count": count, "score": case.report.score, "outcome": case.report.outcome})


def _withdraw(case: Case) -> Change:
    return Change({"state": WITHDRAWN, "closed_at": case.now})


def _void(case: Case) -> Change:
    """Counts nowhere any more (semantics.md); what was done to it stays in its history."""
    before = {"state": case.report.state, "closed_as": case.report.closed_as}
    return Change({"state": VOIDED, "closed_at": case.report.closed_at or case.now}, before)


def _hide(case: Case) -> Change:
    """Not public any more, and never again: no act leads back."""
    del case
    return Change({"public": False})


def _remind(case: Case) -> Change:
    return Change({"reminded_at": case.now} if Part.OWNER in case.by else {})


def _transfer(case: Case) -> Change:
    return Change(
        {"handler_id": case.deed.body_id}, {"from": case.report.handler_id, "to": case.deed.body_id}
    )


def _hand_back(case: Case) -> Change:
    """One level up; from the book's count on straight to the bureau."""
    count, handler = case.report.hand_back_count + 1, case.report.handler_id
    last = count >= case.book.limits.hand_back_to_bureau_at
    to = bureau_of(case.report.county_id).id if last else parent_of(handler)
    return Change({"hand_back_count": count, "handler_id": to}, {"count": count, "from": handler, "to": to})


def _extend(case: Case) -> Change:
    until = case.deed.until
    ends, latest = extension_range(case.report, case.book)
    if until is None or not ends < until <= latest:
        day = clock.local(latest)
        raise Invalid(
            f"延期要晚于现在的时限，最晚到 {day:%m月%d日 %H:%M}。",
            fields={"until": f"最晚 {day:%m月%d日 %H:%M}"},
        )
    return Change({"extend_until": until}, {"until": until.isoformat()})


def _grant(case: Case) -> Change:
    report = case.report
    column = "reopen_due_at" if report.reopen_due_at else "resolve_due_at"
    before = report.reopen_due_at or report.resolve_due_at
    until = report.extend_until
    return Change(
        {column: until, "extend_until": None, "extended_at": case.now},
        {"until": until.isoformat() if until else None, "before": before.isoformat()},
    )


def _deny(case: Case) -> Change:
    del case
    return Change({"extend_until": None})


def _nothing(case: Case) -> Change:
    del case
    return Change()


CHANGES: dict[Act, Callable[[Case], Change]] = {
    Act.ACCEPT: _accept,
    Act.REPLY: _reply,
    Act.ASK: _ask,
    Act.ANSWER: _answer,
    Act.ADD: _nothing,
    Act.RESOLVE: _resolve,
    Act.CONFIRM: _confirm,
    Act.RATE: _rate,
    Act.REOPEN: _reopen,
    Act.WITHDRAW: _withdraw,
    Act.REMIND: _remind,
    Act.SUPERVISE: _nothing,
    Act.TRANSFER: _transfer,
    Act.HAND_BACK: _hand_back,
    Act.EXTEND: _extend,
    Act.GRANT: _grant,
    Act.DENY: _deny,
    Act.HIDE: _hide,
    Act.VOID: _void,
}


def apply_act(
    report: Report, act: Act, deed: Deed, *, book: Book, by: frozenset[Part], now: datetime
) -> Change:
    """The change that an act makes. Raises Invalid where what came with it cannot be."""
    return CHANGES[act](Case(report, deed, book, by, now))
