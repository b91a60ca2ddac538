"""A table is looked over before it is imported; only the rows that are right are taken."""

from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

import server.estates
from server.core import clock
from server.core.db import db
from server.estates.models import Estate, ImportDraft
from tests.estates.tables import HEADS, as_csv, as_xls, as_xlsx, line
from tests.web.bureau.forms import follow, opened, send, words
from tests.web.conftest import read

SEED = Path(server.estates.__file__).parent / "seed" / "yishui.csv"
IMPORT = "/b/estates/import"


@pytest.fixture
def bureau(world, client):
    return world.login(client, "ys.bureau")


def estates():
    return db.session.scalar(select(func.count()).select_from(Estate).where(Estate.county_id == "371323"))


def upload(client, data, name="小区.csv", **fields):
    return send(client, IMPORT, file=(name, data), **fields)


@pytest.mark.parametrize("write", [as_csv, as_xlsx, as_xls])
def test_bad_rows_are_named_nothing_is_saved_and_the_rest_is_imported_on_a_yes(bureau, write):
    before = estates()
    data = write([HEADS, line("甲园"), line("乙园", 户数="约300"), line("丙园")])
    uploaded = upload(bureau, data)
    page = follow(bureau, uploaded)
    assert "第3行户数：应为整数，现为“约300”" in words(page)
    assert "有1行需要修改" in words(page)
    assert "2个新小区" in words(page)
    assert estates() == before
    result = send(bureau, uploaded.location)
    assert result.status_code == 200
    assert "新增2个小区" in words(read(result))
    assert estates() == before + 2
    assert bureau.get(uploaded.location).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(ImportDraft)) == 0


def test_a_seed_imported_twice_changes_nothing(bureau):
    for expected in ("8个新小区", "8个没有变化"):
        uploaded = upload(bureau, SEED.read_bytes())
        assert expected in words(follow(bureau, uploaded))
        assert send(bureau, uploaded.location).status_code == 200
    assert estates() == 3 + 8


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "这不是XLSX、XLS或CSV表格"),
        (as_csv([["姓名", "年龄"], ["甲", "1"]]), "没有找到表头"),
        (as_xlsx([HEADS, line()])[:700], "损坏"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(bureau, data, sentence):
    response = upload(bureau, data)
    assert response.status_code == 422
    page = read(response)
    assert sentence in words(page)
    assert page.find(id="e-file").text


def test_without_a_file_the_page_says_so(bureau):
    assert send(bureau, IMPORT).status_code == 422


def test_the_township_of_the_form_stands_in_for_a_missing_column(bureau):
    data = as_csv([["社区名称", "小区名称"], ["甲社区", "甲园"]])
    assert "第2行镇街" in words(follow(bureau, upload(bureau, data)))
    assert "每一行都可以导入" in words(follow(bureau, upload(bureau, data, township="甲街道")))


def test_the_faults_are_a_file_too(bureau):
    uploaded = upload(bureau, as_csv([HEADS, line(户数="约300"), line("乙园", 入驻时间="去年")]))
    response = bureau.get(f"{uploaded.location}/faults.xlsx")
    with CalamineWorkbook.from_filelike(BytesIO(response.data)) as book:
        rows = book.get_sheet_by_index(0).to_python()
    assert [row[:2] for row in rows[1:]] == [[2, "户数"], [3, "入驻时间"]]


def test_the_template_can_be_filled_in_and_uploaded_again(bureau):
    data = bureau.get(f"{IMPORT}/template.xlsx").data
    assert "每一行都可以导入" in words(follow(bureau, upload(bureau, data, "模板.xlsx")))


def test_a_table_is_its_uploaders_alone_and_for_a_day(world, bureau, app):
    location = upload(bureau, as_csv([HEADS, line()])).location
    assert world.login(app.test_client(), "ys.admin").get(location).status_code == 404
    assert opened(bureau, location).h1
    with clock.stopped(world.now.replace(day=20)):
        world.now = world.now.replace(day=20)
        assert world.login(app.test_client(), "ys.bureau").get(location).status_code == 404
