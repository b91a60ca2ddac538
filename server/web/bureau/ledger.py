"""`/b/reports`: every report of the area, searched, filtered, and for the bureau as an Excel file."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.core.errors import Invalid
from server.core.paging import LIMIT
from server.estates.sight import estate_names
from server.reports.exporting import (
    A_DAY,
    REASON_MOST,
    answer_for_export,
    check_export,
    left_today,
    may_export,
)
from server.reports.queries import Filter, newest
from server.reports.words import STAFF_STATES
from server.web.bureau.export import MOST, sheet
from server.web.desk.rows import rows_of
from server.web.navigation import WATCHING
from server.web.typed import looked_for, narrowed, said, typed, whole

pages = Blueprint("ledger", __name__)

STATES = tuple(
    (key, STAFF_STATES[key])
    for key in ("submitted", "accepted", "resolved", "closed", "whistled", "rejected", "withdrawn", "void")
)
EXPORT = "/b/reports/export"
WORDS_MOST = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/b/reports")
@entry(*WATCHING)
def ledger() -> str:
    """The reports of the area, the newest first."""
    now, asking = clock.now(), actor()
    wanted = wanted_now()
    page = newest(asking, wanted, after=request.args.get("after"), limit=LIMIT, now=now)
    return render_template(
        "bureau/ledger.html",
        rows=rows_of(page.items, asking, base="/b/", now=now),
        estates=estate_names(asking),
        states=STATES,
        wanted=wanted,
        next=_address(wanted, after=page.next) if page.next else "",
        first=_address(wanted) if request.args.get("after") else "",
        export=_address(wanted, path=EXPORT) if may_export(asking) else "",
        most=MOST,
    )


@pages.get(EXPORT)
@entry(Role.BUREAU)
def ask() -> str:
    """Why the list is taken away; how often it still may be today."""
    return _asking({})


@pages.post(EXPORT)
@entry(Role.BUREAU)
def export() -> Response | tuple[str, int]:
    """The same reports as an Excel file; nothing in it leads to a reporter, and that it was taken is kept."""
    now, asking, wanted = clock.now(), actor(), wanted_now()
    try:
        reason = said("reason", most=REASON_MOST)
        check_export(asking, reason=reason, now=now)
        data, rows = sheet(asking, wanted, now=now)
        answer_for_export(asking, wanted, reason=reason, rows=rows, now=now)
    except Invalid as refused:
        return _asking(refused.fields), refused.status
    answer = Response(data, mimetype=XLSX)
    name = f"reports-{clock.today(now):%Y%m%d}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asking(errors: dict[str, str]) -> str:
    return render_template(
        "bureau/export.html",
        action=_address(wanted_now(), path=EXPORT),
        back=_address(wanted_now()),
        reason=typed("reason", most=REASON_MOST + 1),
        reason_most=REASON_MOST,
        errors=errors,
        left=left_today(actor(), now=clock.now()),
        a_day=A_DAY,
        most=MOST,
    )


def wanted_now() -> Filter:
    """What the address narrows the list to; what it does not know narrows nothing."""
    return Filter(
        estate_id=whole(request.args.get("estate", "")),
        state=narrowed("state", dict(STATES)) or None,
        words=looked_for("q", most=WORDS_MOST) or None,
    )


def _address(wanted: Filter, *, path: str = "/b/reports", **more: Any) -> str:
    given = {"q": wanted.words, "state": wanted.state, "estate": wanted.estate_id} | more
    query = urlencode({key: value for key, value in given.items() if value})
    return f"{path}?{query}" if query else path
