"""`/b/disclosures`: what waits to be released, and which estates are late with what."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.companies.places import place_of_estate
from server.core import clock
from server.core.entry import entry
from server.core.errors import Conflict, Invalid, NotFound
from server.core.paging import LIMIT
from server.disclosures import lists, revisions, service
from server.disclosures.contents import Income, break_between
from server.disclosures.diff import changes
from server.disclosures.quarters import parse_quarter
from server.disclosures.revisions import Released, Revision
from server.disclosures.rules import LABELS, Kind
from server.policy.loader import books
from server.web.bureau.shell import back, county, page, refused
from server.web.disclosed import ledger, title_of
from server.web.times import stamp
from server.web.typed import narrowed, said

blueprint = Blueprint("bureau_disclosures", __name__, url_prefix="/b/disclosures")
ONE = "/<int(max=9223372036854775807):revision_id>"
TABS = {"waiting": "待公开", "late": "过期或未公开"}
DONE = {"released": "已公开，居民现在就能看到。", "returned": "已退回，填写的人打开页面就能看到原因。"}


@blueprint.get("")
@entry(Role.BUREAU, Role.MANAGER, Role.COMMUNITY)
def overview() -> Any:
    """One tab of the two; whoever only fills in is led to his own estates."""
    if Role.BUREAU not in actor().roles:
        return redirect("/m/disclosures")
    tab = "late" if request.args.get("tab") == "late" else "waiting"
    book, now = books()[county()], clock.now()
    counts = lists.counts(book, today=clock.today(now))
    tabs = [
        {"href": _address(key), "word": word, "count": count, "here": key == tab, "alarm": key == "late"}
        for (key, word), count in zip(TABS.items(), counts, strict=True)
    ]
    return page("disclosures", tabs=tabs, tab=tab, kinds=LABELS, **(_late() if tab == "late" else _waiting()))


def _address(tab: str, **more: str) -> str:
    given = {"tab": tab} | {key: value for key, value in more.items() if value}
    return f"/b/disclosures?{urlencode(given)}"


def _waiting() -> dict[str, Any]:
    after, now = request.args.get("after"), clock.now()
    found = lists.waiting(county(), after=after, limit=LIMIT)
    rows = [
        (row, title_of(Kind(row.kind), row.period), stamp(row.entered_at, now=now)) for row in found.items
    ]
    return {
        "rows": rows,
        "next": _address("waiting", after=found.next) if found.next else "",
        "first": _address("waiting") if after else "",
    }


def _late() -> dict[str, Any]:
    after, asked = request.args.get("after"), narrowed("kind", set(Kind))
    kind = Kind(asked) if asked else None
    today = clock.today(clock.now())
    found = lists.late(books()[county()], kind=kind, after=after, limit=LIMIT, today=today)
    return {
        "estates": found.items,
        "kind": kind or "",
        "next": _address("late", kind=kind or "", after=found.next) if found.next else "",
        "first": _address("late", kind=kind or "") if after else "",
    }


@blueprint.get(ONE)
@entry(Role.BUREAU)
def one(revision_id: int) -> str:
    """A revision with what it changes against the released one, and the buttons to release or return it."""
    return page("disclosure", given={}, **_shown(revision_id))


@blueprint.post(ONE)
@entry(Role.BUREAU)
def decide(revision_id: int) -> Response | Any:
    """Release the revision or return it with a note."""
    decision = {"release": service.release, "return": service.send_back}.get(request.form.get("act", ""))
    if decision is None:
        raise NotFound("没有这个操作。")
    try:
        note = said("note", most=service.NOTE)
        row = decision(county(), revision_id, note=note, by=actor(), now=clock.now())
    except (Invalid, Conflict) as error:
        return refused(error, "disclosure", **_shown(revision_id))
    return back(url_for(".overview"), DONE[row.state])


def _shown(revision_id: int) -> dict[str, Any]:
    row, estate_id = revisions.revision_in(county(), revision_id)
    out = revisions.released(estate_id)
    standing = out.of(row.kind, row.period)
    old = standing.content if standing and standing.revision < row.revision else None
    income = row.content if isinstance(row.content, Income) else None
    return {
        "row": row,
        "place": place_of_estate(county(), estate_id),
        "title": title_of(row.kind, row.period),
        "entered": stamp(row.entered_at, now=clock.now()),
        "standing": standing,
        "changes": changes(old, row.content),
        "ledger": ledger(income, row.period) if income else None,
        "broken": break_between(_before(row, out), income) if income else None,
        "words": service.WORDS,
    }


def _before(row: Revision, out: Released) -> Income | None:
    quarter = parse_quarter(row.period)
    found = out.income_of(str(quarter.after(-1))) if quarter else None
    return found.content if found and isinstance(found.content, Income) else None
