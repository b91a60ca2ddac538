"""`/b/goal`: the year's goal for 12345 complaints, county and townships, with the figures behind it (C9)."""

import re
from typing import Any

from flask import Blueprint, request

from server.accounts.bodies import list_bodies
from server.accounts.guards import actor
from server.accounts.models import BodyKind
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import entry
from server.core.errors import Invalid
from server.interop.hotline.gauge import Line, gauges, goal_of, months, type_month
from server.web.bureau.reading import Form
from server.web.bureau.shell import back, county, me, page, refused

pages = Blueprint("goal", __name__, url_prefix="/b/goal")
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])\Z", re.ASCII)


@pages.get("")
@entry(Role.BUREAU, Role.TOWNSHIP)
def show() -> str:
    """This year against the same days of last year."""
    return page("goal", given={}, **_shown())


@pages.post("")
@entry(Role.BUREAU)
def enter() -> Any:
    """A month's total as the hotline published it, with its source."""
    given = Form(request.form)
    try:
        count = given.whole("count", "件数")
        source = given.text("source", "来源", most=200, need=True)
        month = MONTH.match(given.text("month", "月份", most=10))
        if count is None:
            given.faults.setdefault("count", "请填写件数")
        if month is None:
            given.faults["month"] = "请选择月份，例如 2025-03"
        given.check()
        year, number = (int(part) for part in month.groups()) if month else (0, 0)
        place = given.number("township")
        type_month(
            county(),
            place,
            year=year,
            month=number,
            count=count or 0,
            source=source,
            by=me(),
            now=clock.now(),
        )
    except Invalid as error:
        return refused(error, "goal", **_shown())
    return back("/b/goal", f"{year} 年 {number} 月的件数已保存。")


def lines() -> list[Line]:
    """The gauges in sight: all for the bureau, its own for a township, none for others."""
    asking = actor()
    mine = None if Role.BUREAU in asking.roles else asking.bodies(Role.TOWNSHIP)
    return gauges(county(), townships=mine, now=clock.now())


def _shown() -> dict[str, Any]:
    bureau = Role.BUREAU in actor().roles
    return {
        "goal": goal_of(county()),
        "lines": lines(),
        "bureau": bureau,
        "months": months(county()) if bureau else [],
        "townships": [(one.id, one.name) for one in list_bodies(county(), BodyKind.TOWNSHIP)],
        "year": clock.today(clock.now()).year,
    }
