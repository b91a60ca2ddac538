"""`/b/ledger`: the work ledger with 销号: on the screen, on A4, and as a file (A9)."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from server.accounts.bodies import list_bodies
from server.accounts.guards import actor
from server.accounts.models import BodyKind
from server.accounts.roles import Role
from server.core import clock
from server.core.csv_file import write_csv
from server.core.entry import entry
from server.core.errors import Invalid
from server.core.paging import LIMIT
from server.core.spreadsheet import write_xlsx
from server.estates.sight import estate_names
from server.policy.loader import books
from server.reports.exporting import (
    A_DAY,
    REASON_MOST,
    answer_for_export,
    check_export,
    left_today,
    may_export,
)
from server.reports.queries import Filter
from server.reports.work_ledger import STANDING, STRUCK, Wanted, ledger_page, ledger_rows
from server.web.bureau.export import MOST
from server.web.bureau.work_rows import HEADERS, cells, line
from server.web.files import CSV, XLSX, download
from server.web.navigation import WATCHING
from server.web.typed import day, narrowed, said, typed, whole

pages = Blueprint("work_ledger", __name__)
PAGE, PRINT, EXPORT = "/b/ledger", "/b/ledger/print", "/b/ledger/export"
STANDINGS = ((STANDING, "未销号"), (STRUCK, "已销号"))
FILES = {"xlsx": "Excel", "csv": "CSV"}
LINK = Markup('<a href="/b/{}">{}</a>')
PRINTED = 500
"""Lines of one print; more is for the file."""


@pages.get(PAGE)
@entry(*WATCHING)
def show() -> str:
    """The ledger of the area, the newest first, with its filters."""
    now, asking, wanted = clock.now(), actor(), wanted_now()
    page = ledger_page(asking, wanted, after=request.args.get("after"), limit=LIMIT)
    return render_template(
        "bureau/work_ledger.html",
        heads=HEADERS,
        rows=[(LINK.format(row.no, row.no), *line(row, now=now)[1:]) for row in page.items],
        wanted=wanted,
        estates=estate_names(asking),
        townships=_townships(),
        kinds=[(kind.key, kind.label) for kind in _kinds()],
        standings=STANDINGS,
        next=_address(wanted, after=page.next) if page.next else "",
        first=_address(wanted) if request.args.get("after") else "",
        printing=_address(wanted, path=PRINT),
        export=_address(wanted, path=EXPORT) if may_export(asking) else "",
    )


@pages.get(PRINT)
@entry(*WATCHING)
def sheet() -> str:
    """The same lines as a table for A4 across."""
    now, asking, wanted = clock.now(), actor(), wanted_now()
    rows = [line(row, now=now) for row in ledger_rows(asking, wanted, most=PRINTED + 1)]
    return render_template(
        "bureau/work_print.html",
        heads=("序号", *HEADERS),
        rows=[(str(number), *row) for number, row in enumerate(rows[:PRINTED], start=1)],
        capped=len(rows) > PRINTED,
        most=PRINTED,
        title=f"{books()[asking.county_id or ''].county_name}物业问题工作台账",
        today=clock.today(now).isoformat(),
        back=_address(wanted),
    )


@pages.get(EXPORT)
@entry(Role.BUREAU)
def ask() -> str:
    """Why it is taken away, and as which file."""
    return _asking({})


@pages.post(EXPORT)
@entry(Role.BUREAU)
def export() -> Response | tuple[str, int]:
    """The ledger as a file in the plans' columns; that it was taken is kept."""
    now, asking, wanted = clock.now(), actor(), wanted_now()
    kept = Filter(estate_id=wanted.estate_id, state=wanted.standing or None)
    try:
        reason = said("reason", most=REASON_MOST)
        check_export(asking, reason=reason, now=now)
        rows = [
            (number, *cells(row))
            for number, row in enumerate(ledger_rows(asking, wanted, most=MOST), start=1)
        ]
        answer_for_export(asking, kept, reason=reason, rows=len(rows), now=now)
    except Invalid as refused:
        return _asking(refused.fields), refused.status
    name, heads = f"work-ledger-{clock.today(now):%Y%m%d}", ("序号", *HEADERS)
    if request.form.get("file") == "csv":
        return download(write_csv(heads, rows), CSV, f"{name}.csv")
    return download(write_xlsx(heads, rows, title="工作台账"), XLSX, f"{name}.xlsx")


def _asking(errors: dict[str, str]) -> str:
    return render_template(
        "bureau/export.html",
        action=_address(wanted_now(), path=EXPORT),
        back=_address(wanted_now()),
        back_words="工作台账",
        files=tuple(FILES.items()),
        reason=typed("reason", most=REASON_MOST + 1),
        reason_most=REASON_MOST,
        errors=errors,
        left=left_today(actor(), now=clock.now()),
        a_day=A_DAY,
        most=MOST,
    )


def _kinds() -> list[Any]:
    book = books()[actor().county_id or ""]
    return [kind for kind in book.kinds.values() if not kind.confidential]


def _townships() -> list[tuple[int, str]]:
    """The townships to choose from: for the bureau alone, others see one anyway."""
    if Role.BUREAU not in actor().roles:
        return []
    return [(body.id, body.name) for body in list_bodies(actor().county_id or "", BodyKind.TOWNSHIP)]


def wanted_now() -> Wanted:
    """What the address narrows the ledger to; what it does not know narrows nothing."""
    return Wanted(
        estate_id=whole(request.args.get("estate", "")),
        township_id=whole(request.args.get("township", "")),
        kind=narrowed("kind", {one.key for one in _kinds()}),
        begins_on=day(request.args.get("begins_on", "")),
        ends_on=day(request.args.get("ends_on", "")),
        standing=narrowed("standing", dict(STANDINGS)),
    )


def _address(wanted: Wanted, *, path: str = PAGE, **more: Any) -> str:
    given = {
        "estate": wanted.estate_id,
        "township": wanted.township_id,
        "kind": wanted.kind,
        "begins_on": wanted.begins_on,
        "ends_on": wanted.ends_on,
        "standing": wanted.standing,
    } | more
    query = urlencode({key: value for key, value in given.items() if value})
    return f"{path}?{query}" if query else path
