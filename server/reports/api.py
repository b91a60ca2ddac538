"""The calls about reports (contract.md, JSON API)."""

from typing import Any

from flask import request

from server.accounts.guards import actor
from server.accounts.roles import STAFF as STAFF_ROLES
from server.companies.places import place_by_code
from server.core import clock
from server.core.addresses import from_outside
from server.core.entry import PUBLIC, entry
from server.core.errors import Invalid, NotFound
from server.core.schemas import Calls
from server.core.tokens import plausible
from server.reports import elsewhere, queries
from server.reports.acting import act_on
from server.reports.calling import call_first
from server.reports.contact import set_contact
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.links import track_url
from server.reports.merging import lead_for
from server.reports.quotas import Sender
from server.reports.schemas import (
    ACTS,
    ActBody,
    CallMe,
    Filed,
    FileReport,
    ReportArgs,
    ReportPage,
    ReportView,
)
from server.reports.views import row_view, whole_view
from server.reports.workflow import Act

calls = Calls("reports", __name__, description="居民报告")

KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{22,128}$"},
    "description": "at least 128 random bits; the same key is the same report",
}
NO = {"in": "path", "name": "no", "required": True, "schema": {"type": "string"}}


def idempotency_key() -> str:
    """The request's Idempotency-Key. Raises Invalid when it is missing or too short."""
    key = request.headers.get("Idempotency-Key", "")
    if not plausible(key):
        raise Invalid("请求头 Idempotency-Key 要有 22 到 128 个字母或数字。", code="bad_key")
    return key


@calls.post("/reports")
@entry(PUBLIC)
@calls.arguments(FileReport)
@calls.response(201, Filed)
@calls.alt_response(200, schema=Filed, description="the same report again")
@calls.alt_response(404, description="unknown or revoked code")
@calls.alt_response(409, description="the key came with another body")
@calls.alt_response(429, description="too many from one sender; `calls` names whom to call meanwhile")
@calls.doc(parameters=[KEY])
def file(body: dict[str, Any]) -> Any:
    """File a report; anybody may, with no account, phone or fee."""
    where = body["where"]
    filing = Filing(
        kind=body["kind"],
        text=body["text"],
        photos=tuple(body["photos"]),
        building=where["building"] or None,
        unit=where["unit"] or None,
        where=where["text"] or None,
        phone=body["phone"] or None,
        public=body["public"],
        contact_ok=body["contact_ok"],
        called_first=body["called_first"],
    )
    key, by = idempotency_key(), actor()
    sender = Sender(resident_id=by.resident_id, address=from_outside())
    place, now = place_by_code(body["place"]), clock.now()
    kept = elsewhere.keeper().file(place, filing, key=key, address=sender.address, now=now)
    filed = kept or file_report(place, filing, key=key, by=by, now=now, sender=sender)
    answer = {
        "no": filed.no,
        "track_url": track_url(filed.no),
        "owner_token": filed.owner_token,
        "handler": filed.handler,
        "accept_due_at": filed.accept_due_at,
        "resolve_due_at": filed.resolve_due_at,
        "call_first": [
            {"name": name, "phone": phone}
            for name, phone in call_first(place.county_id, place.estate_id, filing.kind)
        ],
    }
    return answer, 200 if filed.repeated else 201


@calls.get("/reports")
@entry("resident", *sorted(STAFF_ROLES))
@calls.arguments(ReportArgs, location="query")
@calls.response(200, ReportPage)
@calls.alt_response(401, description="no token, or one that has ended")
def listed(args: dict[str, Any]) -> Any:
    """The reports in the caller's sight, newest first; with `tab` those, the most urgent first."""
    now = clock.now()
    tab = queries.Tab(args["tab"]) if "tab" in args else None
    wanted = queries.Filter(
        tab=tab, estate_id=args.get("estate"), state=args.get("state"), words=args.get("q"), mine=args["mine"]
    )
    reading = queries.by_due if tab else queries.newest
    page = reading(actor(), wanted, after=args.get("after"), limit=args["limit"], now=now)
    return {"items": [row_view(row, actor(), now=now) for row in page.items], "next": page.next}


@calls.get("/reports/<no>")
@entry(PUBLIC)
@calls.response(200, ReportView)
@calls.alt_response(404, description="no such report, or none that the caller may see")
def one(no: str) -> Any:
    """A report whole, for its reporter and for staff in whose sight it is."""
    try:
        report = queries.visible_report(no, actor())
    except NotFound:
        return elsewhere.keeper().view(no, actor(), now=clock.now())
    return whole_view(report, actor(), now=clock.now())


@calls.post("/reports/<no>/acts/<act>")
@entry(PUBLIC)
@calls.arguments(ActBody)
@calls.response(200, ReportView)
@calls.alt_response(404, description="no such report, or no such act")
@calls.alt_response(409, description="the report has moved on, or the workflow does not allow the act now")
def act(body: dict[str, Any], no: str, act: str) -> Any:
    """Do an act on a report; `version` guards against acting on a state that is gone."""
    if act not in ACTS:
        raise NotFound("没有这种操作。")
    now, asking = clock.now(), actor()
    deed = Deed(
        version=body["version"],
        text=body["text"],
        photos=tuple(body["photos"]),
        outcome=body["outcome"],
        basis=body["basis"],
        score=body["score"],
        reasons=tuple(body["reasons"]),
        body_id=body["body"],
        joint=tuple(body["joint"]),
        part=body["part"],
        until=body["until"],
        result=body["result"],
        way=body["way"],
        person=body["person"],
        lead_id=lead_for(body["lead"], asking) if body["lead"] else None,
    )
    try:
        report = queries.visible_report(no, asking)
    except NotFound:
        return elsewhere.keeper().act(no, act, deed, asking, now=now)
    act_on(report, Act(act), deed, by=asking, now=now)
    return whole_view(report, asking, now=now)


@calls.put("/reports/<no>/contact")
@entry(PUBLIC)
@calls.arguments(CallMe)
@calls.response(200, ReportView)
@calls.alt_response(404, description="no such report, or not the caller's own")
def contact(body: dict[str, Any], no: str) -> Any:
    """Its reporter lets bureau and community ring him, or takes that back; it holds at once."""
    asking = actor()
    report = queries.visible_report(no, asking)
    set_contact(report, ok=body["contact_ok"], by=asking, now=clock.now())
    return whole_view(report, asking, now=clock.now())
