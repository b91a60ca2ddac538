"""`/m/`: what must be done, the most urgent first."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from server.accounts.guards import actor
from server.accounts.permissions import JOINT_ROLES
from server.core import clock
from server.core.entry import entry
from server.core.paging import LIMIT
from server.reports.court import mediates
from server.reports.queries import Filter, Tab, by_due, tab_counts
from server.web.desk.rows import rows_of
from server.web.manager.callers import CALLED
from server.web.navigation import HANDLING

pages = Blueprint("inbox", __name__)

TABS = {
    Tab.NEW: "待受理",
    Tab.DOING: "处理中",
    Tab.LATE: "已超时",
    Tab.WAITING: "待确认",
    Tab.DONE: "已办结",
}
EMPTY = {
    Tab.NEW: "没有待受理的报告。",
    Tab.DOING: "没有处理中的报告。",
    Tab.LATE: "没有超时的报告，辛苦了。",
    Tab.WAITING: "没有等待报告人确认的报告。",
    Tab.DONE: "还没有办结的报告。",
}


@pages.get("/m/")
@entry(*HANDLING)
def inbox() -> str:
    """The reports that the person's bodies must handle; with `all=1` also those they are told of."""
    now, asking = clock.now(), actor()
    tab = _tab()
    mine = not (asking.roles & JOINT_ROLES and request.args.get("all") == "1")
    counts = tab_counts(asking, mine=mine, now=now)
    wanted = Filter(tab=tab, mine=mine)
    page = by_due(asking, wanted, after=request.args.get("after"), limit=LIMIT, now=now)
    return render_template(
        "manager/inbox.html",
        tabs=[_link(one, tab, counts[one], mine=mine) for one in TABS],
        rows=rows_of(page.items, asking, base="/m/", now=now),
        next=_address(tab, mine=mine, after=page.next) if page.next else "",
        first=_address(tab, mine=mine) if request.args.get("after") else "",
        empty=EMPTY[tab],
        joint=bool(asking.roles & JOINT_ROLES),
        mine=mine,
        called=bool(asking.roles & set(CALLED)),
        mediates=mediates(asking),
    )


def _tab() -> Tab:
    asked = request.args.get("tab", "")
    return Tab(asked) if asked in set(Tab) else Tab.NEW


def _address(tab: Tab, *, mine: bool, **more: str) -> str:
    given = {"tab": tab.value} | ({} if mine else {"all": "1"}) | more
    return f"/m/?{urlencode(given)}"


def _link(tab: Tab, here: Tab, count: int, *, mine: bool) -> dict[str, Any]:
    return {
        "href": _address(tab, mine=mine),
        "word": TABS[tab],
        "count": count,
        "here": tab is here,
        "alarm": tab is Tab.LATE,
    }
