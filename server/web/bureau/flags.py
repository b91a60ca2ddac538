"""`/b/flags`: reports that look odd in the figures, each with its reason; the bureau may dismiss a flag and says why."""

from typing import Any

from flask import Blueprint, request

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.core.errors import Invalid
from server.core.paging import LIMIT
from server.reports.fairness import LISTED, Flag
from server.reports.flags import TITLES, WHY_MOST, dismiss, flags_page
from server.web.bureau.shell import back, page, refused
from server.web.desk.rows import kind_of
from server.web.times import stamp
from server.web.typed import narrowed, said

pages = Blueprint("bureau_flags", __name__, url_prefix="/b/flags")
CHOICES = tuple((flag.value, TITLES[flag]) for flag in Flag if flag in LISTED)


@pages.get("")
@entry(Role.BUREAU)
def show_list() -> str:
    """The flags that nobody has dismissed, the newest first."""
    return page("flags", given={}, errors={}, asked=0, **_list())


def _list() -> dict[str, Any]:
    now, wanted = clock.now(), narrowed("flag", dict(CHOICES))
    flag = Flag(wanted) if wanted else None
    found = flags_page(actor(), flag=flag, after=request.args.get("after"), limit=LIMIT)
    query = f"&flag={flag.value}" if flag else ""
    return {
        "rows": [
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
        "choices": CHOICES,
        "flag": flag.value if flag else "",
        "next": f"/b/flags?after={found.next}{query}" if found.next else "",
        "first": "/b/flags" if request.args.get("after") else "",
    }


@pages.post("/<int:flag_id>/dismiss")
@entry(Role.BUREAU)
def drop(flag_id: int) -> Any:
    """A flag means nothing: the report counts again; the reason is kept, and comes back where it is refused."""
    try:
        no = dismiss(flag_id, by=actor(), why=said("why", most=WHY_MOST), now=clock.now())
    except Invalid as wrong:
        return refused(wrong, "flags", asked=flag_id, **_list())
    return back("/b/flags", f"已撤销 {no} 的标记，这件照常计入统计。")
