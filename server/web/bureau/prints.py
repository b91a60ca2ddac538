"""Posters and stickers to download: one place, or a township's or the county's as one PDF."""

from functools import cache
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request

from server.accounts.bodies import body_in
from server.companies import prints
from server.companies.prints import MIME, PAPER_WORDS, Format, Paper, Wanted
from server.core.entry import entry
from server.core.errors import NotFound
from server.estates.codes import normalise
from server.estates.fonts import Face, find_face
from server.estates.service import estate_in
from server.policy.loader import books
from server.web.bureau.reading import Form
from server.web.bureau.shell import KEEPERS, county

sheets = Blueprint("bureau_prints", __name__, url_prefix="/b/estates")


@cache
def face_for(setting: str) -> Face:
    """The font that posters are printed in, looked for once."""
    return find_face(setting)


def _answer(wanted: Wanted, paper: Paper, kind: Format, stem: str = "") -> Response:
    settings = current_app.extensions["settings"]
    given = prints.specs(wanted, base_url=settings.base_url)
    data = prints.printed_file(given, paper, kind, face=face_for(settings.poster_font))
    name = quote(f"{stem or prints.file_stem(given[0], paper)}.{kind}")
    response = Response(data, mimetype=MIME[kind])
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _known(paper: str, kind: str) -> tuple[Paper, Format]:
    if paper not in set(Paper) or kind not in set(Format):
        raise NotFound("没有这种格式。可以下载 PDF、PNG 或 SVG。")
    return Paper(paper), Format(kind)


@sheets.get("/<int:estate_id>/print/<paper>.<kind>")
@entry(*KEEPERS)
def one(estate_id: int, paper: str, kind: str) -> Response:
    """One code of the estate (`?code=`), or as PDF all of its codes. NotFound for a code that does not work."""
    estate = estate_in(county(), estate_id)
    what, how = _known(paper, kind)
    asked = "code" in request.args
    code = (normalise(request.args.get("code", "")) or "-") if asked else None
    wanted = Wanted(county(), estate_id=estate.id, code=code, spots=how is Format.PDF or asked)
    return _answer(wanted, what, how)


@sheets.get("/print/<paper>.pdf")
@entry(*KEEPERS)
def many(paper: str) -> Response:
    """Every estate of the county, or of `?township=`, as one PDF; `?spots=1` with their spots."""
    what, how = _known(paper, Format.PDF)
    township = Form(request.args).number("township")
    name = body_in(county(), township).name if township else books()[county()].county_name
    wanted = Wanted(county(), township_id=township, spots=request.args.get("spots") == "1")
    return _answer(wanted, what, how, f"{name}{PAPER_WORDS[what]}")
