"""`/find`: a lost link is found again by number, phone and 找回码; right or wrong, the answer gives nothing away."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.core import clock, http
from server.core.entry import PUBLIC, entry
from server.core.errors import Invalid
from server.core.tokens import fingerprint
from server.reports.claims import Claim, claim
from server.reports.links import read_key
from server.web.resident import query_code
from server.web.resident.device import device_token, give
from server.web.typed import looked_for, typed

blueprint = Blueprint("resident_find", __name__)
LONGEST = 40
NO_SUCH_CODE = "没有找到：请检查编号和查询码，大小写也要一样。"
CODE = 128
"""The longest query code of a confidential report."""


@blueprint.get("/find")
@entry(PUBLIC)
def form() -> str:
    """The three fields."""
    no = looked_for("no", most=LONGEST)
    return render_template("resident/find.html", no=no, phone="", code="", message="")


def _by_code() -> Response:
    """Open what was told without leaving a trace; a wrong code is counted and told like a wrong phone."""
    number, code = typed("number", most=LONGEST), typed("code", most=CODE)
    opened = query_code.claim(number, code.strip(), now=clock.now())
    if opened is not None:
        return opened
    http.keep()
    page = render_template("resident/find.html", no="", phone="", code="", message=NO_SUCH_CODE)
    return make_response(page, 422)


@blueprint.post("/find")
@entry(PUBLIC)
def find() -> Response:
    """Prove a report one's own; every failed try is counted and told in the same words."""
    if "leave" in request.form:
        return query_code.leave()
    if "code" in request.form:
        return _by_code()
    token = device_token()
    no, phone, code = (typed(name, most=LONGEST) for name in ("no", "phone", "find_code"))
    try:
        number = claim(Claim(no, phone, code), by=actor(), device_hash=fingerprint(token), now=clock.now())
    except Invalid as wrong:
        http.keep()
        page = render_template("resident/find.html", no=no, phone=phone, code=code, message=wrong.message)
        return make_response(page, 422)
    place = url_for("resident_track.track", no=number, k=read_key(number), did="found")
    return give(redirect(place, code=303), token)
