"""What an act changes on a report, and what of it is kept in its history."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.accounts.bodies import bureau_of
from server.accounts.permissions import Part
from server.core import clock
from server.core.errors import Conflict, Invalid
from server.policy.clocks import due
from server.policy.model import Book
from server.reports import mediating, passing, side_changes
from server.reports.deeds import Deed
from server.reports.evidence import Answer, lacking
from server.reports.facts import extension_range
from server.reports.merges import merge_into, split_off
from server.reports.models import Report
from server.reports.part_models import ReportPart
from server.reports.parts import NOBODY, Called
from server.reports.sides import Side
from server.reports.workflow import ACCEPTED, CLOSED, REJECTED, RESOLVED, VOIDED, WITHDRAWN, Act

OUTCOMES = ("solved", "partly", "not_solvable", "needs_fund", "needs_vote", "referred")


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
    called: Called = NOBODY
    own: ReportPart | None = None
    """What was asked of the actor's own body."""

    @property
    def handles(self) -> bool:
        """Whether he acts as the handler, not for a part beside him."""
        return Part.HANDLER in self.by


def _accept(case: Case) -> Change:
    return Change({"state": ACCEPTED, "accepted_at": case.now})


def _reply(case: Case) -> Change:
    until = {"until": case.deed.until.isoformat()} if case.deed.until else {}
    return Change({}, until | passing.part_answer(case.deed, case.own))


def _ask(case: Case) -> Change:
    return Change({"asked_at": case.now})


def _answer(case: Case) -> Change:
    del case
    return Change({"asked_at": None})


def _resolve(case: Case) -> Change:
    outcome = case.deed.outcome or "solved"
    _shown(case, outcome)
    checker = side_changes.body_of_level(
        case.report, case.book.second_body.by, bureau_id=bureau_of(case.report.county_id).id
    )
    columns = {
        "state": RESOLVED,
        "resolved_at": case.now,
        "accepted_at": case.report.accepted_at or case.now,
        "outcome": outcome,
        "asked_at": None,
        "extend_until": None,
    }
    columns |= side_changes.resolved(case.report, case.book, checker_id=checker, now=case.now)
    return Change(columns, {"outcome": outcome, "basis": case.deed.basis})


def _shown(case: Case, outcome: str) -> None:
    """Refuse a resolution that does not show what the book asks for its kind and ending."""
    answer = Answer(
        outcome=outcome,
        text=case.deed.text,
        basis=case.deed.basis or "",
        photo=bool(case.deed.photos),
        measured=case.report.hazard_step == Side.RECTIFY,
    )
    lacks = lacking(case.book, case.report.kind, answer)
    if lacks:
        raise Invalid("；".join(lacks.values()), fields=lacks)


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
    columns |= side_changes.again(case.report, case.book, case.now)
    if count > case.book.limits.reopen_times:
        columns["handler_id"] = bureau_of(case.report.county_id).id
    return Change(columns, {"count": count, "score": case.report.score, "outcome": case.report.outcome})


def _withdraw(case: Case) -> Change:
    return Change({"state": WITHDRAWN, "closed_at": case.now})


def _void(case: Case) -> Change:
    """Counts nowhere any more (semantics.md); what was done to it stays in its history."""
    before = {"state": case.report.state, "closed_as": case.report.closed_as}
    return Change({"state": VOIDED, "closed_at": case.report.closed_at or case.now}, before)


def _merge(case: Case) -> Change:
    return Change(*merge_into(case.report, case.deed.lead_id or 0, now=case.now))


def _split(case: Case) -> Change:
    return Change(*split_off(case.report))


def _contact(case: Case) -> Change:
    return Change(*side_changes.contacted(case.report, case.deed))


def _check(case: Case) -> Change:
    return Change(*side_changes.checked(case.report, case.deed, case.book, case.now))


def _measure(case: Case) -> Change:
    return Change(*side_changes.measured(case.deed, case.book, case.now))


def _reinspect(case: Case) -> Change:
    return Change(*side_changes.reinspected(case.report, case.deed, case.book, case.now))


def _mediation(act: Act) -> Callable[[Case], Change]:
    def change(case: Case) -> Change:
        if case.called.lead is not None and act in {Act.REFER, Act.CONSENT}:
            raise Conflict("有部门正在办理，办完后才能转调解。", code="not_now", state=case.report.state)
        done = mediating.mediated(act, case.report, case.deed, book=case.book, by=case.by, now=case.now)
        return Change(*done)

    return change


def _hide(case: Case) -> Change:
    """Not public any more, and never again: no act leads back."""
    del case
    return Change({"public": False})


def _remind(case: Case) -> Change:
    return Change({"reminded_at": case.now} if Part.OWNER in case.by else {})


def _transfer(case: Case) -> Change:
    return Change(*passing.transfer(case.report, case.deed, case.called, now=case.now))


def _whistle(case: Case) -> Change:
    return Change(*passing.whistle(case.report, case.deed, case.called, book=case.book, now=case.now))


def _report_in(case: Case) -> Change:
    return Change(*passing.report_in(case.report, case.own, handles=case.handles, now=case.now))


def _hand_back(case: Case) -> Change:
    found = passing.hand_back(case.report, case.called, case.own, handles=case.handles, book=case.book)
    return Change(*found)


def _reject(case: Case) -> Change:
    """No matter for the product: final, and counted apart."""
    return Change({"state": REJECTED, "closed_at": case.now})


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
    Act.WHISTLE: _whistle,
    Act.REPORT_IN: _report_in,
    Act.TRANSFER: _transfer,
    Act.HAND_BACK: _hand_back,
    Act.EXTEND: _extend,
    Act.GRANT: _grant,
    Act.DENY: _deny,
    Act.HIDE: _hide,
    Act.REJECT: _reject,
    Act.VOID: _void,
    Act.CONTACT: _contact,
    Act.CHECK: _check,
    Act.MEASURE: _measure,
    Act.REINSPECT: _reinspect,
    **{act: _mediation(act) for act in mediating.STEPS},
    Act.MERGE: _merge,
    Act.SPLIT: _split,
}


def apply_act(
    report: Report,
    act: Act,
    deed: Deed,
    *,
    book: Book,
    by: frozenset[Part],
    called: Called = NOBODY,
    own: ReportPart | None = None,
    now: datetime,
) -> Change:
    """The change that an act makes. Raises Invalid where what came with it cannot be."""
    change = CHANGES[act](Case(report, deed, book, by, now, called, own))
    columns = passing.lapse(report, mediating.lapse(report, change.columns))
    return Change(columns, change.data)
