"""`/r/<no>/<act>`: what the reporter may do, each act a page with one form; a stale one loses no words."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.core import clock, http
from server.core.entry import PUBLIC, entry, takes_files
from server.core.errors import Conflict, Invalid, NotFound
from server.core.tokens import new_token
from server.policy.loader import book_behind
from server.policy.model import Book
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.links import read_key
from server.reports.mediating import PHONE
from server.reports.models import Report
from server.reports.workflow import STEPS, Act
from server.web.form_photos import BYTES_MOST, FormPhotos, take_photos, thumbs
from server.web.resident import sealed
from server.web.resident.device import as_resident
from server.web.resident.track_view import NOT_HERE, is_own, look_up, own_acts, tracked
from server.web.resident.words import OWN
from server.web.typed import all_typed, said, sent_key, several, whole

blueprint = Blueprint("resident_acts", __name__)
TEXT_MOST = 500
WITH_PHOTOS = frozenset({Act.ADD, Act.ANSWER, Act.REOPEN})
WITH_SCORE = frozenset({Act.CONFIRM, Act.RATE})
WITH_WHY = frozenset({Act.REOPEN, Act.WITHDRAW})
GIVE_WHY = "请点选一个原因，或写一句话。"


@dataclass(frozen=True)
class Typed:
    """What was put into the form of an act."""

    version: int = 0
    text: str = ""
    why: tuple[str, ...] = ()
    score: int | None = None
    reasons: tuple[str, ...] = ()
    phone_ok: bool = False
    """The mediation centre may ask for the phone."""
    photos: FormPhotos = field(default_factory=FormPhotos)
    errors: dict[str, str] = field(default_factory=dict)

    def deed(self, act: Act) -> Deed:
        """What goes along with the act; chosen reasons and typed words together."""
        text = "；".join(part for part in (*self.why, self.text) if part)
        ids = self.photos.ids if act in WITH_PHOTOS else ()
        return Deed(
            version=self.version,
            text=text,
            photos=ids,
            score=self.score,
            reasons=self.reasons,
            result=PHONE if act is Act.CONSENT and self.phone_ok else None,
        )


def own_report(no: str) -> Report:
    """A report of whoever asks. Raises NotFound for everybody else, link or no link."""
    report = look_up(no)
    if report is None or not is_own(report):
        raise NotFound(NOT_HERE)
    return report


def known_act(word: str) -> Act:
    """The act of an address. Raises NotFound for one that is not the reporter's."""
    if word not in {act.value for act in OWN}:
        raise NotFound("没有这个页面。")
    return Act(word)


@blueprint.get("/r/<no>/<word>")
@entry(PUBLIC)
def form(no: str, word: str) -> Response:
    """The form of one act."""
    sealed_page = None if look_up(no) else sealed.form(no, word)
    if sealed_page is not None:
        return sealed_page
    report, act, now = own_report(no), known_act(word), clock.now()
    if act not in own_acts(report, now=now):
        return _moved_on(report, act, Typed(), now=now)
    return _page(report, act, Typed(), now=now)


@blueprint.post("/r/<no>/<word>")
@entry(PUBLIC)
@takes_files(most=BYTES_MOST)
def do(no: str, word: str) -> Response:
    """Take the act; whatever is refused comes back with what was typed."""
    sealed_page = None if look_up(no) else sealed.do(no, word)
    if sealed_page is not None:
        return sealed_page
    report, act, now = own_report(no), known_act(word), clock.now()
    typed = _read(act, book_behind(report), now=now)
    if typed.errors:
        return _refused(report, act, typed, now=now)
    try:
        with http.attempt():
            act_on(report, act, typed.deed(act), by=as_resident(), now=now)
    except Invalid as wrong:
        typed.errors.update(wrong.fields or {"text": wrong.message})
        return _refused(report, act, typed, now=now)
    except Conflict:
        return _moved_on(report, act, typed, now=now)
    location = url_for("resident_track.track", no=report.no, k=read_key(report.no), did=act.value)
    return (
        make_response(jsonify({"location": location})) if http.wants_json() else redirect(location, code=303)
    )


def _read(act: Act, book: Book, *, now: datetime) -> Typed:
    errors: dict[str, str] = {}
    photos = take_photos(sent_key() or new_token(), now=now)
    if photos.error:
        errors["photos"] = photos.error
    text = _text(errors)
    why = several("why", whys(act, book))
    if act in WITH_WHY and not (why or text):
        errors["text"] = GIVE_WHY
    return Typed(
        version=whole(request.form.get("version", "")) or 0,
        text=text,
        why=why,
        score=whole(request.form.get("score", "")),
        reasons=several("reasons", (*book.ratings.good, *book.ratings.bad)),
        phone_ok="phone_ok" in request.form,
        photos=photos,
        errors=errors,
    )


def _text(errors: dict[str, str]) -> str:
    try:
        return said("text", most=TEXT_MOST)
    except Invalid as wrong:
        errors.update(wrong.fields)
        return all_typed()["text"]


def whys(act: Act, book: Book) -> tuple[str, ...]:
    """The reasons to tap for an act."""
    return {Act.REOPEN: book.phrases.reopen, Act.WITHDRAW: book.phrases.withdraw}.get(act, ())


def _refused(report: Report, act: Act, typed: Typed, *, now: datetime) -> Response:
    if http.wants_json():
        return make_response(jsonify({"errors": typed.errors, "message": ""}), 422)
    return _page(report, act, typed, now=now, status=422)


def _moved_on(report: Report, act: Act, typed: Typed, *, now: datetime) -> Response:
    """409: the report as it stands now, and what was typed, to be sent again where that still makes sense."""
    words = "这一件刚刚有了新的进展，先看看现在的情况。"
    if http.wants_json():
        location = url_for("resident_track.track", no=report.no, k=read_key(report.no))
        return make_response(jsonify({"message": words + "您写的内容还在。", "location": location}), 409)
    return _page(report, act, typed, now=now, status=409, moved=words)


def _page(
    report: Report, act: Act, typed: Typed, *, now: datetime, status: int = 200, moved: str = ""
) -> Response:
    book = book_behind(report)
    page = render_template(
        "resident/act.html",
        view=tracked(report, now=now),
        act=act.value,
        words=OWN[act],
        possible=act in own_acts(report, now=now),
        typed=typed,
        errors=typed.errors,
        moved=moved,
        kept=thumbs(typed.photos.ids, now=now),
        key=new_token(),
        back=url_for("resident_track.track", no=report.no, k=read_key(report.no)),
        photos=act in WITH_PHOTOS,
        score=act in WITH_SCORE,
        writes=act not in {Act.REMIND, Act.HIDE, Act.CONSENT},
        asks_phone=act is Act.CONSENT and report.phone_sealed is not None and report.contact_ok,
        needs_score="score" in STEPS[act].needs,
        whys=[(one, one) for one in whys(act, book)],
        reasons=[(one, one) for one in (*book.ratings.good, *book.ratings.bad)],
    )
    return make_response(page, status)
