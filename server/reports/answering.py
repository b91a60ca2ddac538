"""What an answer, its check and the reporter's word change on a report; contact, measure and second look beside them."""

from server.accounts.bodies import bureau_of
from server.core.errors import Invalid
from server.reports import side_changes
from server.reports.change import Case, Change
from server.reports.evidence import Answer, lacking
from server.reports.sides import Side
from server.reports.workflow import CLOSED, RESOLVED


def resolve(case: Case) -> Change:
    """The answer: it must show what the book asks; a check or the reporter comes next."""
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


def confirm(case: Case) -> Change:
    """The reporter says it is solved."""
    columns = {"state": CLOSED, "closed_at": case.now, "closed_as": "confirmed"}
    rated = rate(case) if case.deed.score else Change()
    return Change(columns | rated.columns, rated.data)


def rate(case: Case) -> Change:
    """The reporter's stars."""
    score = case.deed.score or 0
    if not 1 <= score <= case.book.ratings.best:
        raise Invalid("请选择 1 到 5 星。", fields={"score": "请选择 1 到 5 星"})
    return Change({"score": score}, {"score": score, "reasons": list(case.deed.reasons)})


def contact(case: Case) -> Change:
    """The community contacted the reporter, or tried to (A8)."""
    return Change(*side_changes.contacted(case.report, case.deed))


def check(case: Case) -> Change:
    """A second body checked the answer."""
    return Change(*side_changes.checked(case.report, case.deed, case.book, case.now))


def measure(case: Case) -> Change:
    """A danger's measure, deadline and responsible post (A13)."""
    return Change(*side_changes.measured(case.deed, case.book, case.now))


def reinspect(case: Case) -> Change:
    """Somebody looked at a mended danger again."""
    return Change(*side_changes.reinspected(case.report, case.deed, case.book, case.now))
