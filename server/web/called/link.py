"""`/d/<token>`: a department without an account reports in and answers one report, without login or script (A7)."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug import Response

from server.core import clock, http
from server.core.entry import PUBLIC, entry, takes_files
from server.core.errors import Conflict, Invalid, NotFound
from server.core.tokens import new_token
from server.reports.body_links import Opened, act_by_link, allowed, open_link
from server.reports.deeds import Deed
from server.reports.missed import Stale, write_missed
from server.reports.schemas import TEXT_MOST
from server.reports.workflow import Act
from server.web.called.view import view_of
from server.web.form_photos import BYTES_MOST, FormPhotos, take_photos, thumbs
from server.web.typed import said, sent_key, typed, whole

pages = Blueprint("called_link", __name__)
BASIS_MOST = 400
ACTS = {"report_in": Act.REPORT_IN, "answer": Act.REPLY, "hand_back": Act.HAND_BACK}
DONE = {
    "report_in": "已报到，请在时限前答复。",
    "answer": "已答复，谢谢。这个链接只能再看，不能再办理。",
    "hand_back": "已退回。这个链接只能再看，不能再办理。",
}
NO_ACT = "没有这种操作。"
NO_OUTCOME = "请选择处理结果。"


@dataclass
class Filled:
    """What was put into the form, and what is wrong with it."""

    text: str = ""
    basis: str = ""
    outcome: str = ""
    photos: FormPhotos = field(default_factory=FormPhotos)
    errors: dict[str, str] = field(default_factory=dict)


@pages.get("/d/<token>")
@entry(PUBLIC)
def show(token: str) -> Response:
    """The report as the called body may read it, and what it can do now; opening it is written down."""
    now = clock.now()
    return _page(token, open_link(token, now=now), Filled(), now=now)


@pages.post("/d/<token>/<act>")
@entry(PUBLIC)
@takes_files(most=BYTES_MOST)
def do(token: str, act: str) -> Response:
    """Report in, answer, or hand back; what cannot be taken comes back with every word and photo in place."""
    now = clock.now()
    opened = open_link(token, now=now, look=False)
    if act not in ACTS:
        raise NotFound(NO_ACT)
    filled = _filled(act, now=now)
    try:
        with http.attempt():
            chosen = _act(opened, act, now=now)
            act_by_link(opened, chosen, _deed(filled, chosen), now=now)
    except Invalid as wrong:
        filled.errors = wrong.fields or {"text": wrong.message}
        if http.wants_json():
            return make_response(jsonify({"errors": filled.errors, "message": wrong.message}), 422)
        return _page(token, opened, filled, now=now, status=422, act=act)
    except Conflict as late:
        if isinstance(late, Stale) and late.attempt:
            http.keep()
            write_missed(late.attempt)
        if http.wants_json():
            return make_response(jsonify({"message": late.message, "location": f"/d/{token}"}), 409)
        return _page(token, opened, filled, now=now, status=409, stale=late.message, act=act)
    location = url_for(".show", token=token, done=act)
    if http.wants_json():
        return make_response(jsonify({"location": location}))
    return redirect(location, 303)


def _act(opened: Opened, act: str, *, now: datetime) -> Act:
    """The lead's answer ends the report, a joint body's answers its part."""
    if act == "answer" and Act.RESOLVE in allowed(opened, now=now):
        return Act.RESOLVE
    return ACTS[act]


def _filled(act: str, *, now: datetime) -> Filled:
    if act == "report_in":
        return Filled()
    photos = take_photos(sent_key() or new_token(), now=now) if act == "answer" else FormPhotos()
    return Filled(
        text=typed("text", most=TEXT_MOST),
        basis=typed("basis", most=BASIS_MOST),
        outcome=typed("outcome", most=40),
        photos=photos,
    )


def _deed(filled: Filled, act: Act) -> Deed:
    if filled.photos.error:
        raise Invalid(filled.photos.error, fields={"photos": filled.photos.error})
    if act is Act.RESOLVE and not filled.outcome:
        raise Invalid(NO_OUTCOME, fields={"outcome": NO_OUTCOME})
    return Deed(
        version=whole(request.form.get("version", "")) or 0,
        text=said("text", most=TEXT_MOST),
        photos=filled.photos.ids,
        outcome=filled.outcome or None,
        basis=said("basis", most=BASIS_MOST) or None,
        part=act is Act.REPLY,
    )


def _page(
    token: str,
    opened: Opened,
    filled: Filled,
    *,
    now: datetime,
    status: int = 200,
    stale: str = "",
    act: str = "",
) -> Response:
    done = DONE.get(request.args.get("done", ""))
    page = render_template(
        "called/link.html",
        it=view_of(opened, now=now),
        filled=filled,
        kept=thumbs(filled.photos.ids, now=now),
        stale=stale,
        refused=act,
        here=f"/d/{token}",
        key=new_token(),
        flashes=[("ok", done)] if done else [],
    )
    answer = make_response(page, status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
