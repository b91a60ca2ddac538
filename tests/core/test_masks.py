"""Numbers that lead to a person are hidden, ordinary words are not."""

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from server.core.mask_glance import HAN, MARKS, worth_a_look
from server.core.mask_plain import plain
from server.core.masks import DOOR, NUMBER, find_all, has_numbers, mask_numbers

HERE = Path(__file__).parent
MARK = re.compile(f"{re.escape(NUMBER)}|{re.escape(DOOR)}")


def lines(name):
    return [line.replace("\\n", "\n") for line in (HERE / name).read_text().splitlines() if line]


def missed(line):
    """Whether something else is left than the words around the braces."""
    before, rest = line.split("{")
    secret, after = rest.split("}")
    return MARK.sub("{}", mask_numbers(before + secret + after)) != f"{before}{{}}{after}"


def test_of_two_hundred_numbers_in_varied_writing_at_least_99_percent_are_masked():
    numbers = lines("numbers.txt")
    left = [line for line in numbers if missed(line)]
    assert len(numbers) >= 200
    assert len(left) / len(numbers) <= 0.01, left


def test_of_five_hundred_ordinary_sentences_at_most_one_percent_are_touched():
    sentences = lines("sentences.txt")
    touched = {line: mask_numbers(line) for line in sentences if has_numbers(line)}
    assert len(set(sentences)) >= 500
    assert len(touched) / len(sentences) <= 0.01, touched


@given(some.text(alphabet="0123456789 -一二三八零我家住号楼单元室电话微信QQ:@.comxX(+)\n\u200b", max_size=60))
def test_masking_twice_changes_nothing_more(text):
    once = mask_numbers(text)
    assert mask_numbers(once) == once
    assert has_numbers(text) == (once != text)


HINTS = "一三八零两〇我家住本人是楼层单元的东西中南北户门边侧电话尾号户微信加杠点空艾特@#.+-_ \t\n\u200b、，①⑴➀¹㊀㊥⼀１ａ"
"""Letters of which a number, an account or a door may be made, without an ordinary digit among them."""


@settings(max_examples=2000)
@given(some.text(alphabet=HINTS, max_size=30) | some.text(max_size=60))
def test_the_quick_look_passes_over_nothing_that_would_be_masked(text):
    assert worth_a_look(text) or find_all(text) == []


def test_what_the_quick_look_takes_for_ordinary_is_nothing_else_in_plain_spelling():
    ordinary = re.compile(f"[{HAN}{MARKS}]")
    for letter in map(chr, range(sys.maxunicode + 1)):
        if ordinary.match(letter) and (found := plain(letter).text):
            assert found == letter or not re.match(rf"\w|[{HAN}@#]", found), letter
    assert not re.match("[0-9A-Za-z]", "".join(filter(ordinary.match, map(chr, range(128)))))


@given(some.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), some.sampled_from(["", " ", "-", "\u200b", "."]))
def test_nothing_of_a_mobile_number_stays(number, gap):
    written = gap.join((number[:3], number[3:7], number[7:]))
    assert not re.search(r"\d", mask_numbers(f"漏水，打{written}，谢谢"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我住3号楼2单元501，电话13812345678", f"我住3号楼2单元{DOOR}，电话{NUMBER}"),
        ("鲁Q12345堵住了消防通道", "鲁Q12345堵住了消防通道"),
        ("501室漏到401室", "501室漏到401室"),
        ("我在北门等，东门没开", "我在北门等，东门没开"),
        ("我家东门，漏水", f"我家{DOOR}，漏水"),
        ("我住三楼东边", f"我住{DOOR}"),
        ("", ""),
    ],
)
def test_the_place_of_the_fault_stays_and_the_writers_own_door_goes(text, shown):
    assert mask_numbers(text) == shown
