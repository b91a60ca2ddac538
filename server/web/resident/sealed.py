"""A confidential report as its sender meets it: filed by the ordinary form, followed at the ordinary address, by him alone."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from server.accounts.roles import Actor
from server.companies.places import Place
from server.confidential.acting import Deed, act_as_owner, may, words_of
from server.confidential.erasing import holds_contact
from server.confidential.filing import Told, file_sealed
from server.confidential.messages import ACTS, STATES, name_of
from server.confidential.models import SealedEvent
from server.confidential.queries import Whole, own_report, own_reports
from server.confidential.rules import Act, Part
from server.confidential.telling import Telling
from server.core import clock, http
from server.core.addresses import from_outside
from server.core.errors import Conflict, Invalid, NotFound
from server.core.tokens import fingerprint, new_token
from server.web.form_photos import FormPhotos, take_photos, thumbs
from server.web.resident import query_code
from server.web.resident.device import as_resident, device_token, give
from server.web.resident.report_form import Answers
from server.web.times import day_time, stamp
from server.web.typed import narrowed, said, sent_key, typed, whole
from server.web.wording import left

TEXT_MOST = 500
NO_ACT = "没有这个页面。"
SAID = {
    "1": "已送到{handler}，只有他们看得到。",
    "again": "这一件之前已经提交过，没有重复提交。",
    "erased": "已经删除。以后凭查询码打开这一件。",
}
"""What stands above the page after something was done."""
WORDS = {
    Act.ANSWER: ("回答问题", "写一句话就可以。只有办理的单位看得到。"),
    Act.ADD: ("补充", "新情况、新照片都可以加。只有办理的单位看得到。"),
    Act.WITHDRAW: ("撤回", "撤回后不再办理。已经送到的内容不会删除。"),
}


def file(place: Place, answers: Answers, photos: FormPhotos, *, key: str, now: datetime) -> Response:
    """File what one body alone may know; leave a trace in this browser only where its owner lets us."""
    remember = "no_trace" not in request.form
    token = device_token()
    told = file_sealed(
        place,
        telling(answers, photos.ids),
        key=key,
        device_hash=fingerprint(token) if remember else None,
        sender=from_outside(),
        now=now,
    )
    response = _filed(told)
    return give(response, token) if remember else query_code.lend(response, told.owner_token)


def telling(answers: Answers, photo_ids: tuple[str, ...]) -> Telling:
    """What the form says, for the body."""
    return Telling(
        kind=answers.kind,
        text=answers.text,
        photos=photo_ids,
        building=answers.building or None,
        unit=answers.unit or None,
        where=answers.where or None,
        phone=answers.phone or None,
        contact_ok=answers.contact_ok,
    )


def _filed(told: Told) -> Response:
    location = f"/r/{told.no}?sent={'again' if told.repeated else '1'}"
    if http.wants_json():
        body = jsonify({"location": location, "no": told.no})
        return make_response(body, 200 if told.repeated else 201)
    return redirect(location, code=303)


def prover() -> Actor:
    """Whoever asks, by what proves a confidential report to be his: its code or this browser; no account does."""
    code = query_code.lent()
    return Actor(owner_hash=fingerprint(code) if code else None, device_hash=as_resident().device_hash)


def found(no: str) -> Whole | None:
    """The confidential report of this number, where it is the asker's own."""
    try:
        return own_report(no, prover())
    except NotFound:
        return None


def track(no: str) -> str | None:
    """The tracking page for its owner; None for everybody else."""
    mine = found(no)
    if mine is None:
        return None
    report, now, code = mine.report, clock.now(), query_code.lent()
    by_code = query_code.is_code_of(report, code)
    runs = report.state in {"submitted", "accepted"}
    return render_template(
        "resident/sealed.html",
        report=report,
        handler=mine.handler,
        state=STATES[report.state],
        tag=left(report.due_at, now=now) if runs else None,
        due=f"{day_time(report.accept_due_at)}前受理，{day_time(report.resolve_due_at)}前办结"
        if runs
        else "",
        question=_question(mine),
        events=[_step(event, report.no, mine.handler, now=now) for event in mine.events],
        buttons=[(act.value, WORDS[act][0]) for act in may(report, Part.OWNER)],
        code=code if by_code else "",
        erasable=holds_contact(report),
        sent=narrowed("sent", SAID),
        said={one: words.format(handler=mine.handler) for one, words in SAID.items()},
    )


def _question(mine: Whole) -> str:
    if mine.report.asked_at is None:
        return ""
    asked = next(event for event in reversed(mine.events) if event.act == Act.ASK)
    return words_of(asked.words, no=mine.report.no)


def _step(event: SealedEvent, no: str, handler: str, *, now: datetime) -> dict[str, Any]:
    own = event.by_kind == Part.OWNER
    return {
        "title": ACTS[Act(event.act)],
        "when": stamp(event.at, now=now),
        "iso": event.at.isoformat(),
        "by": name_of(event.by_kind, handler=handler),
        "text": "" if own else words_of(event.words, no=no),
    }


@dataclass(frozen=True)
class Filled:
    """What was put into the form of an act."""

    text: str = ""
    photos: FormPhotos = field(default_factory=FormPhotos)
    message: str = ""


def form(no: str, word: str) -> Response | None:
    """The form of one act for the owner; None for everybody else."""
    mine = found(no)
    return make_response(_form(mine, word, Filled())) if mine else None


def do(no: str, word: str) -> Response | None:
    """The owner's act; refused ones come back with what was written. None for everybody else."""
    mine, now = found(no), clock.now()
    if mine is None:
        return None
    act = _act(word)
    photos = take_photos(sent_key(), now=now)
    filled = Filled(typed("text", most=TEXT_MOST), photos, photos.error)
    version = whole(request.form.get("version", "")) or 0
    try:
        with http.attempt():
            deed = Deed(version=version, text=said("text", most=TEXT_MOST), photos=photos.ids)
            act_as_owner(mine.report, act, deed, now=now)
    except (Conflict, Invalid) as refused:
        if http.wants_json():
            raise
        again = found(no) or mine
        page = _form(again, word, Filled(filled.text, photos, refused.message))
        return make_response(page, refused.status)
    location = f"/r/{mine.report.no}"
    return (
        make_response(jsonify({"location": location}), 200) if http.wants_json() else redirect(location, 303)
    )


def _act(word: str) -> Act:
    if word not in {act.value for act in WORDS}:
        raise NotFound(NO_ACT)
    return Act(word)


def _form(mine: Whole, word: str, filled: Filled) -> str:
    act = _act(word)
    return render_template(
        "resident/sealed_act.html",
        report=mine.report,
        act=act.value,
        words=WORDS[act],
        question=_question(mine) if act is Act.ANSWER else "",
        possible=act in may(mine.report, Part.OWNER),
        writes=act is not Act.WITHDRAW,
        text=filled.text,
        message=filled.message,
        kept=thumbs(filled.photos.ids, now=clock.now()),
        key=new_token(),
    )


def mine() -> list[tuple[str, str]]:
    """The confidential reports that this browser was let remember: number and how it stands."""
    return [(report.no, STATES[report.state]) for report in own_reports(as_resident())]
