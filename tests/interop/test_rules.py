"""The hotline's pure rules, as tables worked out by hand."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.interop.hotline.cells import Wrong, read_number, read_phone, read_when
from server.interop.hotline.columns import find_table, suggest
from server.interop.hotline.goal import compare
from server.interop.hotline.kinds import kind_for
from server.interop.hotline.matching import Candidate, Match, best, judge
from server.interop.hotline.naming import Estates, Known, Unclear
from server.policy.loader import books

AT = datetime(2026, 11, 10, 1, 5, tzinfo=UTC)
WINDOW = timedelta(days=14)


def test_a_time_is_read_in_every_usual_spelling():
    spelt = (
        "2026-11-10 09:05",
        "2026/11/10 9:05",
        "2026年11月10日 9时05分",
        "20261110090500",
        "2026.11.10 09:05:00",
    )
    for text in (
        *spelt,
        "46336.378472",
        "2026-11-10T09:05:00",
        "2026-11-10 上午9:05",
        "２０２６－１１－１０　０９：０５",
    ):
        assert read_when(text) == AT, text
    assert read_when("2026-11-10 下午9:05") == AT + timedelta(hours=12)
    assert read_when("2026-11-10") == datetime(2026, 11, 9, 16, tzinfo=UTC)
    assert read_when("2026-11-10", end=True) == datetime(2026, 11, 10, 16, tzinfo=UTC)
    assert read_when("——") is None
    for text in ("昨天", "2026-02-30", "11/10/2026", "2026-11-10 25:00", "26-11-10", "1999-01-01", "9" * 40):
        with pytest.raises(Wrong):
            read_when(text)


def test_numbers_and_phones_are_read_or_refused():
    assert read_number(" ys 2026-001 ") == "YS2026-001"
    for text in ("", "2.02E+17", "2026111800000010000", "=1+1", "a", "x" * 61):
        with pytest.raises(Wrong):
            read_number(text)
    for text in (
        "13900000001（王女士）",
        "139-0000-0001",
        "+86 139 0000 0001",
        "电话：13900000001/0539-2250000",
    ):
        assert read_phone(text) == "13900000001", text
    assert read_phone("0539-2250000") == "0539-2250000"
    assert read_phone("匿名") is read_phone("") is read_phone("无") is None
    for text in ("1390000", "电话见附件", "139000000011"):
        with pytest.raises(Wrong):
            read_phone(text)


@given(st.text(max_size=60))
def test_no_cell_breaks_a_reader(text):
    for read in (read_number, read_when, read_phone):
        with suppress(Wrong):
            read(text)


def test_columns_are_found_by_choice_by_spelling_and_by_likeness():
    known = books()["371323"].hotline.columns
    heads = ["工单号", "受理时间", "受理时间（第 3 列）", "诉求内容描述", "来电人电话", "所在小区", "序号"]
    found = suggest(heads, known, {})
    assert (found["number"], found["received_at"], found["content"]) == ("工单号", "受理时间", "诉求内容描述")
    assert "序号" not in found.values()
    assert len(set(found.values())) == len(found)
    assert suggest(heads, known, {"phone": "来电人电话", "received_at": ""}).get("phone") == "来电人电话"
    assert "received_at" not in suggest(heads, known, {"received_at": ""})
    notes = [
        ["12345 工单月报"],
        ["", ""],
        ["工单编号", "受理时间", "受理时间", "诉求内容", "", ""],
        ["A1", "x", "y", "z"],
    ]
    table = find_table([[["说明"]], notes], known, {})
    assert table.heads == ("工单编号", "受理时间", "受理时间（第 3 列）", "诉求内容")
    assert table.lines == ((4, ("A1", "x", "y", "z")),)
    assert find_table([[["姓名", "年龄"]]], known, {}) is None


def test_a_kind_is_found_in_the_hotlines_words():
    book = books()["371323"]
    for words, kind in {
        "电梯困人": "lift.trapped",
        "城乡建设/物业管理/飞线充电": "fire.wires",
        "物业 - 漏水渗水": "pipe.leak",
        "我家楼道停水停电三天": "pipe.cut",
        "天气": None,
        "": None,
    }.items():
        assert kind_for(words, book) == kind, words


ESTATES = Estates(
    [
        Known(1, "青山花园小区", "东城社区", 11, 21),
        Known(2, "青山", "西城社区", 12, 21),
        Known(3, "学府苑", "东城社区", 11, 21),
        Known(4, "学府苑", "西城社区", 12, 21),
    ],
    {"老纺织厂家属院": 3, "没有了": 99},
)


@pytest.mark.parametrize(
    ("estate", "community", "address", "meant"),
    [
        ("青山花园", "", "", 1),
        (" 青山 花园小区 ", "", "", 1),
        ("青山花园小区（二期）", "", "", 1),
        ("", "", "沂城街道青山花园3号楼", 1),
        ("青山", "", "", 2),
        ("学府苑", "西城社区", "", 4),
        ("学府苑", "", "东城学府苑", 3),
        ("学府苑", "", "", None),
        ("老纺织厂家属院", "", "", 3),
        ("没有了", "", "", None),
        ("", "", "青山花园对面学府苑", None),
        ("", "", "", None),
    ],
)
def test_an_estate_is_found_or_asked_about(estate, community, address, meant):
    try:
        assert ESTATES.find(estate, community, address).estate_id == meant
    except Unclear:
        assert meant is None


def day(n):
    return AT + timedelta(days=n)


SOMETHING = Candidate(1, "pipe.leak", AT, None)


@pytest.mark.parametrize(
    ("kind", "received", "one", "match"),
    [
        ("pipe.leak", day(0), SOMETHING, Match.SAME),
        ("pipe.leak", day(14), SOMETHING, Match.SAME),
        ("pipe.leak", day(-14), SOMETHING, Match.SAME),
        ("pipe.leak", day(15), SOMETHING, Match.UNSURE),
        ("pipe.leak", day(-15), SOMETHING, Match.NONE),
        ("pipe.cut", day(1), SOMETHING, Match.UNSURE),
        ("pipe.cut", day(15), SOMETHING, Match.NONE),
        ("lift.stopped", day(0), SOMETHING, Match.NONE),
        ("pipe.leak", day(3), replace(SOMETHING, ended_at=day(4)), Match.SAME),
        ("pipe.leak", day(3), replace(SOMETHING, ended_at=day(2)), Match.UNSURE),
        ("pipe.cut", day(3), replace(SOMETHING, ended_at=day(2)), Match.NONE),
        ("pipe.leak", day(20), replace(SOMETHING, ended_at=day(2)), Match.NONE),
        ("pipe.leak", day(0), replace(SOMETHING, void=True), Match.NONE),
    ],
)
def test_an_order_and_a_report_are_one_matter_or_not(kind, received, one, match):
    assert judge(kind, received, one, window=WINDOW) is match


def test_of_several_reports_the_surest_then_the_nearest_is_taken():
    far, near = (
        replace(SOMETHING, report_id=2, submitted_at=day(-9)),
        replace(SOMETHING, report_id=3, submitted_at=day(2)),
    )
    other = replace(SOMETHING, report_id=4, kind="pipe.cut", submitted_at=day(1))
    assert best("pipe.leak", day(1), [far, near, other], window=WINDOW) == (Match.SAME, near)
    assert best("pipe.heat", day(1), [other], window=WINDOW) == (Match.UNSURE, other)
    assert best("pipe.leak", day(1), [], window=WINDOW) == (Match.NONE, None)


@pytest.mark.parametrize(
    ("this", "last", "typed", "today", "expected"),
    [
        ({date(2026, 1, 1): 7}, {date(2025, 1, 1): 10}, {}, date(2026, 1, 2), (7, 10, 7, True, 70)),
        ({date(2026, 1, 1): 8}, {date(2025, 1, 1): 10}, {}, date(2026, 1, 2), (8, 10, 7, False, 80)),
        ({date(2026, 1, 1): 7, date(2026, 1, 2): 99}, {date(2025, 1, 1): 10, date(2025, 1, 2): 99}, {}, date(2026, 1, 2), (7, 10, 7, True, 70)),
        ({date(2026, 1, 1): 2}, {date(2025, 1, 1): 3}, {}, date(2026, 1, 2), (2, 3, 2, True, 67)),
        ({date(2026, 5, 1): 3}, {}, {}, date(2026, 6, 1), (3, 0, 0, None, None)),
        ({date(2026, 5, 1): 3}, {date(2025, 7, 1): 9}, {}, date(2026, 6, 1), (3, 0, 0, None, None)),
        ({}, {date(2025, 5, 1): 9}, {}, date(2026, 6, 1), (0, 9, 6, True, 0)),
        ({date(2028, 2, 28): 5, date(2028, 2, 29): 50}, {date(2027, 2, 28): 10}, {}, date(2028, 3, 1), (5, 10, 7, True, 50)),
        ({date(2029, 2, 28): 5}, {date(2028, 2, 28): 10, date(2028, 2, 29): 50}, {}, date(2029, 3, 1), (5, 10, 7, True, 50)),
        ({date(2026, 1, 5): 5, date(2026, 2, 5): 5}, {}, {1: 10, 2: 20}, date(2026, 2, 10), (5, 10, 7, True, 50)),
        ({date(2026, 1, 5): 5, date(2026, 2, 5): 5}, {}, {1: 10, 2: 20}, date(2026, 3, 1), (10, 30, 21, True, 34)),
        ({date(2026, 1, 5): 5}, {date(2025, 1, 5): 99, date(2025, 2, 3): 10}, {1: 10}, date(2026, 2, 10), (5, 20, 14, True, 25)),
        ({date(2025, 12, 31): 9}, {date(2025, 1, 1): 9}, {}, date(2026, 1, 1), (0, 0, 0, None, None)),
        ({date(2026, 1, 5): 5}, {}, {1: 10}, date(2026, 1, 20), (0, 0, 0, None, None)),
    ],
)  # fmt: skip
def test_this_year_is_held_against_the_same_days_of_the_last(this, last, typed, today, expected):
    found = compare(this, last, typed, today=today, fall_percent=30)
    assert (found.this, found.last, found.most, found.met, found.percent) == expected


COUNTS = st.dictionaries(st.dates(date(2027, 1, 1), date(2028, 12, 31)), st.integers(0, 99), max_size=30)


@given(COUNTS, st.dates(date(2028, 1, 1), date(2028, 12, 31)), st.integers(1, 99))
def test_a_goal_is_met_exactly_where_the_most_is_kept(days, today, fall):
    found = compare(days, days, {}, today=today, fall_percent=fall)
    if found.met is not None:
        assert found.met == (found.this <= found.most)
        assert found.met == (found.this * 100 <= found.last * (100 - fall))
        assert (found.percent <= 100 - fall) == found.met
