"""`/e/<code>/reports`: what neighbours reported and agreed to show, as far as it is released; and its photos."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request

from server.companies.places import place_by_code
from server.core import clock
from server.core.clock import local
from server.core.counties import Key, open_by
from server.core.entry import PUBLIC, entry
from server.core.errors import NotFound
from server.moderation.redaction import building_only
from server.moderation.showing import Copies, copies_of, public_photo, published
from server.photos.links import Size
from server.reports.words import CLOSED_AS, OUTCOMES, STAFF_STATES
from server.web.desk.rows import kind_of
from server.web.resident.sight import public_links

blueprint = Blueprint("resident_published", __name__)
ON_PAGE = 12
KEY_LONG = 32


@blueprint.get("/e/<code>/reports")
@entry(PUBLIC)
def reports(code: str) -> str:
    """The published reports of the estate, the newest release first."""
    place, now, after = place_by_code(code), clock.now(), request.args.get("after")
    found = published(place.estate_id, after=after, limit=ON_PAGE)
    copies = copies_of([row.report_id for row in found.items]) if found.items else {}
    here = f"/e/{place.code}/reports"
    return render_template(
        "resident/published.html",
        place=place,
        shown=_shown(found.items, copies, now=now),
        next=f"{here}?after={found.next}" if found.next else "",
        first=here if after else "",
    )


def _shown(rows: Sequence[Any], copies: dict[int, Copies], *, now: datetime) -> list[dict[str, Any]]:
    return [_one(row, copies.get(row.report_id, Copies()), now=now) for row in rows]


def _one(row: Any, copy: Copies, *, now: datetime) -> dict[str, Any]:
    kind = kind_of(row.county_id, row.kind)
    ended = CLOSED_AS.get(row.closed_as or "", "") if row.state == "closed" else ""
    return {
        "title": kind.label if kind else row.kind,
        "place": building_only(row.building),
        "on": _day(row.submitted_at, now=now),
        "state": row.state,
        "words": STAFF_STATES.get(row.state, row.state),
        "outcome": "，".join(part for part in (OUTCOMES.get(row.outcome or "", ""), ended) if part),
        "text": copy.text,
        "photos": photo_links(copy),
        "answers": [text for _, text in copy.answers],
    }


def _day(instant: datetime, *, now: datetime) -> str:
    """Month and day; the year only where it is another one."""
    day, today = local(instant), local(now)
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


def photo_links(copy: Copies) -> list[dict[str, str]]:
    """The public copies of a report's photos by their addresses."""
    return [public_links(part) for _, part in copy.photos]


@blueprint.get("/pub/<int(max=9223372036854775807):estate_id>/<key>/<size>")
@entry(PUBLIC)
def photo(estate_id: int, key: str, size: str) -> Response:
    """A public copy, as long as it is public: every look asks again, so an address handed out earlier ends as well."""
    if size not in set(Size) or len(key) != KEY_LONG:
        raise NotFound("没有这张照片。")
    open_by(Key.ESTATE, estate_id)
    answer = Response(public_photo(estate_id, key, Size(size)), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.set_etag(f"{key}-{size}")
    answer.make_conditional(request)
    return answer
