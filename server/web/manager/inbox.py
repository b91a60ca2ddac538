"""`/m/`: what must be done, the most urgent first: a company's five tabs, every other body's work view."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from server.accounts.guards import actor
from server.accounts.permissions import JOINT_ROLES, OF_PROJECT
from server.accounts.roles import Actor
from server.core import clock
from server.core.entry import entry
from server.core.paging import LIMIT
from server.reports.court import mediates
from server.reports.matters import acting_bodies
from server.reports.queries import Filter, Tab, by_due, tab_counts
from server.reports.workflow import Act
from server.reports.worklist import bench_of
from server.web.desk.acts import BY_ACT
from server.web.desk.work import work_rows
from server.web.desk.worklist import work_context
from server.web.manager.callers import CALLED
from server.web.navigation import HANDLING
from server.web.typed import narrowed

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
PATH = "/m/"


@pages.get(PATH)
@entry(*HANDLING)
def inbox() -> str:
    """What the person's bodies must do now, and what they watch, have late, have answered."""
    now, asking = clock.now(), actor()
    if asking.roles <= OF_PROJECT:
        return _company(asking, now=now)
    return render_template(
        "manager/work.html",
        **work_context(bench_of(asking), asking, path=PATH, base=PATH, now=now),
        called=bool(asking.roles & set(CALLED)),
        mediates=mediates(asking),
        guide="/help/department" if asking.roles & JOINT_ROLES else "/help/community",
        flashes=_flashes(),
    )


def _company(asking: Actor, *, now: datetime) -> str:
    tab = _tab()
    counts = tab_counts(asking, mine=True, now=now)
    after = request.args.get("after")
    page = by_due(asking, Filter(tab=tab, mine=True), after=after, limit=LIMIT, now=now)
    return render_template(
        "manager/inbox.html",
        tabs=[_link(one, tab, counts[one]) for one in TABS],
        rows=work_rows(page.items, asking, bodies=acting_bodies(asking), base=PATH, now=now),
        next=_address(tab, after=page.next) if page.next else "",
        first=_address(tab) if after else "",
        empty=EMPTY[tab],
        flashes=_flashes(),
    )


def _flashes() -> list[tuple[str, str]]:
    """What was just done from the list."""
    done = narrowed("done", {act.value for act in BY_ACT})
    return [("ok", BY_ACT[Act(done)].said)] if done else []


def _tab() -> Tab:
    asked = narrowed("tab", set(Tab))
    return Tab(asked) if asked else Tab.NEW


def _address(tab: Tab, **more: str) -> str:
    return f"{PATH}?{urlencode({'tab': tab.value} | more)}"


def _link(tab: Tab, here: Tab, count: int) -> dict[str, Any]:
    return {
        "href": _address(tab),
        "word": TABS[tab],
        "count": count,
        "here": tab is here,
        "alarm": tab is Tab.LATE,
    }
