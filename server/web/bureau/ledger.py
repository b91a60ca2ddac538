"""`/b/reports`: every report of the area, searched, filtered, and for the bureau as an Excel file."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from server.accounts.guards import actor
from server.accounts.permissions import Place, can
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.core.paging import LIMIT
from server.core.text import clean
from server.estates.sight import estate_names
from server.reports.queries import Filter, newest
from server.reports.words import STAFF_STATES
from server.web.bureau.export import MOST, sheet
from server.web.desk.rows import rows_of
from server.web.navigation import WATCHING
from server.web.typed import whole

pages = Blueprint("ledger", __name__)

STATES = tuple(
    (key, STAFF_STATES[key]) for key in ("submitted", "accepted", "resolved", "closed", "withdrawn")
)
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
        rows=rows_of(page.items, base="/b/", now=now),
        estates=estate_names(asking),
        states=STATES,
        wanted=wanted,
        next=_address(wanted, after=page.next) if page.next else "",
        first=_address(wanted) if request.args.get("after") else "",
        export=_address(wanted, path="/b/reports.xlsx") if may_export() else "",
        most=MOST,
    )


@pages.get("/b/reports.xlsx")
@entry(Role.BUREAU)
def export() -> Response:
    """The same reports as an Excel file; nothing in it leads to a reporter."""
    now = clock.now()
    answer = Response(sheet(actor(), wanted_now(), now=now), mimetype=XLSX)
    name = f"reports-{clock.today(now):%Y%m%d}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def may_export() -> bool:
    """Whether whoever asks may take the ledger away."""
    return can(actor(), "ledger.export", Place(actor().county_id or ""))


def wanted_now() -> Filter:
    """What the address narrows the list to; what it does not know narrows nothing."""
    state = request.args.get("state", "")
    return Filter(
        estate_id=whole(request.args.get("estate", "")),
        state=state if state in dict(STATES) else None,
        words=_words(request.args.get("q", "")) or None,
    )


def _words(text: str) -> str:
    try:
        return clean(text)[:WORDS_MOST]
    except ValueError:
        return ""


def _address(wanted: Filter, *, path: str = "/b/reports", **more: Any) -> str:
    given = {"q": wanted.words, "state": wanted.state, "estate": wanted.estate_id} | more
    query = urlencode({key: value for key, value in given.items() if value})
    return f"{path}?{query}" if query else path
