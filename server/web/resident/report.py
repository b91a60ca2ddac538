"""`/e/<code>/report`: telling what is wrong, with or without a script, for oneself or for a caller."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask import Response as PageResponse
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from server.accounts import permissions
from server.accounts.guards import actor
from server.accounts.roles import STRANGER, Actor
from server.companies.places import Place, place_by_code
from server.confidential.bodies import offered
from server.confidential.filing import is_confidential
from server.core import clock, http
from server.core.addresses import from_outside
from server.core.entry import PUBLIC, entry, takes_files
from server.core.errors import Conflict, Forbidden, Invalid, NotLoggedIn, TooMany
from server.core.tokens import new_token
from server.estates.queries import buildings, emergency_numbers_by_kind
from server.policy.loader import books
from server.reports.calling import shows_phone
from server.reports.claims import has_filed, rebind
from server.reports.filing import Filed, file_report, sent_before
from server.reports.links import read_key
from server.reports.quotas import Sender
from server.web.form_photos import BYTES_MOST, FormPhotos, take_photos, thumbs
from server.web.resident import neighbours, sealed
from server.web.resident.device import device_token, give, with_device
from server.web.resident.kinds import accusations, by_phone, tiles
from server.web.resident.report_form import CHOOSE, Answers, read, suggestions, unit_names
from server.web.typed import looked_for, sent_key

blueprint = Blueprint("resident_report", __name__)
TILE_LETTERS = 40


class Kept(PageResponse):
    """A page that this browser's Back button shows as it was, with its words and its key, so that nothing is sent twice."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Without Vary: sending gives a cookie, and a page that varies by it would be fetched anew."""
        headers = super().get_wsgi_headers(environ)
        headers.pop("Vary", None)
        return headers


@blueprint.get("/e/<code>/report")
@entry(PUBLIC)
def form(code: str) -> Response:
    """The empty form; `?for=caller` is for staff who write down what somebody says on the phone."""
    place = place_by_code(code)
    _caller(place)
    answers = Answers(building=place.spot_building or "", tile=looked_for("tile", most=TILE_LETTERS))
    return _page(place, answers, FormPhotos(), now=clock.now())


@blueprint.post("/e/<code>/report")
@entry(PUBLIC)
@takes_files(most=BYTES_MOST)
def send(code: str) -> Response:
    """Store the photos, judge the fields, file the report once for each key."""
    now, place = clock.now(), place_by_code(code)
    _caller(place)
    key = sent_key() or new_token()
    photos = take_photos(key, now=now)
    answers = read(request.form, books()[place.county_id], buildings(place.estate_id))
    if photos.error:
        answers = replace(answers, errors={"photos": photos.error, **answers.errors})
    if answers.errors:
        return _refused(place, answers, photos, now=now, key=key)
    same = _same(place, answers, key=key, now=now)
    if same:
        return _page(place, answers, photos, now=now, key=key, same=same, status=409)
    return _file(place, answers, photos, key=key, now=now)


def _same(place: Place, answers: Answers, *, key: str, now: datetime) -> list[dict[str, Any]]:
    """A step between form and sending where no script has shown what neighbours reported; never before an urgent one."""
    looked = http.wants_json() or "seen" in request.form or _caller(place)
    if looked or not neighbours.waits(place, answers.kind) or sent_before(key):
        return []
    found = neighbours.cards(place, answers.kind, answers.building, now=now)
    return [one for one in found if not one["own"]]


def _caller(place: Place) -> bool:
    """Whether staff writes this for somebody else. Raises NotLoggedIn or Forbidden for whoever may not."""
    if request.values.get("for") != "caller":
        return False
    here = permissions.Place(place.county_id, place.community_id, place.township_id, place.project_body_id)
    if permissions.can(actor(), "report.file_for", here):
        return True
    if actor().is_staff:
        raise Forbidden("只能为自己辖区的居民代为登记。")
    raise NotLoggedIn("代为登记要先登录。")


def _file(place: Place, answers: Answers, photos: FormPhotos, *, key: str, now: datetime) -> Response:
    token, caller = device_token(), _caller(place)
    if caller:  # who is on the phone could not take it back
        answers = replace(answers, public=False)
    if is_confidential(place.county_id, answers.kind):
        return _seal(place, answers, photos, key=key, now=now)
    by = STRANGER if caller else with_device(token)
    try:
        with http.attempt():
            filed = file_report(
                place,
                answers.filing(photos.ids),
                key=key,
                by=by,
                now=now,
                filed_by=actor().person_id if caller else None,
                sender=None if caller else _sender(by),
            )
            if filed.repeated and by.device_hash:
                rebind(filed.report_id, device_hash=by.device_hash)
    except Invalid as wrong:
        told = replace(answers, errors=wrong.fields or {"text": wrong.message})
        return _refused(place, told, photos, now=now, key=key)
    except Conflict as before:
        return _sent_before(place, answers, photos, str(before.more["no"]), now=now)
    except TooMany as slow:
        return _slow(place, answers, photos, slow, now=now, key=key)
    response = _filed(filed)
    return response if caller else give(response, token)


