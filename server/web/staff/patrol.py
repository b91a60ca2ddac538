"""`/patrol`: looking after hung codes on a phone: which are due, how each was found, what is wrong and what to do."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, redirect, render_template, request
from werkzeug import Response

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.companies import patrol
from server.companies.patrol import Standing
from server.core import clock, http
from server.core.entry import entry, takes_files
from server.core.errors import HouseError, Invalid
from server.core.paging import LIMIT
from server.estates.checks import TODO, WORDS, Found, Look
from server.estates.codes import printed
from server.estates.sight import estate_names
from server.photos.links import Size
from server.photos.service import link
from server.policy.loader import books
from server.reports.pictures import viewer_of
from server.web.form_photos import BYTES_MOST, FormPhotos, take_photos, thumbs
from server.web.navigation import WATCHING
from server.web.times import stamp
from server.web.typed import all_typed, chosen, looked_for, said, whole

pages = Blueprint("patrol", __name__, url_prefix="/patrol")
OURS = (Found.RIGHT, Found.MOVED, Found.DAMAGED, Found.MISSING)
SAID = {"ok": "已记录，谢谢。", "bad": "已记录，主管部门会看到并处理。", "removed": "已记录：假码已清除。"}


@pages.get("")
@entry(*WATCHING)
def codes() -> str:
    """The area's codes, the one unseen for longest first."""
    now, asking = clock.now(), actor()
    days = books()[asking.county_id or ""].guard.patrol_days
    found = patrol.hung_codes(asking, after=request.args.get("after"), limit=LIMIT)
    said = SAID.get(request.args.get("done", ""))
    rows = [
        {
            "href": "/patrol/look?" + urlencode({"code": row.code}),
            "estate": row.estate,
            "spot": " ".join(part for part in (row.building, row.spot) if part) or "整个小区",
            "code": printed(row.code),
            "seen": f"{WORDS[Found(row.found)]} · {stamp(row.at, now=now)}" if row.at else "还没有巡查过",
            "late": (now - row.seen_at).days >= days,
            "wrong": bool(row.found) and row.found != Found.RIGHT,
        }
        for row in found.items
    ]
    return render_template(
        "staff/patrol.html",
        rows=rows,
        days=days,
        late=patrol.overdue_count(asking, days=days, now=now),
        next=f"/patrol?after={found.next}" if found.next else "",
        first="/patrol" if request.args.get("after") else "",
        flashes=[("ok", said)] if said else [],
    )


@pages.get("/look")
@entry(*WATCHING)
def ask() -> str:
    """How the code was found; what is no code of the area can only be entered as a fake."""
    what = patrol.standing(actor(), looked_for("code", most=patrol.TEXT_MOST))
    return _form(what, {}, FormPhotos())


@pages.post("/look")
@entry(*WATCHING)
@takes_files(most=BYTES_MOST)
def look() -> Any:
    """Take a look; whatever is refused comes back with what was typed."""
    now = clock.now()
    photos = take_photos(now=now)
    try:
        with http.attempt():
            code, estate_id = said("code", most=patrol.TEXT_MOST), whole(request.form.get("estate", ""))
            done = patrol.check_code(actor(), code, _read(photos), estate_id=estate_id, now=now)
    except Invalid as wrong:
        http.keep()
        return _refused(patrol.standing(actor(), all_typed().get("code", "")), wrong, photos)
    word = "ok" if done.found == Found.RIGHT else "bad"
    location = f"/patrol?done={word}"
    return jsonify({"location": location}) if http.wants_json() else redirect(location, 303)


def _read(photos: FormPhotos) -> Look:
    if photos.error:
        raise Invalid(photos.error, fields={"photos": photos.error})
    found = chosen("found", set(Found))
    if not found:
        raise Invalid("请选择情况。", fields={"found": "请选择码的情况。"})
    where = said("where", most=patrol.WHERE_MOST)
    return Look(Found(found), where, photos.ids[0] if photos.ids else None)


def _refused(what: Standing, wrong: HouseError, photos: FormPhotos) -> Any:
    if http.wants_json():
        return jsonify({"errors": wrong.fields, "message": wrong.message}), wrong.status
    return _form(what, wrong.fields, photos, filled=True), wrong.status


def _form(what: Standing, errors: dict[str, str], photos: FormPhotos, *, filled: bool = False) -> str:
    return render_template(
        "staff/patrol_look.html",
        what=what,
        shown=printed(what.text) if what.code_id else what.text,
        choices=[(one.value, WORDS[one]) for one in OURS],
        fake=Found.FAKE.value,
        estate=whole(request.form.get("estate", "")) or 0,
        estates=[] if what.ours else estate_names(actor()),
        given=all_typed(),
        errors=errors,
        filled=filled,
        kept=thumbs(photos.ids, now=clock.now()),
    )


@pages.get("/faults")
@entry(*WATCHING)
def faults() -> str:
    """What was found wrong and is not put right yet, each with what to do."""
    now = clock.now()
    found = patrol.open_faults(actor(), after=request.args.get("after"), limit=LIMIT)
    rows = [
        {
            "id": row.id,
            "word": WORDS[Found(row.found)] if row.found != Found.FAKE else "假码",
            "todo": TODO[Found(row.found)],
            "fake": row.found == Found.FAKE,
            "text": row.text,
            "place": " · ".join(part for part in (row.estate, row.spot, row.where_text) if part),
            "at": stamp(row.at, now=now),
            "estate": f"/b/estates/{row.estate_id}",
            "photos": _photos(row.photo_id),
        }
        for row in found.items
    ]
    return render_template(
        "staff/patrol_faults.html",
        rows=rows,
        keeps=Role.BUREAU in actor().roles,
        next=f"/patrol/faults?after={found.next}" if found.next else "",
        first="/patrol/faults" if request.args.get("after") else "",
    )


def _photos(photo_id: str | None) -> list[dict[str, str]]:
    if photo_id is None:
        return []
    now, viewer = clock.now(), viewer_of(actor())
    full, small = (link(photo_id, size, now=now, viewer=viewer) for size in (Size.FULL, Size.THUMB))
    return [{"url": full, "thumb_url": small, "alt": "现场照片"}]


@pages.post("/faults/<int:check_id>/removed")
@entry(*WATCHING)
def removed(check_id: int) -> Response:
    """A forged sticker has been taken down."""
    patrol.clear_fake(actor(), check_id, now=clock.now())
    return redirect("/patrol?done=removed", 303)
