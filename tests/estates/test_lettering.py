"""Words into lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.estates.paper.lettering import NEVER_FIRST, fit, wrap


def measure(text, size):
    return sum(size if ord(letter) > 0x2E80 else size / 2 for letter in text)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("梅花园", ["梅花园"]),
        ("太清湖润景家园二期", ["太清湖润景家", "园二期"]),
        ("一二三四五六，七", ["一二三四五", "六，七"]),
        ("一二三四五（六）", ["一二三四五", "（六）"]),
        ("电话 0539-0000001", ["电话", "0539-0000001"]),
        ("wy.example.gov.cn", ["wy.example.g", "ov.cn"]),
        ("", [""]),
        ("一\n二", ["一", "二"]),
    ],
)
def test_words_break_where_a_reader_expects_it(words, lines):
    assert wrap(words, width=6, size=1, measure=measure) == lines


@given(st.text("梅园东西（），。A1 b.", max_size=80), st.integers(3, 20))
def test_no_letter_is_lost_and_no_line_is_too_long(words, width):
    lines = wrap(words, width=width, size=1, measure=measure)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(measure(line, 1) <= width for line in lines)


@given(st.text("梅园东西，。", max_size=40).filter(lambda words: "，，" not in words and "。。" not in words))
def test_no_line_starts_with_a_stop_where_it_can_be_helped(words):
    plain = words.replace("，。", "，").replace("。，", "。").lstrip("，。")
    lines = wrap(plain, width=8, size=1, measure=measure)
    assert not any(line[:1] in NEVER_FIRST for line in lines if line)


@given(st.text("梅园1", min_size=1, max_size=60))
def test_what_fits_fits_and_is_as_large_as_it_may_be(words):
    setting = fit(words, width=40, height=20, size=8, least=2, measure=measure)
    assert setting is not None
    assert setting.height <= 20
    assert all(measure(line, setting.size) <= 40 for line in setting.lines)
    if len(words) <= 5:
        assert setting.size == 8


def test_what_cannot_fit_is_none():
    assert fit("梅园" * 200, width=40, height=20, size=8, least=2, measure=measure) is None
