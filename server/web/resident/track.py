"""`/r/<no>`: how a report stands, for its reporter and whoever was given the link; `/my` and the landing's own part."""

from collections.abc import Collection

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.companies.places import place_by_code
from server.core import clock
from server.core.counties import Key, open_by
from server.core.entry import PUBLIC, entry
from server.core.errors import NotFound, NotLoggedIn
from server.core.paging import LIMIT
from server.reports.links import read_key, readable, track_url
from server.reports.models import Report
from server.reports.queries import Filter, newest, visible_report
from server.reports.workflow import Act
from server.web.desk.rows import rows_of
from server.web.navigation import HANDLING, WATCHING
from server.web.resident import sealed
from server.web.resident.device import as_resident
from server.web.resident.neighbours import beside_of, my_joins
from server.web.resident.track_view import NOT_HERE, Tracked, is_own, look_up, tracked
from server.web.resident.words import DONE, FIRST, OWN, SENT
from server.web.typed import narrowed

blueprint = Blueprint("resident_track", __name__)
ON_LANDING = 3


def shown(no: str) -> Report:
    """A report that the link or its reporter may read. Raises NotFound in the same words for all others."""
    report = look_up(no)
    if report is None or not (readable(report.no, request.args.get("k", "")) or is_own(report)):
        raise NotFound(NOT_HERE)
    return report


@blueprint.get("/r/<no>")
@entry(PUBLIC)
def track(no: str) -> str:
    """The tracking page; the bare link lets read, acting needs the reporter's own proof."""
    try:
        report = shown(no)
    except NotFound:
        sealed_page = sealed.track(no)
        if sealed_page is None:
            raise
        return sealed_page
    said = SENT.get(request.args.get("sent", "")) or DONE.get(request.args.get("did", ""))
    view = tracked(report, now=clock.now())
    return render_template(
        "resident/track.html",
        view=view,
        facts=_facts(view),
        own=f"/r/{report.no}",
        buttons=_buttons(view, OWN.keys() - FIRST),
        first=_buttons(view, FIRST),
        link=track_url(report.no),
        sent=narrowed("sent", SENT),
        beside=beside_of(report, owned=view.owned, now=clock.now()),
        flashes=[("ok", said)] if said else [],
    )


def _buttons(view: Tracked, of: Collection[Act]) -> list[dict[str, str]]:
    """Those of some acts that may be done now, the most important first."""
    may = [act for act in OWN if act in of and act in view.acts]
    return [{"act": act.value, "word": OWN[act].button, "tone": OWN[act].tone} for act in may]


def _facts(view: Tracked) -> list[tuple[str, str]]:
    """What, who, by when; only what there is."""
    pairs = [
        ("编号", view.report.no),
        ("找回码", view.find_code),
        ("小区", view.estate),
        ("谁在办", view.handler),
        ("时限" if view.tag else "结果", view.due),
    ]
    return [(name, value) for name, value in pairs if value]


@blueprint.get("/my")
@entry(PUBLIC)
def my() -> str:
    """The reports of this browser and of this WeChat identity, newest first."""
    myself, now = as_resident(), clock.now()
    if myself.device_hash:
        open_by(Key.DEVICE, myself.device_hash)
    page = newest(myself, Filter(), after=request.args.get("after"), limit=LIMIT, now=now)
    rows = rows_of(page.items, myself, base="/r/", now=now)
    joined = [] if request.args.get("after") else my_joins()
    return render_template("resident/my.html", rows=rows, next=page.next, sealed=sealed.mine(), joined=joined)


@blueprint.get("/e/<code>/mine")
@entry(PUBLIC)
def mine(code: str) -> str:
    """The personal part of the landing page, fetched apart: the last own reports at this estate."""
    myself, now = as_resident(), clock.now()
    rows = []
    if myself.device_hash or myself.resident_id:
        wanted = Filter(estate_id=place_by_code(code).estate_id)
        found = newest(myself, wanted, after=None, limit=ON_LANDING, now=now)
        rows = rows_of(found.items, myself, base="/r/", now=now)
    patrol = f"/patrol/look?code={code}" if actor().roles & WATCHING else ""
    return render_template("resident/mine.html", rows=rows, patrol=patrol)


@blueprint.get("/go/<no>")
@entry(PUBLIC)
def go(no: str) -> Response:
    """Where a push leads: staff to the report on their own desk, its reporter to the tracking page."""
    if not actor().is_staff:
        report = look_up(no)
        if report is not None and is_own(report):
            return redirect(url_for(".track", no=report.no, k=read_key(report.no)))
        raise NotLoggedIn("请先登录，登录后会直接打开这份报告。")
    report = visible_report(no, actor())
    handles = report.handler_id in actor().bodies(*HANDLING)
    watches = bool(actor().roles & WATCHING)
    return redirect(f"/b/{report.no}" if watches and not handles else f"/m/{report.no}")
