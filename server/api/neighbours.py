"""The calls about neighbours: what is open already, 我也遇到, and whether it is solved for oneself."""

from typing import Any

from marshmallow import fields, validate

from server.accounts.guards import actor
from server.accounts.roles import Actor
from server.companies.places import place_by_code
from server.core import clock
from server.core.addresses import from_outside
from server.core.cells import Shown
from server.core.entry import PUBLIC, entry
from server.core.numbers import Whole
from server.core.schemas import Body, Calls
from server.core.text import Text
from server.moderation.redaction import building_only
from server.moderation.similar import Similar, similar
from server.photos.links import Size
from server.policy.loader import books
from server.reports.households import ANSWERS, ShownStanding, shown
from server.reports.joining import Home, join, leave, may_answer, my_join, say, set_home
from server.reports.links import track_url
from server.reports.models import Report
from server.reports.neighbours import lead_of, standings
from server.reports.queries import report_by_no

calls = Calls("neighbours", __name__, description="邻居也遇到")
FEW = {"description": 'a number, or "少于3" / "不显示" where it could point at somebody'}


class SimilarArgs(Body):
    """What is about to be reported."""

    kind = Text(most=60, least=1, required=True)
    building = Text(most=40, load_default="")


class Photo(Body):
    """The released copy of a photo."""

    url = fields.String(required=True)
    thumb_url = fields.String(required=True)


class Beside(Body):
    """How many households stand beside the reporter, and what they say."""

    households = fields.Raw(required=True, metadata=FEW)
    solved = fields.Raw(required=True, metadata=FEW)
    not_solved = fields.Raw(required=True, metadata=FEW)


class SimilarView(Body):
    """An open report as a stranger may see it."""

    no = fields.String(required=True)
    version = fields.Integer(required=True)
    building = fields.String(required=True)
    state = fields.String(required=True)
    submitted_on = fields.Date(required=True)
    text = fields.String(required=True, metadata={"description": "as far as it was released; else empty"})
    photos = fields.List(fields.Nested(Photo), required=True)
    neighbours = fields.Nested(Beside, required=True)
    own = fields.Boolean(required=True)
    joined = fields.Boolean(required=True)


class SimilarList(Body):
    """The open reports that may be the same."""

    items = fields.List(fields.Nested(SimilarView), required=True)


class HomeBody(Body):
    """Where the joiner lives; the door is kept as a fingerprint alone, to count households."""

    building = Text(most=40, load_default="")
    unit = Text(most=20, load_default="")
    door = Text(most=20, load_default="")


class JoinBody(HomeBody):
    """Joining; `place` shows that one stands there, `version` is never stale: nothing of the report changes."""

    place = Text(most=40, least=1, required=True, metadata={"description": "scan code"})
    version = Whole(most=2**31 - 1, load_default=0)


class SayBody(HomeBody):
    """What the joiner adds: his answer, or more of his home."""

    answer = fields.String(validate=validate.OneOf(ANSWERS), load_default=None, allow_none=True)


class JoinView(Body):
    """A report for somebody who joined it; never as much as its reporter sees."""

    no = fields.String(required=True)
    lead = fields.String(required=True, metadata={"description": "the number under which it is handled"})
    track_url = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    building = fields.String(required=True)
    state = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    neighbours = fields.Nested(Beside, required=True)
    answer = fields.String(required=True, allow_none=True)
    may_answer = fields.Boolean(required=True)
    may_leave = fields.Boolean(required=True)


@calls.get("/places/<code>/similar")
@entry(PUBLIC)
@calls.arguments(SimilarArgs, location="query")
@calls.response(200, SimilarList)
@calls.alt_response(404, description="unknown or revoked code")
def find(args: dict[str, Any], code: str) -> Any:
    """Open reports of a kind at a place, before another is filed."""
    found = similar(place_by_code(code), args["kind"], args["building"], by=actor(), now=clock.now())
    return {"items": [_similar(one) for one in found]}


def _similar(one: Similar) -> dict[str, Any]:
    parts = [part for _, part in one.copies.photos]
    photos = [{"url": f"/pub/{part}/{Size.FULL}", "thumb_url": f"/pub/{part}/{Size.THUMB}"} for part in parts]
    return {**vars(one), "text": one.copies.text, "photos": photos, "neighbours": beside(one.neighbours)}


def beside(found: ShownStanding) -> dict[str, Shown]:
    """Numbers, or the word that hides one."""
    return {"households": found.households, "solved": found.solved, "not_solved": found.not_solved}


@calls.post("/reports/<no>/acts/join")
@entry(PUBLIC)
@calls.arguments(JoinBody)
@calls.response(200, JoinView)
@calls.alt_response(404, description="no such report, or not at the place of this code")
@calls.alt_response(409, description="not open any more, or one's own")
@calls.alt_response(429, description="too many from one person or address")
def join_report(body: dict[str, Any], no: str) -> Any:
    """我也遇到: once a person, by a resident's token or any random one of 128 bits that is used again later."""
    place, report, now = place_by_code(body["place"]), report_by_no(no), clock.now()
    join(report, place, _home(body), by=actor(), address=from_outside(), now=now)
    return _view(report, actor(), now=now)


@calls.get("/reports/<no>/join")
@entry(PUBLIC)
@calls.response(200, JoinView)
@calls.alt_response(404, description="no such report, or one that the caller has not joined")
def one(no: str) -> Any:
    """How a report stands that the caller joined."""
    return _view(report_by_no(no), actor(), now=clock.now())


@calls.put("/reports/<no>/join")
@entry(PUBLIC)
@calls.arguments(SayBody)
@calls.response(200, JoinView)
@calls.alt_response(404, description="no such report, or one that the caller has not joined")
@calls.alt_response(409, description="there is nothing to answer now")
def change(body: dict[str, Any], no: str) -> Any:
    """Say whether it is solved for oneself, or more of where one lives."""
    report, now = report_by_no(no), clock.now()
    set_home(report, _home(body), by=actor())
    if body["answer"]:
        say(report, body["answer"], by=actor(), now=now)
    return _view(report, actor(), now=now)


@calls.delete("/reports/<no>/join")
@entry(PUBLIC)
@calls.response(204)
@calls.alt_response(404, description="no such report, or one that the caller has not joined")
def end(no: str) -> None:
    """Leave again; what leads to the caller is erased at once."""
    leave(report_by_no(no), by=actor(), now=clock.now())


def _home(body: dict[str, Any]) -> Home:
    return Home(body["building"], body["unit"], body["door"])


def _view(report: Report, asking: Actor, *, now: Any) -> dict[str, Any]:
    joined, lead = my_join(report, asking), lead_of(report)
    kind = books()[lead.county_id].kinds.get(lead.kind)
    return {
        "no": report.no,
        "lead": lead.no,
        "track_url": track_url(lead.no),
        "kind": lead.kind,
        "kind_label": kind.label if kind else lead.kind,
        "building": building_only(lead.building),
        "state": lead.state,
        "outcome": lead.outcome,
        "neighbours": beside(shown(standings([lead])[lead.id], exact=False)),
        "answer": joined.answer,
        "may_answer": may_answer(lead, now=now),
        "may_leave": joined.merged_id is None,
    }
