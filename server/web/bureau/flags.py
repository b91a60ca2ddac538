"""`/b/flags`: reports that look odd in the figures, each with its reason; the bureau may dismiss a flag and says why."""

from typing import Any

from flask import Blueprint, request

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.core.paging import LIMIT
from server.reports.fairness import LISTED, Flag
from server.reports.flags import TITLES, dismiss, flags_page
from server.web.bureau.shell import back, page
from server.web.desk.rows import kind_of
from server.web.times import stamp
from server.web.typed import typed

pages = Blueprint("bureau_flags", __name__, url_prefix="/b/flags")
CHOICES = tuple((flag.value, TITLES[flag]) for flag in Flag if flag in LISTED)


@pages.get("")
@entry(Role.BUREAU)
def show_list() -> str:
    """The flags that nobody has dismissed, the newest first."""
    now, wanted = clock.now(), request.args.get("flag", "")
    flag = Flag(wanted) if wanted in dict(CHOICES) else None
    found = flags_page(actor(), flag=flag, after=request.args.get("after"), limit=LIMIT)
    query = f"&flag={flag.value}" if flag else ""
    return page(
        "flags",
        rows=[
            {
                "id": row.id,
                "no": row.no,
                "title": TITLES[Flag(row.flag)],
                "why": row.why,
                "at": stamp(row.at, now=now),
                "estate": row.estate,
                "kind": kind.label if (kind := kind_of(row.county_id, row.kind)) else row.kind,
            }
            for row in found.items
        ],
        choices=CHOICES,
        flag=flag.value if flag else "",
        next=f"/b/flags?after={found.next}{query}" if found.next else "",
        first="/b/flags" if request.args.get("after") else "",
    )


@pages.post("/<int:flag_id>/dismiss")
@entry(Role.BUREAU)
def drop(flag_id: int) -> Any:
    """A flag means nothing: the report counts again; the reason is kept."""
    no = dismiss(flag_id, by=actor(), why=typed("why", most=200), now=clock.now())
    return back("/b/flags", f"已撤销 {no} 的标记，这件照常计入统计。")
