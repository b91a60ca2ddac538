"""`/b/<no>/contact`: bureau or community asks for the reporter's phone, gives a reason, and sees it once."""

from flask import Blueprint, make_response, render_template, request
from werkzeug import Response

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock, http
from server.core.entry import entry
from server.core.errors import Invalid, NotFound
from server.reports.acting import parts_of
from server.reports.contact import A_DAY, NOT_SHOWN, REASONS, WORDS_MOST, may_reveal, reveal
from server.reports.models import Report
from server.reports.queries import visible_report
from server.web.typed import all_typed, chosen, said

pages = Blueprint("contact", __name__)
ASKING = (Role.BUREAU, Role.COMMUNITY)
CENTRES = (Role.COURT, Role.DEPARTMENT)
"""Whose bodies can be the county's mediation centre, which asks by a consent of its own (A12)."""


@pages.get("/b/<no:no>/contact")
@entry(*ASKING)
def ask(no: str) -> Response:
    """The question why; not there without the reporter's consent."""
    return _page(_report(no))


@pages.post("/b/<no:no>/contact")
@entry(*ASKING)
def show(no: str) -> Response:
    """The phone, on this one answer; writing it down comes first."""
    report, reason = _report(no), chosen("reason", REASONS)
    words, phone, errors = all_typed().get("words", ""), "", {}
    try:
        with http.attempt():
            words = said("words", most=WORDS_MOST)
            mine = parts_of(report, actor())
            phone = reveal(report, mine=mine, reason=reason, words=words, by=actor(), now=clock.now())
    except Invalid as wrong:
        errors = dict(wrong.fields)
    return _page(report, reason, words, phone=phone, errors=errors, status=422 if errors else 200)


@pages.get("/m/<no:no>/contact")
@entry(*CENTRES)
def ask_centre(no: str) -> Response:
    """The same question for the mediation centre; not there before it has taken the case."""
    return ask(no)


@pages.post("/m/<no:no>/contact")
@entry(*CENTRES)
def show_centre(no: str) -> Response:
    """The phone for the mediation centre."""
    return show(no)


def _report(no: str) -> Report:
    report = visible_report(no, actor())
    if not may_reveal(report, parts_of(report, actor())):
        raise NotFound(NOT_SHOWN)
    return report


def _page(
    report: Report,
    reason: str = "",
    words: str = "",
    *,
    phone: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "bureau/contact.html",
        back=request.path.removesuffix("/contact"),
        no=report.no,
        reasons=tuple(REASONS.items()),
        reason=reason,
        words=words,
        words_most=WORDS_MOST,
        a_day=A_DAY,
        phone=phone,
        errors=errors or {},
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
