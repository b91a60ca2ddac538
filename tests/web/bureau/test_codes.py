"""Codes: re-issued, stopped, printed, read back from the paper."""

import pytest
import zxingcpp
from sqlalchemy import select

from server.core.db import db
from server.estates.models import ScanCode
from server.estates.service import add_spot
from tests.estates import scanning
from tests.web.bureau.forms import follow, opened, send, words


@pytest.fixture
def bureau(world, client):
    return world.login(client, "ys.bureau")


@pytest.fixture
def hill(world):
    return f"/b/estates/{world.estates['ys.hill'].id}"


def working(estate):
    query = select(ScanCode.code).where(ScanCode.estate_id == estate.id, ScanCode.revoked_at.is_(None))
    return set(db.session.scalars(query))


def test_a_new_code_stops_the_old_one_at_once(world, bureau, hill):
    old = world.code("ys.hill")
    page = follow(bureau, send(bureau, hill, f"{hill}/codes/renew"))
    assert "旧码即刻失效" in words(page)
    (new,) = working(world.estates["ys.hill"])
    assert new != old
    assert (bureau.get(f"/e/{old}").status_code, bureau.get(f"/e/{new}").status_code) == (404, 200)


def test_a_revoked_code_and_an_unknown_one_are_answered_alike(world, bureau, hill):
    old = world.code("ys.hill")
    follow(bureau, send(bureau, hill, f"{hill}/codes/stop"))
    assert working(world.estates["ys.hill"]) == set()
    revoked, unknown = bureau.get(f"/e/{old}"), bureau.get("/e/000000000000")
    assert (revoked.status_code, unknown.status_code) == (404, 404)
    assert words_of(revoked) == words_of(unknown)
    assert "没有可用的二维码" in words(opened(bureau, hill))


def words_of(response):
    return response.get_data(as_text=True).split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("whose", ["st.hill", "ys.lake"])
def test_another_estates_code_cannot_be_stopped_here(world, bureau, hill, whose):
    code = world.code(whose)
    assert send(bureau, hill, f"{hill}/codes/stop", code=code).status_code == 404
    assert code in working(world.estates[whose])


def test_another_estates_spot_cannot_be_renewed_or_closed_here(world, bureau, hill):
    spot = add_spot(world.estates["ys.lake"], kind="gate", name="南门", now=world.now)
    db.session.commit()
    assert send(bureau, hill, f"{hill}/codes/renew", spot=str(spot.id)).status_code == 404
    token = opened(bureau, hill).find("input", attrs={"name": "csrf_token"})["value"]
    answer = bureau.post(f"{hill}/spots/{spot.id}/close", data={"csrf_token": token})
    assert answer.status_code == 404


READERS = {
    "poster.pdf": lambda data: scanning.pdf_pages(data)[0],
    "poster.png": scanning.png_page,
    "poster.svg": scanning.svg_page,
    "sticker.pdf": lambda data: scanning.pdf_pages(data, dpi=300)[0],
    "sticker.png": scanning.png_page,
    "sticker.svg": lambda data: scanning.svg_page(data, dpi=300),
}


@pytest.mark.parametrize("paper", READERS)
def test_every_download_decodes_to_the_estates_address(world, bureau, hill, paper):
    code = world.code("ys.hill")
    response = bureau.get(f"{hill}/print/{paper}?code={code}")
    assert response.status_code == 200
    assert "attachment" in response.headers["Content-Disposition"]
    assert scanning.read(READERS[paper](response.data)).text == f"http://localhost/e/{code}"


def test_the_whole_county_is_one_pdf_and_a_townships_a_part_of_it(world, bureau):
    codes = {f"http://localhost/e/{world.code(name)}" for name in ("ys.hill", "ys.lake", "ys.bare")}
    pages = scanning.pdf_pages(bureau.get("/b/estates/print/poster.pdf").data, dpi=120)
    assert {scanning.read(page).text for page in pages} == codes
    town = world.bodies["ys.town"].id
    sheet = scanning.pdf_pages(bureau.get(f"/b/estates/print/sticker.pdf?township={town}").data, dpi=200)
    assert len(sheet) == 1
    assert {found.text for found in zxingcpp.read_barcodes(sheet[0])} == codes


def test_spots_are_printed_with_their_estate_when_asked(world, bureau, hill):
    add_spot(world.estates["ys.hill"], kind="gate", name="南门", now=world.now)
    db.session.commit()
    assert len(scanning.pdf_pages(bureau.get(f"{hill}/print/poster.pdf").data, dpi=40)) == 2
    assert len(scanning.pdf_pages(bureau.get("/b/estates/print/poster.pdf").data, dpi=40)) == 3
    assert len(scanning.pdf_pages(bureau.get("/b/estates/print/poster.pdf?spots=1").data, dpi=40)) == 4


@pytest.mark.parametrize(
    "page", ["/print/poster.gif", "/print/banner.pdf", "/print/poster.pdf?code=0000-0000-0000"]
)
def test_what_cannot_be_printed_is_not_there(bureau, hill, page):
    assert bureau.get(f"{hill}{page}").status_code == 404


def test_a_townships_posters_are_the_own_countys_only(world, bureau):
    assert bureau.get(f"/b/estates/print/poster.pdf?township={world.bodies['st.town'].id}").status_code == 404
