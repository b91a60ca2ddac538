"""The work view of some bodies: 我要办的, 我关注的, 已超时, 已答复, with a choice of estate; for their people and the bureau."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request

from server.accounts.roles import Actor
from server.core.paging import LIMIT
from server.reports.worklist import Bench, Tally, View, tally, worklist
from server.web.desk.work import work_rows
from server.web.typed import narrowed, whole

TABS = {View.MINE: "我要办的", View.WATCH: "我关注的", View.LATE: "已超时", View.ANSWERED: "已答复"}
OTHERS_TABS = TABS | {View.MINE: "要办的", View.WATCH: "关注的"}
EMPTY = {
    View.MINE: "现在没有要办的，辛苦了。",
    View.WATCH: "没有要关注的报告。",
    View.LATE: "没有超时的，辛苦了。",
    View.ANSWERED: "还没有答复过的报告。",
}


def work_context(
    bench: Bench, reader: Actor, *, path: str, base: str, acting: bool = True, now: datetime
) -> dict[str, Any]:
    """Everything that `desk/work.html` shows; at most four statements."""
    view, after = _view(), request.args.get("after")
    counted = tally(bench, now=now)
    estate = _estate(counted)
    page = worklist(bench, view, estate_id=estate, after=after, limit=LIMIT, now=now)
    words, here = TABS if acting else OTHERS_TABS, _address(path, view, estate)
    rows = work_rows(
        page.items, reader, bodies=bench.bodies, base=base, acting=acting, photos=acting, now=now
    )
    return {
        "rows": rows,
        "tabs": _tabs(path, view, counted, estate, words=words),
        "estates": [(one.estate_id, _named(one)) for one in counted],
        "estate": estate or "",
        "view": view.value,
        "path": path,
        "next": _address(path, view, estate, after=page.next) if page.next else "",
        "first": here if after else "",
        "empty": EMPTY[view],
    }


def _view() -> View:
    asked = narrowed("tab", set(View))
    return View(asked) if asked else View.MINE


def _estate(counted: Sequence[Tally]) -> int | None:
    """The estate asked for, if anything of it is in sight."""
    asked = whole(request.args.get("estate", ""))
    return asked if any(one.estate_id == asked for one in counted) else None


def _named(one: Tally) -> str:
    waiting = one.counts[View.MINE]
    return f"{one.estate}（{waiting}）" if waiting else one.estate


def _address(path: str, view: View, estate: int | None, **more: str) -> str:
    given = {"tab": view.value} | ({"estate": str(estate)} if estate else {}) | more
    return f"{path}?{urlencode(given)}"


def _tabs(
    path: str, here: View, counted: Sequence[Tally], estate: int | None, *, words: Mapping[View, str]
) -> list[dict[str, Any]]:
    there = [one.counts for one in counted if estate in (None, one.estate_id)]
    return [
        {
            "href": _address(path, view, estate),
            "word": words[view],
            "count": sum(counts[view] for counts in there),
            "here": view is here,
            "alarm": view is View.LATE,
        }
        for view in View
    ]
