"""The small pieces that everything leans on."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from server.core import clock, limits
from server.core.crypto import Unreadable, Vault
from server.core.errors import TooMany
from server.core.logs import JsonLines, redact
from server.core.masks import masked, phone_digits
from server.core.text import Text, clean
from server.core.tokens import fingerprint, new_token, plausible

OLD, NEW = ("k1", b"a" * 32), ("k2", b"b" * 32)
ROOT = b"r" * 32
AT = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


@given(st.text(max_size=200))
def test_what_is_sealed_opens_to_the_same_text_and_never_looks_alike(text):
    vault = Vault((OLD,), ROOT)
    one, two = vault.seal(text), vault.seal(text)
    assert vault.open(one) == text
    assert one != two


def test_an_old_key_still_opens_and_finds_when_keys_rotate():
    before, after = Vault((OLD,), ROOT), Vault((NEW, OLD), ROOT)
    assert after.open(before.seal("13800000000")) == "13800000000"
    assert after.blinds("x", purpose="p") == [after.blind("x", purpose="p"), before.blind("x", purpose="p")]
    assert after.blind("x", purpose="p") not in {
        before.blind("x", purpose="p"),
        after.blind("x", purpose="q"),
    }
    assert after.lasting("x", purpose="p") == before.lasting("x", purpose="p")


def _last_byte_turned(seal: str) -> str:
    return seal[:-2] + f"{int(seal[-2:], 16) ^ 0xFF:02x}"


@pytest.mark.parametrize("damage", [_last_byte_turned, lambda s: "k9" + s[2:]])
def test_an_altered_seal_does_not_open(damage):
    vault = Vault((OLD,), ROOT)
    with pytest.raises(Unreadable):
        vault.open(damage(vault.seal("13800000000")))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800000000", "13800000000"),
        (" 138 0000 0000 ", "13800000000"),
        ("138-0000-0000", "13800000000"),
        ("+86 13800000000", "13800000000"),
        ("008613800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("0539-2000001", "0539-2000001"),
        ("（0539）2000001", "05392000001"),
        ("12800000000", None),
        ("138000000", None),
        ("电话", None),
        ("", None),
    ],
)
def test_phone_numbers_are_taken_in_as_people_write_them(typed, number):
    assert phone_digits(typed) == number


def test_a_masked_number_shows_that_it_is_there_and_no_more():
    assert masked("13812345678") == "138****5678"
    assert masked("12345") == "****45"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  漏水了 \r\n很大 ", "漏水了 \n很大"),
        ("a\u202eb\u2066c", "abc"),
        ("e\u0301", "é"),
        ("🔥👨‍👩‍👧", "🔥👨‍👩‍👧"),
    ],
)
def test_text_is_kept_without_tricks(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800", "\x1b[31m", "\x7f"])
def test_control_characters_are_refused(bad):
    with pytest.raises(ValueError, match="control"):
        clean(bad)


def test_a_text_field_says_how_long_it_may_be_and_how_long_it_is():
    class Form(Schema):
        words = Text(most=3, least=1)

    with pytest.raises(ValidationError) as caught:
        Form().load({"words": "一二三四"})
    assert "最多 3 个字，现在是 4 个字" in caught.value.messages["words"][0]
    with pytest.raises(ValidationError):
        Form().load({"words": "   "})


def test_tokens_are_long_random_and_kept_as_fingerprints():
    one, two = new_token(), new_token()
    assert one != two
    assert plausible(one)
    assert len(fingerprint(one)) == 64
    assert not plausible("short")


@pytest.mark.parametrize(
    "secret",
    ["access_token=abc123", "secret=abc123", "js_code=abc123", "?code=abc123&x=1", "key=abc123"],
)
def test_logs_hold_no_secret_and_no_whole_number(secret):
    line = redact(f"GET https://api/x?{secret} for 13812345678")
    assert "abc123" not in line
    assert "13812345678" not in line


def test_nobody_forges_a_second_log_line():
    record = logging.LogRecord("x", logging.INFO, "", 0, 'one\n{"level": "forged"}', (), None)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"].startswith("one\n")


def test_a_limit_counts_each_sender_and_each_window_for_itself(app):
    def hit(who, at):
        limits.hit("try", who, most=2, window=timedelta(minutes=15), sentence="稍后再试", now=at)

    hit("a", AT)
    hit("a", AT)
    hit("b", AT)
    with pytest.raises(TooMany) as caught:
        hit("a", AT + timedelta(minutes=1))
    assert 0 < caught.value.more["retry_after"] <= 15 * 60
    hit("a", AT + timedelta(minutes=15))
    assert limits.forget(AT + timedelta(days=3)) == 3


def test_the_clock_stands_where_a_test_puts_it_and_days_are_shanghai_days():
    with clock.stopped(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)):
        assert clock.today(clock.now()).isoformat() == "2027-01-01"
