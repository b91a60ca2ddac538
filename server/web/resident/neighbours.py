"""`/e/<code>/similar`, `/e/<code>/join`, `/r/<no>/neighbour`: 我也遇到, for those who met the same trouble."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.companies.places import Place, place_by_code
from server.core import clock, http
from server.core.addresses import from_outside
from server.core.entry import PUBLIC, entry
from server.core.errors import NotFound
from server.moderation.redaction import building_only
from server.moderation.similar import Similar, similar
from server.policy.loader import books
from server.reports.households import ANSWERS, answer_words, count_words, shown
from server.reports.joined import Join
from server.reports.joining import Home, join, leave, may_answer, my_join, say, set_home
from server.reports.links import read_key
from server.reports.models import Report
from server.reports.neighbours import join_of, joined_reports, lead_of, standings
from server.reports.quotas import URGENT
from server.reports.words import STAFF_STATES
from server.web.desk.rows import kind_of
from server.web.resident.device import as_resident, device_token, give, with_device
from server.web.resident.published import photo_links
from server.web.resident.report_form import LIMITS
from server.web.resident.track_view import NOT_HERE, look_up
from server.web.typed import chosen, looked_for, narrowed, said, typed

blueprint = Blueprint("resident_neighbours", __name__)
HOME = {"building": LIMITS["building"], "unit": LIMITS["unit"], "door": LIMITS["unit"]}
NO_LETTERS = 40


@blueprint.get("/e/<code>/similar")
@entry(PUBLIC)
def fragment(code: str) -> str:
    """What is open already, for the form to show; empty where there is nothing, and for what one body alone may read."""
    place, building = place_by_code(code), looked_for("building", most=LIMITS["building"])
    kind = narrowed(
        "kind", {one.key for one in books()[place.county_id].kinds.values() if not one.confidential}
    )
    return render_template(
        "resident/_similar.html",
        similar=cards(place, kind, building, now=clock.now()),
        place=place,
        building=building,
    )


def cards(place: Place, kind: str, building: str, *, now: datetime) -> list[dict[str, Any]]:
    """The open reports that may be the same, in words."""
    found = similar(place, kind, building, by=as_resident(), now=now)
    return [_card(place, kind, one) for one in found]


def _card(place: Place, kind: str, one: Similar) -> dict[str, Any]:
    known = kind_of(place.county_id, kind)
    mine = one.own or one.joined
    return {
        "no": one.no,
        "title": known.label if known else kind,
        "building": one.building,
        "on": f"{one.submitted_on.month}月{one.submitted_on.day}日",
        "state": one.state,
        "words": STAFF_STATES.get(one.state, one.state),
        "text": one.copies.text,
        "photos": photo_links(one.copies),
        "count": count_words(one.neighbours),
        "href": url_for("resident_track.track", no=one.no, k=read_key(one.no)) if mine else "",
        "own": one.own,
    }


def waits(place: Place, kind: str) -> bool:
    """Whether there is time to look at others' reports first: nothing stands before what is urgent or dangerous."""
    known = books()[place.county_id].kinds.get(kind)
    return known is not None and not known.safety and known.time_class != URGENT


@blueprint.post("/e/<code>/join")
@entry(PUBLIC)
def join_one(code: str) -> Response:
    """One tap; then the progress of what was joined."""
    place, report, token = place_by_code(code), look_up(typed("no", most=NO_LETTERS)), device_token()
    if report is None:
        raise NotFound(NOT_HERE)
    home = Home(building_only(typed("building", most=LIMITS["building"])))
    join(report, place, home, by=with_device(token), address=from_outside(), now=clock.now())
    return give(_back(report, "joined"), token)


def _back(report: Report, did: str) -> Response:
    location = url_for("resident_track.track", no=report.no, k=read_key(report.no), did=did)
    return (
        make_response(jsonify({"location": location})) if http.wants_json() else redirect(location, code=303)
    )


@blueprint.post("/r/<no>/neighbour")
@entry(PUBLIC)
def change(no: str) -> Response:
    """What a joiner may do: say whether it is solved, say more of his home, leave."""
    report, now, by = look_up(no), clock.now(), as_resident()
    if report is None:
        raise NotFound(NOT_HERE)
    my_join(report, by)
    what = chosen("do", ("leave", "home", *ANSWERS))
    if what == "leave":
        leave(report, by=by, now=now)
    elif what == "home":
        home = Home(*(said(name, most=most) for name, most in HOME.items()))
        set_home(report, home, by=by)
    else:
        say(report, what, by=by, now=now)
    return _back(report, "left" if what == "leave" else "said")


@dataclass(frozen=True)
class Beside:
    """The part of the tracking page about neighbours."""

    count: str
    answers: str
    mine: Join | None
    may_answer: bool
    may_leave: bool
    lead: str
    """The address of the report that this one is handled with; empty where it stands by itself."""
    lead_no: str
    lead_state: str


def beside_of(report: Report, *, owned: bool, now: datetime) -> Beside:
    """How many met the same, and what whoever asks may do as one of them. Its reporter sees exact numbers."""
    lead, by = lead_of(report), as_resident()
    found = shown(standings([lead])[lead.id], exact=owned and not actor().is_staff)
    mine, apart = join_of(lead, by), lead.id != report.id
    return Beside(
        count=count_words(found),
        answers=answer_words(found),
        mine=mine,
        may_answer=mine is not None and may_answer(lead, now=now),
        may_leave=mine is not None and mine.merged_id is None,
        lead=url_for("resident_track.track", no=lead.no, k=read_key(lead.no)) if apart else "",
        lead_no=lead.no,
        lead_state=STAFF_STATES.get(lead.state, lead.state),
    )


def my_joins() -> Sequence[dict[str, str]]:
    """What this browser or this WeChat identity joined, for /my."""
    return [
        {
            "title": known.label if (known := kind_of(row.county_id, row.kind)) else row.kind,
            "note": " · ".join(part for part in (building_only(row.building), row.no) if part),
            "state": STAFF_STATES.get(row.state, row.state),
            "href": url_for("resident_track.track", no=row.no, k=read_key(row.no)),
        }
        for row in joined_reports(as_resident())
    ]
