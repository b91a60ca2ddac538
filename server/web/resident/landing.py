"""`/e/<code>`: where everybody who scans a poster arrives; rendered once, then answered from memory."""

from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.companies.places import Place, place_by_code
from server.core import clock
from server.core.committed import on_commit
from server.core.entry import PUBLIC, entry
from server.core.headers import policy, style_source
from server.disclosures.queries import summary
from server.estates.codes import normalise, printed
from server.estates.queries import emergency_numbers
from server.policy.loader import books
from server.policy.model import Book
from server.web import size
from server.web.resident.landing_cache import LASTS, SHOWN, Landing, Landings, landings, pack

blueprint = Blueprint("landing", __name__)
EVERYWHERE = ("fire", "police", "ambulance")
"""The book's numbers that help at every estate; the estate's own follow."""
STYLE = "css/landing.css"
SHARED = f"public, max-age={int(LASTS.total_seconds())}"


def install(app: Flask) -> None:
    """Give the application its memory of landing pages."""
    pages = app.extensions["landings"] = Landings()
    with app.app_context():
        on_commit(SHOWN, pages.clear)


@blueprint.get("/e/<code>")
@entry(PUBLIC)
def landing(code: str) -> AnyResponse:
    """The estate: whom to call, the report button, who manages it, what is disclosed."""
    wanted, now = size.wanted(), clock.now()
    page = landings().get(code, wanted, now=now)
    if page is None:
        canonical = normalise(code)
        if canonical and canonical != code:
            return redirect(url_for(".landing", code=canonical, size=size.asked()), code=301)
        page = pack(_render(place_by_code(code), wanted), now=now)
        landings().put(code, wanted, page)
    return _answer(page)


def _answer(page: Landing) -> Response:
    if request.if_none_match.contains(page.tag):
        response = Response(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = Response(page.packed, mimetype="text/html", headers={"Content-Encoding": "gzip"})
    else:
        response = Response(page.plain, mimetype="text/html")
    response.headers["ETag"] = f'"{page.tag}"'
    response.headers["Cache-Control"] = "private, no-cache" if request.query_string else SHARED
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    response.headers["Content-Security-Policy"] = _policy()
    return response


@cache
def _policy() -> str:
    return policy(style_source((Path(current_app.static_folder or "") / STYLE).read_text()))


def _render(place: Place, wanted: str) -> str:
    book = books()[place.county_id]
    return render_template(
        "resident/landing.html",
        place=place,
        calls=emergency_calls(place, book),
        disclosed=summary(place.estate_id, book, clock.today(clock.now())),
        short_code=printed(place.code or ""),
        size=wanted,
        query={},
    )


def emergency_calls(place: Place, book: Book) -> list[tuple[str, str]]:
    """Whom to call at once here, as (words, number): the whole country's numbers, then the estate's own."""
    general = [(book.emergency[key].label, book.emergency[key].phone) for key in EVERYWHERE]
    return general + emergency_numbers(place.estate_id)
