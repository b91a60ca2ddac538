"""What is printed for an estate, a township or a county: the newest working code of every place."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on

from server.accounts.models import Body
from server.companies.listing import Community
from server.core.db import db
from server.core.errors import Invalid, NotFound
from server.estates import poster, sticker
from server.estates.codes import url
from server.estates.editing import SpotKind
from server.estates.fonts import Face
from server.estates.models import Building, Estate, ScanCode, Spot
from server.estates.paper.draw import PosterSpec
from server.policy.loader import books


class Paper(StrEnum):
    """What it is printed on."""

    POSTER = "poster"
    STICKER = "sticker"


class Format(StrEnum):
    """The kind of file; PDF holds many, the others one each."""

    PDF = "pdf"
    PNG = "png"
    SVG = "svg"


MIME = {Format.PDF: "application/pdf", Format.PNG: "image/png", Format.SVG: "image/svg+xml"}
PAPER_WORDS = {Paper.POSTER: "海报", Paper.STICKER: "贴纸"}
OUTDOORS = frozenset({None, SpotKind.GATE, SpotKind.CHARGING})
"""A code without a spot hangs at the gate."""
MOST = 2000


@dataclass(frozen=True)
class Wanted:
    """Whose codes are printed; nothing given means the whole county with its spots."""

    county_id: str
    estate_id: int | None = None
    township_id: int | None = None
    code: str | None = None
    spots: bool = True


def specs(wanted: Wanted, *, base_url: str) -> list[PosterSpec]:
    """What each sheet says, by estate. Raises NotFound where there is nothing to print, Invalid for too much."""
    rows = _rows(wanted)
    if not rows:
        raise NotFound("没有可以打印的二维码。")
    if len(rows) > MOST:
        raise Invalid(f"一次最多打印 {MOST} 张，请按镇街分批下载。")
    phone = db.session.scalar(
        select(Body.phone).where(Body.county_id == wanted.county_id, Body.kind == "bureau")
    )
    county = books()[wanted.county_id].county_name
    return [
        PosterSpec(
            estate_name=row.estate,
            code=row.code,
            url=url(base_url, row.code),
            bureau_phone=phone or "",
            domain=urlsplit(base_url).netloc,
            county_name=county,
            spot_label=" ".join(filter(None, (row.building, row.spot))) or None,
            outdoors=row.kind in OUTDOORS,
        )
        for row in rows
    ]


def _rows(wanted: Wanted) -> list[Row[*tuple[Any, ...]]]:
    query = (
        select(
            ScanCode.code,
            Estate.name.label("estate"),
            Spot.name.label("spot"),
            Spot.kind,
            Building.name.label("building"),
        )
        .ext(distinct_on(Estate.name, Estate.id, ScanCode.spot_id))
        .join(Estate, Estate.id == ScanCode.estate_id)
        .join(Community, Community.id == Estate.community_id)
        .outerjoin(Spot, Spot.id == ScanCode.spot_id)
        .outerjoin(Building, Building.id == Spot.building_id)
        .where(
            ScanCode.county_id == wanted.county_id, ScanCode.revoked_at.is_(None), Spot.closed_at.is_(None)
        )
        .order_by(Estate.name, Estate.id, ScanCode.spot_id.nulls_first(), ScanCode.id.desc())
        .limit(MOST + 1)
    )
    if wanted.estate_id is not None:
        query = query.where(Estate.id == wanted.estate_id)
    if wanted.township_id is not None:
        query = query.where(Community.parent_id == wanted.township_id)
    if wanted.code is not None:
        query = query.where(ScanCode.code == wanted.code)
    if not wanted.spots:
        query = query.where(ScanCode.spot_id.is_(None))
    return list(db.session.execute(query))


def printed_file(given: list[PosterSpec], paper: Paper, kind: Format, *, face: Face) -> bytes:
    """The file; PNG and SVG hold the first only. Raises Invalid for letters that the font lacks."""
    if kind is Format.PDF:
        many = {Paper.POSTER: poster.posters_pdf, Paper.STICKER: sticker.stickers_pdf}[paper]
        return many(given, face=face)
    one = {
        (Paper.POSTER, Format.PNG): poster.poster_png,
        (Paper.POSTER, Format.SVG): poster.poster_svg,
        (Paper.STICKER, Format.PNG): sticker.sticker_png,
        (Paper.STICKER, Format.SVG): sticker.sticker_svg,
    }[paper, kind]
    return one(given[0], face=face)


def file_stem(spec: PosterSpec, paper: Paper) -> str:
    """What a file is called, without its ending: estate, spot, code; no letter that a file system minds."""
    words = "-".join(filter(None, (spec.estate_name, spec.spot_label, spec.code[:4], PAPER_WORDS[paper])))
    return "".join(letter if letter.isalnum() or letter in "-（）()" else "_" for letter in words)
