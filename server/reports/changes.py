"""What an act changes on a report, and what of it is kept in its history."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from server.accounts.bodies import bureau_of
from server.accounts.permissions import Part
from server.core import clock
from server.core.errors import Conflict, Invalid
from server.policy.clocks import due
from server.policy.model import Book
from server.reports import answering, mediating, passing, side_changes
from server.reports.change import Case, Change
from server.reports.deeds import Deed
from server.reports.facts import extension_range
from server.reports.merges import merge_into, split_off
from server.reports.models import Report
from server.reports.part_models import ReportPart
from server.reports.parts import NOBODY, Called
from server.reports.workflow import ACCEPTED, REJECTED, VOIDED, WITHDRAWN, Act

OUTCOMES = ("solved", "partly", "not_solvable", "needs_fund", "needs_vote", "referred")


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
        "checked_at": None,
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
    Act.RESOLVE: answering.resolve,
    Act.CONFIRM: answering.confirm,
    Act.RATE: answering.rate,
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
    Act.CONTACT: answering.contact,
    Act.CHECK: answering.check,
    Act.MEASURE: answering.measure,
    Act.REINSPECT: answering.reinspect,
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
