"""How people write down buildings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.estates.buildings import Unreadable, parse_buildings

THREE = "(1单元 2单元 3单元)"


def shown(text):
    return [b.name + (f"({' '.join(b.units)})" if b.units else "") for b in parse_buildings(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("1-3号楼", ["1号楼", "2号楼", "3号楼"]),
        ("1号楼-3号楼", ["1号楼", "2号楼", "3号楼"]),
        ("1#-3#楼", ["1号楼", "2号楼", "3号楼"]),
        ("1～3栋", ["1栋", "2栋", "3栋"]),
        ("1 至 3 幢", ["1幢", "2幢", "3幢"]),
        ("1、2、5号楼", ["1号楼", "2号楼", "5号楼"]),
        ("1号楼,2号楼(3单元)", ["1号楼", f"2号楼{THREE}"]),
        ("1号楼，2号楼（1-3单元）", ["1号楼", f"2号楼{THREE}"]),
        ("2号楼（ 2、3 单元）", ["2号楼(2单元 3单元)"]),
        ("2号楼(2-3单元)；4号楼", ["2号楼(2单元 3单元)", "4号楼"]),
        ("1-2号楼(共3个单元)", [f"1号楼{THREE}", f"2号楼{THREE}"]),
        ("西24、西25号楼", ["西24号楼", "西25号楼"]),
        ("A1-A3栋", ["A1栋", "A2栋", "A3栋"]),
        ("A座 b座(3单元)", ["A座", f"B座{THREE}"]),
        ("3甲号楼", ["3甲号楼"]),
        ("１－２号楼", ["1号楼", "2号楼"]),
    ],
)
def test_buildings_are_understood_as_people_write_them(text, wanted):
    assert shown(text) == wanted


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("12", "请写成"),
        ("很多", "请写成"),
        ("9-3号楼", "起止号不对"),
        ("1-9999号楼", "起止号不对"),
        ("1-300号楼,301-600号楼", "楼栋太多"),
        ("1-3号楼,2号楼", "“2号楼”写了两次"),
        ("1号楼(若干)", "里应写单元"),
        ("1号楼(0单元)", "单元数不对"),
        ("1号楼(99单元)", "单元数不对"),
        ("1号楼((2单元)", "请写成"),
        ("3甲-5号楼", "起止号不对"),
    ],
)
def test_what_names_no_buildings_is_refused_with_what_is_wrong(text, word):
    with pytest.raises(Unreadable, match=word):
        parse_buildings(text)


@given(st.text("0123456789-—(),，、号楼栋单元A座 #", max_size=40))
def test_any_text_is_read_or_refused_but_never_breaks(text):
    try:
        names = [building.name for building in parse_buildings(text)]
    except Unreadable:
        return
    assert len(names) == len(set(names))


@given(st.integers(1, 60), st.integers(0, 40), st.integers(1, 9))
def test_a_range_names_each_building_once_and_all_its_units(first, more, units):
    found = parse_buildings(f"{first}-{first + more}号楼({units}单元)")
    assert [building.name for building in found] == [f"{n}号楼" for n in range(first, first + more + 1)]
    assert all(len(building.units) == units for building in found)
