"""`/b/lookback/<campaign>/<no>`: one report of a campaign on the inspector's phone (A10)."""

from datetime import datetime

from flask import Blueprint, jsonify, redirect, render_template
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.core import clock, http
from server.core.entry import entry, takes_files
from server.core.errors import Conflict, HouseError, Invalid
from server.reports.models import Report
from server.reports.queries import visible_report
from server.reports.rechecking import RESULTS
from server.supervision.checking import TEXT_MOST, campaign_of, check_item, item_of
from server.supervision.models import Campaign, CampaignItem
from server.web.bureau.lookback_rows import TAGS
from server.web.desk.dossier import dossier
from server.web.form_photos import BYTES_MOST, FormPhotos, take_photos, thumbs
from server.web.navigation import WATCHING
from server.web.typed import chosen, said, typed

pages = Blueprint("lookback_item", __name__, url_prefix="/b/lookback")


def _found(campaign_id: int, no: str) -> tuple[Campaign, CampaignItem, Report]:
    campaign, _ = campaign_of(campaign_id, actor())
    item = item_of(campaign_id, no, actor())
    return campaign, item, visible_report(no, actor())


@pages.get("/<int:campaign_id>/<no:no>")
@entry(*WATCHING)
def ask(campaign_id: int, no: str) -> str:
    """What was reported and answered, and the question whether it holds."""
    return _page(*_found(campaign_id, no), FormPhotos(), {}, now=clock.now())


@pages.post("/<int:campaign_id>/<no:no>")
@entry(*WATCHING)
@takes_files(most=BYTES_MOST)
def check(campaign_id: int, no: str) -> Response | tuple[str | Response, int]:
    """Take the result; what is refused comes back with every word and photo in place."""
    now = clock.now()
    campaign, item, report = _found(campaign_id, no)
    photos = take_photos(now=now)
    try:
        with http.attempt():
            _whole(photos)
            text = said("text", most=TEXT_MOST)
            result = chosen("result", RESULTS)
            check_item(item, result, text=text, photos=photos.ids, by=actor(), now=now)
    except (Invalid, Conflict) as wrong:
        http.keep()
        return _refused(campaign, item, report, photos, wrong, now=now)
    location = f"/b/lookback/{campaign_id}"
    return jsonify({"location": location}) if http.wants_json() else redirect(location, 303)


def _whole(photos: FormPhotos) -> None:
    if photos.error:
        raise Invalid(photos.error, fields={"photos": photos.error})


def _refused(
    campaign: Campaign,
    item: CampaignItem,
    report: Report,
    photos: FormPhotos,
    wrong: HouseError,
    *,
    now: datetime,
) -> tuple[str | Response, int]:
    if http.wants_json():
        return jsonify({"errors": wrong.fields, "message": wrong.message}), wrong.status
    errors = wrong.fields or {"text": wrong.message}
    return _page(campaign, item, report, photos, errors, now=now), wrong.status


def _page(
    campaign: Campaign,
    item: CampaignItem,
    report: Report,
    photos: FormPhotos,
    errors: dict[str, str],
    *,
    now: datetime,
) -> str:
    return render_template(
        "bureau/lookback_item.html",
        campaign=campaign,
        item=item,
        it=dossier(report, actor(), now=now),
        open=campaign.closed_at is None and item.result is None,
        results=tuple(RESULTS.items()),
        result=chosen("result", RESULTS),
        text=typed("text", most=TEXT_MOST),
        text_most=TEXT_MOST,
        tag=TAGS[item.result],
        kept=thumbs(photos.ids, now=now),
        errors=errors,
    )
