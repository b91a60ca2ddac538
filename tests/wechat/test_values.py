"""Values for templates: what fits, what does not, and that everything can be made to fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wechat.sandbox.typed import accepted
from server.wechat.values import RULES, check, clean, cut, cut_bytes, fit, units, usable

ODD = st.sampled_from("\u200b\u202e\n\r\t \u3000\ud800\U0001f6d7\u0661~～：:年月日.-/¥￥元。，")
TEXTS = st.text(max_size=60) | st.text(ODD | st.sampled_from("0123456789abcXYZ电梯停运 "), max_size=60)


@given(kind=st.sampled_from([*RULES, "keyword"]), number=st.integers(1, 9), text=TEXTS)
def test_whatever_is_fitted_passes_the_check_and_the_sandbox(kind: str, number: int, text: str) -> None:
    name = f"{kind}{number}"
    fitted = fit(name, text)
    assert check(name, fitted) is None
    assert accepted(name, fitted)
    assert fit(name, fitted) == fitted


@given(kind=st.sampled_from(sorted(RULES)), text=TEXTS)
def test_what_the_check_passes_the_sandbox_accepts(kind: str, text: str) -> None:
    if check(kind, text) is None:
        assert accepted(kind, text)


@pytest.mark.parametrize(
    ("name", "value", "fitted"),
    [
        ("thing2", "3号楼电梯停运", "3号楼电梯停运"),
        ("thing2", "一二三四五六七八九十一二三四五六七八九十一", "一二三四五六七八九十一二三四五六七八九…"),
        ("thing2", "电梯\n停运\r\n三天", "电梯 停运 三天"),
        ("thing2", "", "无"),
        ("thing2", "\u200b\u200b", "无"),
        ("character_string1", "YS240715-7K2QM", "YS240715-7K2QM"),
        ("character_string1", "编号 YS240715 7K2QM", "YS240715-7K2QM"),
        ("character_string1", "编号", "-"),
        ("phrase3", "处理中", "处理中"),
        ("phrase3", "已解决,待确认!", "已解决待确"),
        ("phrase3", "OK", "无"),
        ("time4", "2026年3月1日 15:01", "2026年3月1日 15:01"),
        ("time4", "2026-03-01 15:01", "2026年3月1日 15:01"),
        ("time4", "2026-03-01T09:05", "2026年3月1日 9:05"),
        ("time4", "15:01", "15:01"),
        ("time4", "2026-03-01 15:01 ~ 2026-03-02 08:00", "2026年3月1日 15:01~2026年3月2日 8:00"),
        ("date1", "2026/3/1", "2026年3月1日"),
        ("number1", "约 12.5 平米", "12.5"),
        ("amount1", "¥1234.50", "¥1234.50"),
        ("amount1", "1234.5", "1234.5元"),
        ("phone_number1", "0539-225 1234 转 8", "0539-22512348"),
        ("name1", "王师傅2", "王师傅"),
    ],
)
def test_a_value_is_shaped_as_its_field_asks(name: str, value: str, fitted: str) -> None:
    assert fit(name, value) == fitted
    assert accepted(name, fitted)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thing2", ""),
        ("thing2", "一" * 21),
        ("thing2", "电梯\n停运"),
        ("thing2", " 电梯"),
        ("character_string1", "编号1"),
        ("phrase3", "处理中心已受理"),
        ("phrase3", "OK"),
        ("time4", "明天"),
        ("time4", "25:01"[:2]),
        ("number1", "12a"),
        ("amount1", "一百元"),
        ("letter1", "ab1"),
        ("name1", "王2"),
        ("name1", "王" * 11),
    ],
)
def test_a_value_against_the_rules_is_named_and_the_sandbox_refuses_it(name: str, value: str) -> None:
    assert check(name, value)
    assert not accepted(name, value) or value.strip() != value


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("time4", "明天下午", False),
        ("time4", "2026年2月30日 10:00", True),
        ("date1", "2026年2月30日", False),
        ("amount1", "若干", False),
        ("number1", "", False),
        ("thing2", "", True),
        ("phrase3", "OK", True),
    ],
)
def test_a_time_or_number_made_up_is_told_from_one_kept(name: str, value: str, kept: bool) -> None:
    assert usable(name, value) is kept


@given(st.text(), st.integers(3, 60))
def test_cutting_keeps_within_the_limit(text: str, limit: int) -> None:
    assert units(cut(clean(text), limit)) <= limit
    assert len(cut_bytes(text, limit).encode()) <= limit
