"""`import estates`: a dry run tells and keeps nothing; bad rows stop it, unless they are to be skipped."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

import server.estates
from server.core.db import db
from server.estates.models import Estate
from tests.estates.tables import HEADS, as_csv, as_xlsx, line

SEED = Path(server.estates.__file__).parent / "seed"
GOOD_AND_BAD = [HEADS, line("甲园"), line("乙园", 户数="约300"), line("丙园", 入驻时间="去年")]


@pytest.fixture
def run(app, now, tmp_path):
    def go(*words, data=None, name="小区.csv"):
        file = tmp_path / name
        if data is not None:
            file.write_bytes(data)
        return app.test_cli_runner().invoke(
            args=["import", "estates", str(file), "--county", "370406", *words]
        )

    return go


def count():
    return db.session.scalar(select(func.count()).select_from(Estate))


def test_a_dry_run_lists_bad_rows_in_plain_sentences_and_saves_nothing(run):
    result = run("--dry-run", data=as_csv(GOOD_AND_BAD))
    assert result.exit_code == 0
    assert "第 3 行 户数：应为整数，现为“约300”" in result.output
    assert "第 4 行 入驻时间：应为年月" in result.output
    assert "2 行需要修改，可以导入 1 行：新增 1 个小区" in result.output
    assert count() == 0


def test_bad_rows_stop_the_import_and_are_named(run):
    result = run(data=as_csv(GOOD_AND_BAD))
    assert result.exit_code == 1
    assert "第 3 行 户数" in result.stderr
    assert "什么都没有保存" in result.stderr
    assert count() == 0


def test_bad_rows_can_be_skipped(run):
    result = run("--skip-bad", data=as_xlsx(GOOD_AND_BAD), name="小区.xlsx")
    assert result.exit_code == 0
    assert "新增 梅园社区 甲园" in result.output
    assert count() == 1


def test_the_township_can_be_given(run):
    data = as_csv([["社区名称", "小区名称"], ["甲社区", "甲园"]])
    assert run(data=data).exit_code == 1
    assert run("--township", "甲街道", data=data).exit_code == 0


def test_both_seeds_and_each_of_them_twice(app, now):
    for county, name, many in (("370406", "shanting", 41), ("371323", "yishui", 8)):
        for words in (f"新增 {many} 个小区", f"没有变化 {many} 个"):
            args = ["import", "estates", str(SEED / f"{name}.csv"), "--county", county]
            result = app.test_cli_runner().invoke(args=args)
            assert result.exit_code == 0
            assert words in result.output
    assert count() == 49


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "文件是空的"), (b"\x00\x01\x02", "读不出来"), (as_xlsx([HEADS, line()])[:600], "损坏")],
)
def test_a_damaged_file_is_refused_with_a_sentence(run, data, sentence):
    result = run(data=data)
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_a_county_without_a_rule_book_is_a_usage_error(app, now):
    args = ["import", "estates", str(SEED / "yishui.csv"), "--county", "999999"]
    result = app.test_cli_runner().invoke(args=args)
    assert result.exit_code == 2
    assert "371323（沂水县）" in result.stderr


def test_a_file_that_is_not_there_is_a_usage_error(run):
    assert run(name="fehlt.csv").exit_code == 2
