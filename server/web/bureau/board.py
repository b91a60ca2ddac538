"""The contact board of an estate to hang up, A4 or A3, with the estate's code."""

from dataclasses import replace
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.companies import prints
from server.companies.places import Place
from server.companies.prints import Wanted
from server.core.entry import entry
from server.core.errors import NotFound
from server.disclosures.contents import Contacts
from server.disclosures.revisions import released
from server.disclosures.service import place_for
from server.estates.board import BoardSpec, Contact, Paper, board_pdf
from server.estates.paper.draw import PosterSpec
from server.web.bureau.prints import face_for
from server.web.errors import HELPLINE
from server.web.typed import narrowed

blueprint = Blueprint("bureau_board", __name__, url_prefix="/b/estates")
READERS = (Role.BUREAU, Role.ADMIN, Role.TOWNSHIP, Role.COMMUNITY, Role.MANAGER)


@blueprint.get("/<int:estate_id>/board.pdf")
@entry(*READERS)
def board(estate_id: int) -> Response:
    """The released contact board as PDF. Raises NotFound for a foreign estate, or before one is released."""
    place = place_for(actor(), estate_id, "estate.see")
    asked = narrowed("paper", set(Paper)) if "paper" in request.args else Paper.A4
    if not asked:
        raise NotFound("没有这种纸张，可以打印 A4 或 A3。")
    shown = released(estate_id).contacts
    if shown is None or shown.on is None or not isinstance(shown.content, Contacts):
        raise NotFound("这个小区的公示牌还没有公开，公开后才能打印。")
    rows = tuple(Contact(one.department, one.duty, one.contact, one.phone) for one in shown.content.items)
    face = face_for(current_app.extensions["settings"].poster_font)
    data = board_pdf(BoardSpec(_poster(place), rows, shown.on), face=face, paper=Paper(asked))
    name = quote(f"{place.estate_name}联系公示牌{asked.upper()}.pdf")
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _poster(place: Place) -> PosterSpec:
    wanted = Wanted(place.county_id, estate_id=place.estate_id, spots=False)
    spec = prints.specs(wanted, base_url=current_app.extensions["settings"].base_url)[0]
    return replace(spec, bureau_phone=spec.bureau_phone or HELPLINE)
