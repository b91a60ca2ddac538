"""Showing a report to staff and taking what they do to it; one way for `/m/` and for `/b/`."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import jsonify, redirect, render_template, request
from werkzeug import Response

from server.accounts.guards import actor
from server.core import clock, http
from server.core.errors import Conflict, HouseError, Invalid, NotFound
from server.notices.service import mark_read
from server.reports.acting import act_on, acts_for
from server.reports.deeds import Deed
from server.reports.filing import PHOTOS_MOST
from server.reports.merging import lead_for
from server.reports.missed import Stale, write_missed
from server.reports.models import Report
from server.reports.queries import history, visible_report
from server.reports.workflow import Act
from server.web.desk.acts import BY_ACT, beside_bar, in_bar
from server.web.desk.deeds import Draft, deed_of, posted
from server.web.desk.dossier import dossier
from server.web.desk.form import form_of
from server.web.desk.neighbours import neighbours_of
from server.web.desk.offer import Offer
from server.web.form_photos import thumbs
from server.web.typed import narrowed

Answer = str | Response | tuple[str | Response, int]
NOT_NOW = "not_now"
REFUSED = "现在不能这样操作，下面是最新的情况。"
SHOWN_AT = {"measure": "outcome"}
"""Fields of a refusal that a form has no place for, and where it shows them instead."""
NO_ACT = "没有这种操作。"


def report_page(no: str, *, base: str) -> str:
    """The report whole; opening it marks it as read."""
    now, asking = clock.now(), actor()
    report = visible_report(no, asking)
    mark_read(report.county_id, report.id, asking.person_id or 0, now=now)
    return _whole(report, base=base, now=now)


def _whole(report: Report, *, base: str, now: datetime, lost: Draft | None = None) -> str:
    found = dossier(report, actor(), now=now)
    return render_template(
        "desk/report.html",
        it=found,
        neighbours=neighbours_of(found, actor(), now=now),
        base=base,
        bar=in_bar(found.acts),
        beside=beside_bar(found.acts),
        lost=lost,
        flashes=_flashes(),
    )


def _flashes() -> list[tuple[str, str]]:
    if request.args.get("done") == NOT_NOW:
        return [("warn", REFUSED)]
    done = narrowed("done", {act.value for act in BY_ACT})
    offer = BY_ACT[Act(done)] if done else None
    return [("ok", offer.said)] if offer else []


def act_page(no: str, act: str, *, base: str) -> Answer:
    """The form of one act; where it is not allowed now, back to the report."""
    now, offer = clock.now(), _offer(act)
    report = visible_report(no, actor())
    if offer.tap or offer.act not in acts_for(report, actor(), now=now):
        return redirect(f"{base}{report.no}?done={NOT_NOW}", 303)
    return _form(report, offer, Draft(), base=base, now=now)


def do_act(no: str, act: str, *, base: str) -> Answer:
    """Take an act; what cannot be taken comes back with every word and photo in place."""
    now, offer = clock.now(), _offer(act)
    report = visible_report(no, actor())
    draft = posted(offer, now=now)
    if offer.act is Act.REMIND:  # nothing that happened meanwhile makes a reminder wrong
        draft = replace(draft, values={**draft.values, "version": str(report.version)})
    try:
        with http.attempt():
            act_on(report, offer.act, _deed(draft, offer), by=actor(), now=now)
    except (Invalid, Conflict) as refused:
        http.keep()
        if isinstance(refused, Conflict) and _done_before(report, offer.act, draft):
            return _onwards(report, offer, base=base)
        answer = _refused(report, offer, _marked(draft, refused), refused, base=base, now=now)
        if isinstance(refused, Stale) and refused.attempt:
            write_missed(refused.attempt)  # after the page, which names the step that was faster
        return answer
    return _onwards(report, offer, base=base)


def _deed(draft: Draft, offer: Offer) -> Deed:
    """The deed, with the report that was named by its number."""
    deed, no = deed_of(draft, offer), draft.value("lead_no").strip() or draft.value("lead")
    return replace(deed, lead_id=lead_for(no, actor())) if offer.act is Act.MERGE and no else deed


def _offer(act: str) -> Offer:
    found = next((offer for offer in BY_ACT.values() if offer.slug == act), None)
    if found is None:
        raise NotFound(NO_ACT)
    return found


def _onwards(report: Report, offer: Offer, *, base: str) -> Answer:
    page = base if request.form.get("from") == "feed" else f"{base}{report.no}"
    location = f"{page}?done={offer.act.value}"
    return jsonify({"location": location}) if http.wants_json() else redirect(location, 303)


def _done_before(report: Report, act: Act, draft: Draft) -> bool:
    """Whether this very act is the report's last step already: a network that lost the first answer."""
    last = [step for step in history(report.id) if step.act != Act.MISSED][-1]
    version = draft.value("version")
    same = last.act == act and last.by_person_id == actor().person_id
    return same and version == str(report.version - 1) and last.text == draft.value("text").strip()


def _marked(draft: Draft, refused: HouseError) -> Draft:
    fields = {SHOWN_AT.get(name, name): words for name, words in refused.fields.items()}
    return replace(draft, errors=fields)


def _refused(
    report: Report, offer: Offer, draft: Draft, refused: HouseError, *, base: str, now: datetime
) -> Answer:
    if http.wants_json():
        body: dict[str, Any] = {"message": refused.message, "errors": draft.errors}
        if isinstance(refused, Conflict):
            body["location"] = f"{base}{report.no}/{offer.slug}"
        return jsonify(body), refused.status
    if offer.act not in acts_for(report, actor(), now=now) or offer.tap:
        return _whole(report, base=base, now=now, lost=draft), refused.status
    stale = refused.message if isinstance(refused, Conflict) else ""
    return _form(report, offer, draft, stale=stale, base=base, now=now), refused.status


def _form(report: Report, offer: Offer, draft: Draft, *, stale: str = "", base: str, now: datetime) -> str:
    it = dossier(report, actor(), now=now)
    return render_template(
        "desk/act.html",
        it=it,
        neighbours=neighbours_of(it, actor(), now=now) if offer.act is Act.MERGE else None,
        offer=offer,
        form=form_of(report, offer, now=now),
        draft=draft,
        kept=thumbs(draft.photos.ids, now=now),
        stale=stale,
        photos_most=PHOTOS_MOST,
        base=base,
    )
