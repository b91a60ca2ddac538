"""Every clause that a book names is a section that its plan has."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from server.policy.layers import COUNTIES

NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
# plan → section → how many subsections it has → how many numbered points those have (the plans' own counting)
PLANS: dict[str, dict[str, dict[str, int]]] = {
    "yishui": {
        "一": {},
        "二": {"一": 0, "二": 0, "三": 4, "四": 0, "五": 0},
        "三": dict.fromkeys(NUMERALS[:7], 0),
        "四": dict.fromkeys(NUMERALS[:4], 0),
        "五": {},
    },
    "shanting": {
        "一": {},
        "二": dict.fromkeys(NUMERALS[:3], 0),
        "三": dict.fromkeys(NUMERALS[:4], 0),
        "四": dict.fromkeys(NUMERALS, 0),
        "五": dict.fromkeys(NUMERALS[:3], 0),
        "六": dict.fromkeys(NUMERALS[:4], 0),
    },
    "mengcheng": {"一": {}, "二": {}, "三": dict.fromkeys(NUMERALS[:5], 0), "四": {}},
    "qitai": {
        "一": {},
        "二": dict.fromkeys(NUMERALS[:3], 0),
        "三": {"一": 5, "二": 11},
        "四": dict.fromkeys(NUMERALS[:3], 0),
        "五": dict.fromkeys(NUMERALS[:4], 0),
    },
}
LONG = re.compile(r"([一二三四五六])((?:（[一二三四五六七八九十]+）)+)(\d+(?:、\d+)*)?")
SHORT = re.compile(r"(?<=号 )[一二三四五六](?![（一-龥])|(?<=说明 )[一二三四五六](?![（一-龥])")


def sources(tree: Any) -> Iterator[str]:
    """Every source of a book's own file."""
    for key, value in tree.items():
        if key == "source":
            yield value
        elif isinstance(value, dict):
            yield from sources(value)


def clauses(source: str) -> Iterator[tuple[str, str, int]]:
    """Section, subsection and point that a source names; nothing where it has none."""
    for section, parts, points in LONG.findall(source):
        for part in re.findall(r"（(.+?)）", parts):
            for point in (points or "0").split("、"):
                yield section, part, int(point)
    for section in SHORT.findall(source):
        yield section, "", 0


@pytest.mark.parametrize("name", PLANS)
def test_the_clauses_are_sections_of_the_plan(name: str) -> None:
    plan = PLANS[name]
    tree = tomllib.loads((COUNTIES / f"{name}.toml").read_text(encoding="utf-8"))
    named = [(source, clause) for source in sources(tree) for clause in clauses(source)]
    assert len(named) > 20
    for source, (section, part, point) in named:
        assert section in plan, source
        assert not part or point <= plan[section][part], source


@pytest.mark.parametrize("name", PLANS)
def test_a_source_is_a_clause_of_the_plan_or_default(name: str) -> None:
    tree = tomllib.loads((COUNTIES / f"{name}.toml").read_text(encoding="utf-8"))
    number = tree["plan"]["number"]
    for source in sources(tree):
        found = list(clauses(source)) or f"{number} 附件" in source
        assert "default" in source or (number in source and found), source
