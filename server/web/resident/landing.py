"""`/e/<code>`: where everybody who scans a poster arrives; rendered once, then answered from memory."""

from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.companies.places import Place, place_by_code
from server.companies.standing import committee_words, stand_of, stand_words
from server.core import clock
from server.core.committed import on_commit
from server.core.entry import PUBLIC, entry
from server.core.headers import policy, standard, style_source
from server.disclosures.queries import summary
from server.estates.codes import normalise, printed
from server.estates.queries import emergency_numbers
from server.moderation.showing import count_published
from server.policy.loader import books
from server.policy.model import Book
from server.web import size
from server.web.resident.landing_cache import SHOWN, Landings, pack
from server.web.resident.landing_front import Front

blueprint = Blueprint("landing", __name__)
EVERYWHERE = ("fire", "police", "ambulance")
"""The book's numbers that help at every estate; the estate's own follow."""
STYLE = "css/landing.css"


def install(app: Flask) -> None:
    """Give the application its memory of landing pages, and let it answer from there."""
    pages = app.extensions["landings"] = Landings()
    app.wsgi_app = Front(app.wsgi_app, pages)  # type: ignore[method-assign]
    with app.app_context():
        on_commit(SHOWN, pages.clear)


@blueprint.get("/e/<code>")
@entry(PUBLIC)
def landing(code: str) -> AnyResponse:
    """The estate: whom to call, the report button, who manages it, what is disclosed."""
    wanted, now = size.wanted(), clock.now()
    canonical = normalise(code)
    if canonical and canonical != code:
        return redirect(url_for(".landing", code=canonical, size=size.asked()), code=301)
    page = pack(_render(place_by_code(code), wanted), _headers(), now=now)
    pages: Landings = current_app.extensions["landings"]
    pages.put(code, wanted, page)
    accepts, known = (request.headers.get(name, "") for name in ("Accept-Encoding", "If-None-Match"))
    status, headers, body = page.answer(accepts=accepts, known=known)
    response = Response(body, status=status, headers=headers)
    if size.asked():
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def _headers() -> dict[str, str]:
    """What goes along with every landing page; its policy names the one inline style."""
    style = (Path(current_app.static_folder or "") / STYLE).read_text()
    return standard(secure=current_app.extensions["settings"].secure, csp=policy(style_source(style)))


def _render(place: Place, wanted: str) -> str:
    book = books()[place.county_id]
    return render_template(
        "resident/landing.html",
        place=place,
        calls=emergency_calls(place, book),
        stand=stand_of(place),
        stand_words=stand_words(place),
        committee_words=committee_words(place, book),
        published=count_published(place.estate_id),
        disclosed=summary(place.estate_id, book, clock.today(clock.now())),
        short_code=printed(place.code or ""),
        size=wanted,
        query={},
    )


def emergency_calls(place: Place, book: Book) -> list[tuple[str, str]]:
    """Whom to call at once here, as (words, number): the whole country's numbers, then the estate's own."""
    general = [(book.emergency[key].label, book.emergency[key].phone) for key in EVERYWHERE]
    return general + emergency_numbers(place.estate_id)
