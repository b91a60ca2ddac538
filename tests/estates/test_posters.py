"""Posters and stickers: every code on paper is read back, also from bad paper."""

import pytest

from server.core.errors import Invalid
from server.estates import codes, qr
from server.estates.fonts import find_face
from server.estates.paper.lettering import wrap
from server.estates.poster import poster_png, poster_svg, posters_pdf
from server.estates.sticker import sheet_corners, sticker_png, sticker_svg, stickers_pdf
from tests.estates import scanning
from tests.estates.scanning import spec

FACE = find_face()
LONG = "幸福里国际花园城三期A区及配套商业综合体（原县农机厂职工宿舍西区二十四、二十五号楼）"
BATCH = [spec(number) for number in range(24)] + [spec(77, estate_name=LONG, spot_label="3号楼 2单元 电梯")]
DATA_PLACES = [(0.5, 0.5), (0.5, 0.25), (0.25, 0.5), (0.75, 0.5), (0.5, 1), (1, 0.5), (0.75, 0.75), (1, 1)]
FORMATS = {
    "pdf poster": lambda one: scanning.pdf_pages(posters_pdf([one], face=FACE))[0],
    "png poster": lambda one: scanning.png_page(poster_png(one, face=FACE)),
    "svg poster": lambda one: scanning.svg_page(poster_svg(one, face=FACE)),
    "pdf sticker": lambda one: scanning.pdf_pages(stickers_pdf([one], face=FACE), dpi=300)[0],
    "png sticker": lambda one: scanning.png_page(sticker_png(one, face=FACE)),
    "svg sticker": lambda one: scanning.svg_page(sticker_svg(one, face=FACE), dpi=300),
}


@pytest.fixture(scope="module")
def batch():
    return scanning.pdf_pages(posters_pdf(BATCH, face=FACE), dpi=120)


def test_every_code_of_a_batch_is_its_own_address(batch):
    assert [scanning.read(page).text for page in batch] == [one.url for one in BATCH]


def test_every_code_of_a_batch_is_read_when_shrunk_or_blurred(batch):
    for page, one in zip(batch, BATCH, strict=True):
        symbol, unit = scanning.cut_out(page)
        assert scanning.reads(scanning.at_three_pixels(symbol, unit)) == one.url
        assert scanning.reads(scanning.blurred(symbol, unit)) == one.url


@pytest.mark.parametrize("place", DATA_PLACES)
def test_every_code_of_a_batch_survives_a_patch_over_a_tenth_of_it(batch, place):
    for page, one in zip(batch, BATCH, strict=True):
        symbol, _ = scanning.cut_out(page)
        assert scanning.reads(scanning.masked(symbol, 0.10, at=place)) == one.url


@pytest.mark.parametrize("paper", FORMATS)
@pytest.mark.parametrize("outdoors", [False, True])
def test_a_code_on_any_paper_is_dark_on_light_with_its_quiet_zone_and_large_modules(paper, outdoors):
    one = spec(5, outdoors=outdoors)
    page = FORMATS[paper](one)
    found = scanning.read(page)
    assert (found.text, found.ec_level) == (one.url, "H" if outdoors else "Q")
    symbol, unit = scanning.cut_out(page)
    assert unit >= 10
    edge = round((qr.QUIET - 0.5) * unit)
    around = symbol.copy()
    around.paste(255, (edge, edge, symbol.width - edge, symbol.height - edge))
    assert around.getextrema() == (255, 255)
    finder = round((qr.QUIET + 0.5) * unit)
    assert symbol.getpixel((finder, finder)) < 60


@pytest.mark.parametrize("paper", FORMATS)
def test_a_code_on_any_paper_is_read_shrunk_and_blurred(paper):
    one = spec(6)
    symbol, unit = scanning.cut_out(FORMATS[paper](one))
    assert scanning.reads(scanning.at_three_pixels(symbol, unit)) == one.url
    assert scanning.reads(scanning.blurred(symbol, unit)) == one.url


def test_the_words_of_a_poster_can_be_read_and_searched():
    plain, long = (
        words.replace("\r\n", "")
        for words in scanning.pdf_words(posters_pdf([BATCH[3], BATCH[-1]], face=FACE))
    )
    for wanted in (
        "示例花园3区",
        codes.printed(BATCH[3].code),
        "沂水县主管部门电话：0539-0000001",
        "wy.example.gov.cn",
    ):
        assert wanted in plain
    assert LONG in long
    assert "3号楼 2单元 电梯" in long


def test_a_poster_without_a_phone_or_spot_leaves_their_lines_out():
    (words,) = scanning.pdf_words(posters_pdf([spec(bureau_phone="")], face=FACE))
    assert "电话：" not in words
    assert "{" not in words


def test_an_svg_keeps_its_words_for_readers_and_asks_for_no_font():
    svg = poster_svg(BATCH[-1], face=FACE).decode()
    assert "3号楼 2单元 电梯" in svg
    assert "<text" not in svg
    assert "font" not in svg


def test_words_that_are_markup_stay_words():
    svg = poster_svg(spec(estate_name='A&B<script>"小区"'), face=FACE).decode()
    assert "<script" not in svg
    assert "&lt;script" in svg


def test_stickers_fill_sheets_and_each_is_its_own():
    sheets = scanning.pdf_pages(stickers_pdf(BATCH[:11], face=FACE), dpi=150)
    assert len(sheet_corners()) == 8
    assert len(sheets) == 2
    corner = round(150 / 25.4 * 100)
    found = {
        scanning.reads(sheets[1].crop((30 + x * corner, 60, 30 + (x + 1) * corner, 520))) for x in range(2)
    }
    assert found == {one.url for one in BATCH[8:10]}


@pytest.mark.parametrize("make", [poster_png, poster_svg, lambda one, face: posters_pdf([one], face=face)])
@pytest.mark.parametrize(("name", "word"), [("幸福😀小区", "方框"), ("园" * 400, "太长")])
def test_a_name_that_cannot_be_printed_is_refused(make, name, word):
    with pytest.raises(Invalid, match=word):
        make(spec(estate_name=name), face=FACE)


@pytest.mark.parametrize("make", [posters_pdf, stickers_pdf])
def test_an_empty_batch_is_refused(make):
    with pytest.raises(Invalid, match="没有"):
        make([], face=FACE)


def test_a_code_of_other_letters_than_ascii_is_a_programming_fault():
    with pytest.raises(ValueError, match="ASCII"):
        qr.encode("https://例子.cn/e/0")


def test_merged_blocks_cover_the_dark_modules_exactly_once():
    rows = [
        [True, True, False, True],
        [True, True, False, True],
        [False, True, True, True],
        [True, False, False, False],
    ]
    seen = [[0] * 4 for _ in rows]
    for block in qr.merged(rows):
        for y in range(block.y - qr.QUIET, block.y - qr.QUIET + block.height):
            for x in range(block.x - qr.QUIET, block.x - qr.QUIET + block.width):
                seen[y][x] += 1
    assert seen == [[int(dark) for dark in row] for row in rows]


def test_a_long_name_takes_several_lines():
    assert len(wrap(LONG, width=180, size=9, measure=FACE.width)) > 1
