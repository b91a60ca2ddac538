"""Plots: what they promise to a reader, an eye and a screen reader."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.charts import Series, bars, figure, lines, stacked

NUMBERS = st.none() | st.integers() | st.floats()
LABELS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), max_size=40)
MONTHS = [f"2024-{month:02d}" for month in range(1, 13)]


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)


def words(drawing: str) -> str:
    return "\n".join(parsed(drawing).itertext())


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0件"),
        (-0.001, "0件"),
        (12, "12件"),
        (1234567, "1,234,567件"),
        (99.5, "99.5件"),
        (2 / 3, "0.67件"),
        (-31000, "-31,000件"),
        (1e300, "1e+300件"),
        (None, "无数据"),
        (float("nan"), "无数据"),
        (float("inf"), "无数据"),
        (10**400, "无数据"),
    ],
)
def test_a_figure_is_said_as_people_write_it(number, said):
    assert figure(number, "件") == said


def test_every_bar_carries_its_name_and_figure():
    told = words(bars("各小区在办件数", [("东苑", 12), ("西苑", 1200), ("南苑", None)], unit="件"))
    for sentence in ("东苑  12件", "西苑  1,200件", "南苑  无数据", "各小区在办件数"):
        assert sentence in told


def test_the_longest_bar_fills_the_width_and_others_are_in_proportion():
    drawn = parsed(bars("件数", [("甲", 50), ("乙", 100), ("丙", 0)]))
    assert [rect.get("width") for rect in drawn.iter("rect")] == ["50.0%", "100.0%"]


def test_negative_bars_run_left_of_an_axis():
    drawn = parsed(bars("收支", [("收入", 300), ("支出", -100)]))
    income, spending = drawn.iter("rect")
    assert (income.get("x"), income.get("width")) == ("25.0%", "75.0%")
    assert (spending.get("x"), spending.get("width")) == ("0.0%", "25.0%")
    assert [axis.get("x1") for axis in drawn.iter("line")] == ["25.0%"]


def test_parts_of_a_stacked_bar_stand_side_by_side_with_a_legend():
    drawing = stacked("按类", ["电梯"], [Series("按时", [6]), Series("超时", [2])], unit="件")
    on_time, late = (r for r in parsed(drawing).iter("rect") if r.get("width", "").endswith("%"))
    assert (on_time.get("x"), on_time.get("width")) == ("0.0%", "75.0%")
    assert (late.get("x"), late.get("width")) == ("75.0%", "25.0%")
    assert on_time.get("class") != late.get("class")
    for sentence in ("按时", "超时", "电梯  8件", "电梯 超时：2件"):
        assert sentence in words(drawing)


def test_a_long_label_wraps_and_loses_nothing():
    name = "某某路街道第一二三四五六七八住宅小区二期东区"
    lined = [text.text for text in parsed(bars("件数", [(name, 1)])).iter("text")]
    assert len(lined) > 1
    assert name in "".join(lined)


def test_a_missing_month_leaves_a_gap_in_the_line():
    drawn = parsed(lines("走势", MONTHS[:5], [Series("", [1, 2, None, 4, 5])]))
    assert len([each for each in drawn.iter("line") if each.get("class") == "c1"]) == 2
    assert len(list(drawn.iter("circle"))) == 4


def test_a_year_of_points_labels_the_highest_and_thins_the_axis():
    drawing = lines("走势", MONTHS, [Series("受理", [*range(11), 3])])
    shown = [text.text for text in parsed(drawing).iter("text")]
    assert "10" in shown
    assert "9" not in shown
    assert 2 <= len([each for each in shown if each in MONTHS]) <= 6
    assert all(
        f"{month} {number}" in words(drawing) for month, number in zip(MONTHS, range(11), strict=False)
    )


def test_lines_differ_by_more_than_colour():
    drawn = parsed(lines("走势", MONTHS[:2], [Series("受理", [1, 2]), Series("办结", [2, 1])]))
    assert {"c1", "c2"} <= {each.get("class") for each in drawn.iter("line")}


@pytest.mark.parametrize(
    "drawing",
    [
        bars("空", []),
        stacked("空", [], [Series("甲", [])]),
        lines("空", [], []),
        lines("空", ["一月"], [Series("", [None])]),
    ],
)
def test_no_data_says_so(drawing):
    assert "还没有数据" in words(drawing)


def test_names_from_people_cannot_become_markup():
    drawing = bars("<script>", [('"><img src=x>', 1)])
    assert "<script" not in drawing
    assert "<img" not in drawing
    parsed(drawing)


def test_two_plots_on_a_page_have_different_ids():
    ids = re.findall(
        r' id="([^"]+)"', bars("甲", [("一", 1)]) + bars("甲", [("一", 2)]) + bars("甲", [("一", 1)], uid="b")
    )
    assert len(ids) == len(set(ids)) == 6


@given(labels=st.lists(LABELS, max_size=14), data=st.data())
def test_any_figures_make_a_drawing_that_stays_inside_its_frame(labels, data):
    rows = [Series(name, data.draw(st.lists(NUMBERS, max_size=14))) for name in ("甲", "乙")]
    for drawing in (stacked("图", labels, rows), lines("图", labels, rows)):
        drawn = parsed(drawing)
        assert drawn.get("role") == "img"
        assert {drawn.find("title").get("id"), drawn.find("desc").get("id")} == set(
            drawn.get("aria-labelledby").split()
        )
        assert "style=" not in drawing
        for percent in re.findall(r'(?:x|y|x1|x2|y1|y2|cx|cy|width)="([^"]+)%"', drawing):
            assert -0.02 <= float(percent) <= 100.02
