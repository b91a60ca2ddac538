"""The books that ship: whole, sourced, versioned by their content, and changed without code."""

import io
import shutil
import tomllib
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from server.policy.handling import Caller
from server.policy.inspection import main
from server.policy.layers import COUNTIES
from server.policy.loader import books, load_book
from server.policy.model import BodyRole, Cadence
from server.policy.spans import Span, Unit

FILES = sorted(path.name for path in COUNTIES.glob("*.toml"))
BOOKS = books()


def unsourced(data: Any, path: str = "") -> list[str]:
    """Paths of numbers and times that have no `source` in their table or one around it."""
    if isinstance(data, dict):
        if "source" in data:
            return []
        return [fault for key, value in data.items() for fault in unsourced(value, f"{path}.{key}")]
    if isinstance(data, list):
        return [fault for item in data for fault in unsourced(item, path)]
    return [path] if isinstance(data, int | float | time) and not isinstance(data, bool) else []


@pytest.mark.parametrize("file", FILES)
def test_every_figure_says_where_it_comes_from(file: str) -> None:
    assert unsourced(tomllib.loads((COUNTIES / file).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("county", BOOKS)
def test_every_part_carries_default_or_a_clause(county: str) -> None:
    book = BOOKS[county]
    parts = (*book.rows.values(), *book.kinds.values(), *book.classes.values(), *book.disclosures.values())
    handled = (book.whistle, book.contact, book.second_body, book.hazard, book.duplicates, book.lookback)
    ledger = (book.mediation, book.hotline, book.committee, book.no_company, *book.outcomes.values())
    proofs = (book.evidence.other, *book.evidence.tiles.values(), *book.evidence.kinds.values())
    plans = (*book.goals.values(), *book.cadences.values(), *book.lists.values())
    everything: tuple[Any, ...] = (*parts, *book.board, *book.tiles, *handled, *ledger, *proofs, *plans)
    for part in everything:
        assert "default" in part.source or f"{book.plan.number} " in part.source


def test_the_four_counties_are_there_under_their_area_codes() -> None:
    names = {code: (book.county_name, book.letters) for code, book in BOOKS.items()}
    assert names == {
        "341622": ("蒙城县", "MC"),
        "370406": ("山亭区", "ST"),
        "371323": ("沂水县", "YS"),
        "652325": ("奇台县", "QT"),
    }


@pytest.mark.parametrize("county", BOOKS)
def test_the_bureau_is_a_bureau_and_accusations_have_a_body_of_their_own(county: str) -> None:
    book = BOOKS[county]
    roles = [body.role for body in book.bodies.values()]
    assert book.bodies[book.bureau].role is BodyRole.BUREAU
    assert roles.count(BodyRole.BUREAU) == 1
    assert roles.count(BodyRole.CONFIDENTIAL) == 1


@pytest.mark.parametrize("county", BOOKS)
def test_the_books_figures_are_the_defaults(county: str) -> None:
    book = BOOKS[county]
    clocks = {key: (klass.accept.words, klass.resolve.words) for key, klass in book.classes.items()}
    assert clocks == {
        "urgent": ("30分钟", "2小时"),
        "utilities": ("2小时", "24小时"),
        "ordinary": ("4个工作小时", "7天"),
        "hard": ("4个工作小时", "15天"),
    }
    limits = book.limits
    assert (limits.reopen_clock_percent, limits.reopen_times, limits.hand_back_to_bureau_at) == (50, 2, 3)
    assert (limits.extension_percent, limits.extension_times) == (100, 1)
    assert limits.unconfirmed_after == Span(7, Unit.DAYS)
    assert (book.quiet.start, book.quiet.end, book.quiet.spares) == (time(21, 30), time(7, 30), ("urgent",))


@pytest.mark.parametrize("county", BOOKS)
def test_public_income_is_due_each_quarter_and_the_board_hangs_in_two_places(county: str) -> None:
    shown = BOOKS[county].disclosures
    assert list(shown) == ["charges", "public_income", "contact_board"]
    assert (shown["public_income"].cadence, shown["public_income"].stale_days) == (Cadence.QUARTERLY, None)
    assert shown["charges"].stale_days
    assert shown["contact_board"].places == 2


@pytest.mark.parametrize("county", BOOKS)
def test_emergency_numbers_are_national_or_each_estates_own(county: str) -> None:
    phones = {key: line.phone for key, line in BOOKS[county].emergency.items()}
    assert phones == {
        "fire": "119",
        "police": "110",
        "ambulance": "120",
        "hotline": "12345",
        "discipline": "12388",
        "lift_firm": "",
        "gas": "",
        "heat": "",
    }


def test_shantings_plan_whistles_and_lists_its_departments() -> None:
    book = BOOKS["370406"]
    assert (book.whistle.name, book.whistle.by) == (
        "镇街吹哨、部门报到",
        (Caller.TOWNSHIP, Caller.BUREAU),
    )
    departments = [line for line in book.board if book.bodies[line.body].role is not BodyRole.UTILITY]
    assert len(departments) == 12
    assert book.levels == ("区", "街道", "社区")


def test_yishui_has_its_six_groups_and_hands_out_rather_than_whistles() -> None:
    book = BOOKS["371323"]
    assert len(book.groups) == 6
    assert book.whistle.name == "交办督办、部门报到"
    assert book.levels == ("县", "镇街", "社区")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(COUNTIES, tmp_path / "counties"))


def test_a_version_changes_with_the_content_and_not_with_comments(folder: Path) -> None:
    path = folder / "yishui.toml"
    before = load_book(path).version
    path.write_text(path.read_text(encoding="utf-8") + "\n# 备注\n", encoding="utf-8")
    assert load_book(path).version == before == BOOKS["371323"].version
    path.write_text(path.read_text(encoding="utf-8").replace("临时用电", "用电", 1), encoding="utf-8")
    after = load_book(path).version
    assert after != before
    assert after.split("+")[0] == before.split("+")[0] == "2024.1"


def test_a_county_changes_a_clock_and_a_kind_in_its_own_file(folder: Path) -> None:
    path = folder / "yishui.toml"
    own = """
[classes.ordinary]
source = "办字〔2025〕1号 三"
accept = { minutes = 90 }

[tiles.lift.kinds]
fund = { class = "hard", source = "办字〔2025〕1号 四" }
music = { label = "电梯广告吵", row = 7, class = "ordinary", source = "办字〔2025〕1号 五" }
"""
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    book = load_book(path)
    assert book.classes["ordinary"].accept == Span(90, Unit.MINUTES)
    assert book.classes["ordinary"].resolve == Span(7, Unit.DAYS)
    fund = book.kinds["lift.fund"]
    assert (fund.label, fund.row, fund.time_class, fund.source) == (
        "维修资金拖延",
        15,
        "hard",
        "办字〔2025〕1号 四",
    )
    assert [kind.key for kind in book.kinds_of("lift")][-1] == "lift.music"
    assert load_book(folder / "shanting.toml").classes["ordinary"].accept.words == "4个工作小时"


def test_the_check_command_tells_whole_books_from_broken_ones(folder: Path) -> None:
    out = io.StringIO()
    assert main([], out) == 0
    assert "沂水县（371323）可用" in out.getvalue()
    path = folder / "yishui.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"YS"', '"ys"'), encoding="utf-8")
    assert main([str(folder)], out) == 1
    assert "yishui.toml：county.letters 应为" in out.getvalue()


def test_the_check_command_says_when_a_folder_has_no_book(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main([str(tmp_path)], out) == 1
    assert "没有规则书" in out.getvalue()
