"""Several versions of a county's book side by side: its own, shipped ones, from a day on, and spoilt ones."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from server.core import clock
from server.policy import loader
from server.policy.layers import COUNTIES
from server.policy.loader import BookError, book_for, books, kind_named, load_book, load_versions
from server.policy.spans import Span, Unit

YISHUI = "371323"
BEFORE = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)  # 23:59 of that day in Shanghai
AFTER = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # midnight: 1 December
QUICKER = """
extends = ["yishui"]
version = "2026.12"
from = 2026-12-01

[classes.ordinary]
source = "测试文号 一"
resolve = { working_days = 5 }

[tiles.lift.kinds]
music = { label = "电梯广告吵", row = 7, class = "ordinary", source = "测试文号 二" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of the installation's own books, in use during the test."""
    (tmp_path / "yishui-2026.toml").write_text(QUICKER, encoding="utf-8")
    loader.read_from(str(tmp_path))
    yield tmp_path
    loader.read_from("")


def reread(folder: Path) -> None:
    """What a restart does."""
    loader.read_from("")
    loader.read_from(str(folder))


def test_a_new_version_is_in_force_from_its_day_in_shanghai(folder: Path) -> None:
    with clock.stopped(BEFORE):
        assert books()[YISHUI].classes["ordinary"].resolve == Span(7, Unit.DAYS)
        assert books()[YISHUI].version.startswith("2024.1+")
    with clock.stopped(AFTER):
        assert books()[YISHUI].classes["ordinary"].resolve == Span(5, Unit.WORKING_DAYS)
        assert books()[YISHUI].version.startswith("2026.12+")
        assert books()[YISHUI].bodies.keys() == load_book(COUNTIES / "yishui.toml").bodies.keys()


def test_what_was_filed_under_a_version_is_judged_by_it_for_good(folder: Path) -> None:
    with clock.stopped(AFTER):
        old = load_book(COUNTIES / "yishui.toml")
        new = load_book(folder / "yishui-2026.toml")
        assert book_for(YISHUI, old.version, AFTER) == old
        assert book_for(YISHUI, new.version, AFTER) == new


def test_where_the_file_of_a_version_is_gone_the_day_decides(folder: Path) -> None:
    with clock.stopped(AFTER):
        assert book_for(YISHUI, "2023.9+gone", BEFORE).version.startswith("2024.1+")
        assert book_for(YISHUI, "2023.9+gone", AFTER).version.startswith("2026.12+")


def test_a_kind_is_named_though_the_book_in_force_does_not_have_it(folder: Path) -> None:
    with clock.stopped(BEFORE):
        kind = kind_named(YISHUI, "lift.music")
        assert kind is not None
        assert kind.label == "电梯广告吵"
        assert kind_named(YISHUI, "lift.nothing") is None
        assert "lift.music" not in books()[YISHUI].kinds


def test_a_countys_own_book_outranks_a_shipped_one_of_a_later_day(folder: Path) -> None:
    (folder / "yishui-2026.toml").write_text(QUICKER.replace("from = 2026-12-01\n", ""), encoding="utf-8")
    reread(folder)
    with clock.stopped(BEFORE):
        assert books()[YISHUI].version.startswith("2026.12+")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("working_days = 5", "working_days = 0", "classes.ordinary.resolve 应为时长"),
        ("working_days", "days_of_work", "classes.ordinary.resolve"),
        ("2026-12-01", '"2026-12-01"', "from 应为日期"),
        ('"2026.12"', '"a version far too long to keep"', "version 应不超过 20 个字"),
        ("row = 7", "row = 70", "tiles.lift.kinds.music.row"),
        ('"yishui"]', '"yishui-2026"]', "extends 里的 “yishui-2026” 没有对应的文件"),
        ('"yishui"]', '"../yishui"]', "extends 里的 “../yishui” 没有对应的文件"),
        ("[classes", '[county]\nletters = "YI"\n\n[classes', "county.letters 应为 “YS”"),
        ("[classes", '[county]\nid = "371399"\n\n[classes', "county.letters “YS” 别的县已经用了"),
    ],
)
def test_a_spoilt_book_is_named_left_out_and_the_good_one_holds(
    folder: Path, old: str, new: str, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "yishui-2026.toml").write_text(QUICKER.replace(old, new, 1), encoding="utf-8")
    reread(folder)
    with clock.stopped(AFTER):
        assert books()[YISHUI].version.startswith("2024.1+")
        assert set(books()) == {"341622", "370406", "371323", "652325"}
    told = [record.getMessage() for record in caplog.records]
    assert any(f"yishui-2026.toml：{fault}" in line for line in told), told


def test_two_versions_from_the_same_day_are_refused(folder: Path) -> None:
    (folder / "yishui-other.toml").write_text(QUICKER.replace("2026.12", "2026.13"), encoding="utf-8")
    with pytest.raises(BookError, match="要写不同的 from"):
        load_versions(folder)
    (folder / "yishui-other.toml").write_text(QUICKER.replace("2026-12-01", "2027-01-01"), encoding="utf-8")
    assert [book.in_force_from for _, book in load_versions(folder)] == [date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("file", "status", "said"),
    [
        ("yishui-2026.toml", 0, "从 2026-12-01 起执行"),
        ("nothing.toml", 1, "打不开这个文件"),
        ("", 0, "小类 46 个"),
    ],
)
def test_the_check_needs_no_database(folder: Path, file: str, status: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "policy", "check", str(folder / file)],
        env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, said in done.stdout) == (status, True), done.stdout + done.stderr
