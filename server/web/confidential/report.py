"""`/c/<no>`: one confidential report for its body; sealed parts are opened by the reader's own browser."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.wrappers import Response as AnyResponse

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.confidential.acting import Deed, act_as_body, content_of, may, words_of
from server.confidential.messages import ACTS, name_of
from server.confidential.models import SealedEvent, SealedReport
from server.confidential.photos import data_url, photos_of, sealed_bytes
from server.confidential.queries import Whole, body_report
from server.confidential.rules import STEPS, Act, Part
from server.confidential.sealing import is_keyed
from server.core import clock
from server.core.entry import entry
from server.core.errors import Conflict, Invalid, NotFound
from server.web.confidential.inbox import sealed_words, state_tag
from server.web.times import day_time, stamp
from server.web.typed import said, typed, whole

pages = Blueprint("sealed_report", __name__, url_prefix="/c")
TEXT_MOST = 1000
BUTTONS = {Act.ACCEPT: "受理", Act.ASK: "询问提交人", Act.REPLY: "答复", Act.CLOSE: "办结"}


@pages.get("/<no>")
@entry(Role.CONFIDENTIAL)
def show(no: str) -> str:
    """The report with its history; words and photos opened here only where DATA_KEY sealed them."""
    return _page(body_report(no, actor()))


@pages.post("/<no>/<act>")
@entry(Role.CONFIDENTIAL)
def do(no: str, act: str) -> AnyResponse:
    """Take an act; refused ones come back with what was written."""
    found, now = body_report(no, actor()), clock.now()
    if act not in {one.value for one in BUTTONS}:
        raise NotFound("没有这种操作。")
    version = whole(request.form.get("version", "")) or 0
    try:
        deed = Deed(version=version, text=said("text", most=TEXT_MOST))
        act_as_body(found.report, Act(act), deed, by=actor(), now=now)
    except (Conflict, Invalid) as refused:
        page = _page(body_report(no, actor()), refused=refused.message, text=typed("text", most=TEXT_MOST))
        return make_response(page, refused.status)
    flash(f"{ACTS[Act(act)]}：已记下。", "ok")
    return redirect(f"/c/{found.report.no}", code=303)


@pages.get("/<no>/photos/<photo_id>")
@entry(Role.CONFIDENTIAL)
def photo(no: str, photo_id: str) -> Response:
    """The seal around a photo, for the browser to open; never the photo itself."""
    found = body_report(no, actor())
    return Response(sealed_bytes(found.report.id, photo_id), mimetype="text/plain")


def _page(found: Whole, *, refused: str = "", text: str = "") -> str:
    report, now = found.report, clock.now()
    offers = may(report, Part.BODY)
    keyed = [report.content, report.contact, *(event.words for event in found.events)]
    told = None if is_keyed(report.content) else content_of(report)
    return render_template(
        "confidential/report.html",
        report=report,
        told=told,
        phone=phone_words(report, told or {}),
        sealed=any(is_keyed(one) for one in keyed),
        kids=sorted({one.split(".")[1] for one in keyed if one and is_keyed(one)}),
        tag=state_tag(report, now=now),
        facts=_facts(found, now=now),
        events=[_step(event, report.no, found.handler, now=now) for event in found.events],
        photos=[_photo(found, one.id, keyed=one.kid is not None) for one in photos_of(report.id)],
        accept=Act.ACCEPT in offers,
        writes=[(act.value, BUTTONS[act], STEPS[act].words) for act in offers if act is not Act.ACCEPT],
        refused=refused,
        text=text,
        flashes=get_flashed_messages(with_categories=True),
    )


def phone_words(report: SealedReport, told: Mapping[str, Any]) -> str:
    """How the sender can be reached, or why he cannot."""
    if told.get("phone"):
        agreed = "（同意打电话了解）" if told["contact_ok"] else "（没有同意打电话）"
        return f"{told['phone']}{agreed}"
    return "没有填写" if report.contact else "已按规定删除"


def _facts(found: Whole, *, now: datetime) -> list[tuple[str, str]]:
    report = found.report
    return [
        ("编号", report.no),
        ("提交", stamp(report.submitted_at, now=now)),
        ("受理时限", day_time(report.accept_due_at)),
        ("办结时限", day_time(report.resolve_due_at)),
        ("封存", sealed_words(report.kid)),
    ]


def _step(event: SealedEvent, no: str, handler: str, *, now: datetime) -> dict[str, Any]:
    shut = is_keyed(event.words)
    return {
        "title": ACTS[Act(event.act)],
        "when": stamp(event.at, now=now),
        "iso": event.at.isoformat(),
        "by": name_of(event.by_kind, handler=handler),
        "text": "" if shut else words_of(event.words, no=no),
        "sealed": event.words if shut else "",
    }


def _photo(found: Whole, photo_id: str, *, keyed: bool) -> dict[str, str]:
    no = found.report.no
    if keyed:
        return {"part": f"photo/{photo_id}", "src": f"/c/{no}/photos/{photo_id}", "url": ""}
    sealed = sealed_bytes(found.report.id, photo_id)
    return {"part": "", "src": "", "url": data_url(sealed, no=no, photo_id=photo_id)}
