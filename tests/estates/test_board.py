"""Contact boards on paper."""

from datetime import date

import pypdfium2
import pytest

from server.core.errors import Invalid
from server.estates.board import BoardSpec, Contact, Paper, board_pdf
from server.estates.fonts import find_face
from tests.estates import scanning

FACE = find_face()
ROWS = tuple(
    Contact(
        f"部门{number}",
        "物业行业监管、维修资金使用审核、备案" * (number % 3 + 1),
        "值班室",
        f"0539-00000{number:02}",
    )
    for number in range(40)
)


def board(rows, **own):
    return BoardSpec(scanning.spec(1, **own), tuple(rows), date(2026, 3, 1))


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (210, 297)), (Paper.A3, (297, 420))])
def test_a_board_is_one_page_of_its_paper_with_the_estate_s_code(paper, size):
    data = board_pdf(board(ROWS[:6]), face=FACE, paper=paper)
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == 1
        assert [round(side / 72 * 25.4) for side in document[0].get_size()] == pytest.approx(size, abs=1)
    (page,) = scanning.pdf_pages(data, dpi=120)
    assert scanning.read(page).text == scanning.spec(1).url


def test_a_board_says_every_row_and_the_day_it_was_confirmed():
    (words,) = scanning.pdf_words(board_pdf(board(ROWS[:5]), face=FACE))
    joined = words.replace("\r\n", "")
    for row in ROWS[:5]:
        assert row.department in joined
        assert row.phone in joined
    assert "2026年3月1日核对" in joined
    assert "联系人" in joined


def test_a_long_board_runs_over_several_pages_and_loses_no_row():
    pages = scanning.pdf_words(board_pdf(board(ROWS), face=FACE))
    assert len(pages) > 1
    for number, words in enumerate(pages, start=1):
        assert f"第 {number} 页，共 {len(pages)} 页" in words
        assert "职责" in words
    assert [row.phone for row in ROWS] == [
        row.phone for row in ROWS if any(row.phone in words for words in pages)
    ]


@pytest.mark.parametrize(
    ("rows", "word"), [((), "还没有联系人"), ((Contact("局", "管", "张😀", "1"),), "方框")]
)
def test_a_board_that_cannot_be_printed_is_refused(rows, word):
    with pytest.raises(Invalid, match=word):
        board_pdf(board(rows), face=FACE)
