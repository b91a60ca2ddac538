"""Buildings as somebody types them, one line each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.estates.building_lines import as_lines, read_lines
from server.estates.buildings import Unreadable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("1号楼 3单元", [("1号楼", 3)]),
        ("1号楼3单元", [("1号楼", 3)]),
        ("1号楼（3单元）", [("1号楼", 3)]),
        ("1号楼 共3个单元", [("1号楼", 3)]),
        ("12栋", [("12栋", 0)]),
        ("综合楼", [("综合楼", 0)]),
        ("\n A座 2单元 \n\n", [("A座", 2)]),
        ("1-3号楼 2单元\n4号楼", [("1号楼", 2), ("2号楼", 2), ("3号楼", 2), ("4号楼", 0)]),
    ],
)
def test_a_line_is_a_building_or_a_range_of_them(text, expected):
    assert read_lines(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1号楼\n2号楼 41单元", "第 2 行：单元最多 40 个"),
        ("5号楼\n5号楼 2单元", "“5号楼”写了两次"),
        ("1号楼\n9-3号楼", "第 2 行"),
        ("楼" * 41, "第 1 行：名称太长"),
        ("1-399号楼\n401-500栋", "楼栋太多"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read_lines(text)


@given(
    st.lists(st.tuples(st.integers(1, 9999), st.integers(0, 40)), unique_by=lambda one: one[0], max_size=50)
)
def test_what_is_shown_reads_back_as_it_was(pairs):
    buildings = [(f"{number}号楼", units) for number, units in pairs]
    assert read_lines(as_lines(buildings)) == buildings


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        found = read_lines(text)
    except Unreadable:
        return
    assert all(name and 0 <= units <= 40 for name, units in found)
