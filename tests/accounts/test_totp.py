"""Codes by RFC 6238: its own vectors, the drift, and each step once."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.accounts import totp

RFC = base64.b32encode(b"12345678901234567890").decode()
SECONDS = 1_763_431_200


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds, code):
    assert totp.code_at(RFC, seconds, digits=8) == code
    assert totp.code_at(RFC, seconds) == code[2:]


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_one_step_off(steps, works):
    code = totp.code_at(RFC, SECONDS + steps * totp.SECONDS)
    found = totp.step_of(RFC, code, seconds=SECONDS, after=None)
    assert found == (SECONDS // totp.SECONDS + steps if works else None)


@given(st.integers(min_value=60, max_value=2**33), st.sampled_from(totp.DRIFT))
def test_no_step_up_to_the_last_one_is_taken_again(seconds, shift):
    step = seconds // totp.SECONDS + shift
    code = totp.code_at(RFC, step * totp.SECONDS)
    found = totp.step_of(RFC, code, seconds=seconds, after=seconds // totp.SECONDS + max(totp.DRIFT))
    assert found is None


def test_the_address_is_one_that_authenticators_know():
    assert totp.address("ABCD", "ys.bureau").startswith(
        "otpauth://totp/%E7%A0%81%E4%B8%8A%E5%8A%9E%3Ays.bureau?secret=ABCD&"
    )
    assert totp.in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"
