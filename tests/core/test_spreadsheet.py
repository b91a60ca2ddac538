"""Excel files we write, read back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from server.core.spreadsheet import clean, write_xlsx

HOSTILE = [
    '=HYPERLINK("http://evil.example","点我")',
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "{=1+1}",
    "=cmd|' /C calc'!A0",
    "https://evil.example/",
    "mailto:a@b.c",
    "0013800000000",
    "1e5",
    "TRUE",
]


def read(data):
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_formula_or_a_number_stays_the_text_it_was(text):
    data = write_xlsx([text], [[text]])
    assert [row[0].strip() for row in read(data)] == [text.strip()] * 2
    parts = ZipFile(BytesIO(data))
    sheet = parts.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet
    assert not [name for name in parts.namelist() if "externalLink" in name or "vba" in name.lower()]


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_any_text_comes_back_without_its_unprintable_letters(text):
    (back,) = read(write_xlsx(["列"], [[text]]))[1:] or [[""]]
    assert str(back[0]).replace("\r\n", "\n").replace("\r", "\n") == clean(text).replace(
        "\r\n", "\n"
    ).replace("\r", "\n")


def test_numbers_days_and_times_are_what_they_are():
    at = datetime(2026, 2, 28, 17, 30, tzinfo=UTC)
    row = [
        7,
        2.5,
        Decimal("92000.50"),
        date(2026, 3, 1),
        at,
        None,
        "13800000000",
        1234567890123456789,
        float("inf"),
    ]
    (back,) = read(write_xlsx([f"列{n}" for n in range(len(row))], [row]))[1:]
    assert back[:3] == [7, 2.5, 92000.5]
    assert back[3] == date(2026, 3, 1)
    assert back[4] == datetime(2026, 3, 1, 1, 30)  # noqa: DTZ001 - Excel knows no zones
    assert back[5:] == ["", "13800000000", "1234567890123456789", "inf"]


def test_the_header_stays_in_sight_and_columns_are_wide_enough():
    sheet = (
        ZipFile(BytesIO(write_xlsx(["名称"], [["太清湖润景家园"]]))).read("xl/worksheets/sheet1.xml").decode()
    )
    assert 'state="frozen"' in sheet
    assert 'min="1" max="1" width="16.' in sheet


def test_a_text_longer_than_a_cell_is_cut_and_shows_it():
    (back,) = read(write_xlsx(["列"], [["长" * 40_000]]))[1:]
    assert len(back[0]) == 32_767
    assert back[0].endswith("…")


@pytest.mark.parametrize("title", ["", "沂水县 [2026/03]*?:", "很长" * 40, "'引号'"])
def test_any_title_makes_a_sheet(title):
    assert read(write_xlsx(["列"], [["值"]], title=title)) == [["列"], ["值"]]