def _seal(place: Place, answers: Answers, photos: FormPhotos, *, key: str, now: datetime) -> Response:
    """What one body alone may know; nobody writes it down for somebody else."""
    if _caller(place):
        return _refused(place, replace(answers, errors={"kind": CHOOSE}), photos, now=now, key=key)
    try:
        with http.attempt():
            return sealed.file(place, answers, photos, key=key, now=now)
    except Invalid as wrong:
        told = replace(answers, errors=wrong.fields or {"text": wrong.message})
        return _refused(place, told, photos, now=now, key=key)
    except Conflict as before:
        return _sent_before(place, answers, photos, str(before.more["no"]), now=now)
    except TooMany as slow:
        return _slow(place, answers, photos, slow, now=now, key=key)


def _sender(by: Actor) -> Sender:
    """What the limits know of this browser."""
    known = bool(by.device_hash and has_filed(by.device_hash))
    return Sender(by.resident_id, by.device_hash, known_device=known, address=from_outside())


def _slow(
    place: Place, answers: Answers, photos: FormPhotos, slow: TooMany, *, now: datetime, key: str
) -> Response:
    """Too many: everything typed stays, with whom to call meanwhile and when to send."""
    response: Response
    if http.wants_json():
        response = make_response(jsonify({"message": slow.message, "errors": {}, **slow.more}), slow.status)
    else:
        response = _page(place, answers, photos, now=now, key=key, slow=slow, status=slow.status)
    response.headers["Retry-After"] = str(slow.more["retry_after"])
    return response


def _filed(filed: Filed) -> Response:
    sent = "again" if filed.repeated else "1"
    location = url_for("resident_track.track", no=filed.no, k=read_key(filed.no), sent=sent)
    if http.wants_json():
        return make_response(jsonify({"location": location, "no": filed.no}), 200 if filed.repeated else 201)
    return redirect(location, code=303)


def _refused(place: Place, answers: Answers, photos: FormPhotos, *, now: datetime, key: str) -> Response:
    """The form again with its answers and photos; the key stays, nothing was sent under it."""
    if http.wants_json():
        return make_response(jsonify({"errors": answers.errors, "message": ""}), 422)
    return _page(place, answers, photos, now=now, key=key, status=422)


def _sent_before(place: Place, answers: Answers, photos: FormPhotos, no: str, *, now: datetime) -> Response:
    """The same key with other words: sent already; once more means a new report under a new key."""
    words = f"已作为 {no} 提交过，要作为新的一件再提交吗？"
    location = url_for("resident_track.track", no=no, k=read_key(no))
    if http.wants_json():
        return make_response(jsonify({"message": words, "location": location}), 409)
    before = {"no": no, "words": words, "location": location}
    return _page(place, answers, photos, now=now, before=before, status=409)


def _page(
    place: Place,
    answers: Answers,
    photos: FormPhotos,
    *,
    now: datetime,
    key: str | None = None,
    before: dict[str, Any] | None = None,
    slow: TooMany | None = None,
    same: Sequence[dict[str, Any]] = (),
    status: int = 200,
) -> Response:
    book, numbers = books()[place.county_id], emergency_numbers_by_kind(place.estate_id)
    caller = _caller(place)
    kept = {} if caller else offered(book, now=now)
    homes, filled = buildings(place.estate_id), status != 200  # noqa: PLR2004 - the first time
    page = render_template(
        "resident/report.html",
        place=place,
        contact_days=book.limits.contact_days,
        answers=answers,
        errors=answers.errors,
        kept=thumbs(photos.ids, now=now),
        key=key or new_token(),
        before=before,
        slow=slow,
        similar=same,
        suggested=suggestions(book, answers),
        building=answers.building,
        filled=filled,
        tiles=tiles(place, book, numbers),
        phones_shown=",".join(key for key in book.hazard.phone_first if shows_phone(book, key, numbers)),
        accuse=accusations(book, numbers, kept),
        by_phone=[] if caller else by_phone(book, numbers, kept),
        no_trace="no_trace" in request.form,
        phrases=book.phrases.resident,
        buildings=[(name, name) for name, _ in homes],
        units=[(name, name) for name in unit_names(max((units for _, units in homes), default=0))],
        caller=caller,
    )
    if filled:
        return make_response(page, status)
    return Kept(page, mimetype="text/html", headers={"Cache-Control": "private, no-cache"})
