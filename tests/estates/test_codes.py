"""Scan codes: what is printed can be typed back by anybody, and nothing else can."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.estates.codes import ALPHABET, new_code, normalise, printed, url

made = st.binary(min_size=8, max_size=8).map(lambda data: new_code(lambda _: data))


def shaken(code, *, seed):
    """The code as a tired person may type it: any case, the mistakable letters, hyphens and spaces anywhere."""
    wrong = {"0": "0Oo", "1": "1IiLl"}
    letters = [secrets.SystemRandom().choice(wrong.get(one, one + one.lower())) for one in code]
    fill = ["", "-", " ", "－", "—"]
    return "".join(one + fill[(seed + place) % 5] for place, one in enumerate(letters))


@given(made)
def test_a_code_is_twelve_letters_of_crockford_s_alphabet(code):
    assert len(code) == 12
    assert set(code) <= set(ALPHABET)
    assert not set("ILOU") & set(code)


@given(made, st.integers(0, 4))
def test_a_code_is_known_however_it_is_typed(code, seed):
    assert normalise(code) == normalise(printed(code)) == code
    assert normalise(f"  {shaken(code, seed=seed)}\n") == code


@given(st.text(max_size=30))
def test_any_text_is_a_code_or_is_not_but_never_breaks(text):
    found = normalise(text)
    assert found is None or normalise(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0123456789A",
        "0123456789ABC",
        "0123456789AU",
        "0123456789A!",
        "沂水县示例花园小区一二三四",
        "0123/4567/89AB",
        "e" * 5000,
    ],
)
def test_what_is_no_code_is_none(text):
    assert normalise(text) is None


def test_full_width_letters_are_understood():
    assert normalise("０１２３－４５６７－８９ａｂ") == "0123456789AB"


def test_all_sixty_bits_are_used_and_no_more():
    every = {new_code(lambda _, bit=bit: (1 << bit).to_bytes(8)) for bit in range(64)}
    assert len(every) == 61  # sixty codes of one bit each, and nought for the four bits left over


def test_a_code_is_printed_in_three_groups_and_lives_under_e():
    assert printed("0123456789AB") == "0123-4567-89AB"
    assert url("https://wy.example.gov.cn/", "0123456789AB") == "https://wy.example.gov.cn/e/0123456789AB"
