"""Cursors: they say the same when they come back, tell nobody anything, and cannot be made or changed (A4)."""

import base64
import json
from contextlib import contextmanager
from datetime import UTC, datetime
from timeit import timeit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from server.core import paging
from server.core.crypto import Unreadable, Vault
from server.core.errors import Invalid

OLD, NEW = ("k1", b"a" * 32), ("k2", b"b" * 32)
AT = datetime(2026, 11, 18, 2, 0, 7, 123456, tzinfo=UTC)
KINDS = (datetime.fromisoformat, int)
numbers = st.integers(-(2**62), 2**62)
names = st.text(st.characters(codec="utf-8"), max_size=80)


@contextmanager
def keyed(*keys):
    """An application with these keys, the newest first."""
    app = Flask(__name__)
    app.extensions["vault"] = Vault(keys, b"r" * 32)
    with app.app_context():
        yield


def raw(cursor):
    """What anybody can see of a cursor."""
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


@given(st.datetimes(timezones=st.just(UTC)), numbers, names)
def test_a_cursor_says_the_same_when_it_comes_back(at, number, name):
    with keyed(OLD):
        assert paging.decode(paging.encode((at, number)), KINDS) == [at, number]
        assert paging.decode(paging.encode((name, number)), (str, int)) == [name, number]


@given(st.datetimes(timezones=st.just(UTC)), st.integers(1000, 10**11 - 1))
def test_a_cursor_tells_neither_instant_nor_number(at, number):
    with keyed(OLD):
        cursor, other = paging.encode((at, number)), paging.encode((AT, 7))
    told = cursor.encode() + raw(cursor)
    for part in (f"{at:%H:%M:%S}", f"{at:%Y-%m-%d}", str(number), at.isoformat()):
        assert part.encode() not in told
    assert len(cursor) == len(other) <= 90


@given(st.text(max_size=120))
def test_a_cursor_that_is_none_of_ours_is_refused_politely(text):
    with keyed(OLD):
        if text:
            with pytest.raises(Invalid):
                paging.decode(text, KINDS)
        else:
            assert paging.decode(text, KINDS) is None


def test_no_character_of_a_cursor_can_be_changed_added_or_left_out():
    with keyed(OLD):
        cursor = paging.encode((AT, 7))
        for at, one in enumerate(cursor):
            for other in "Aa0-_+= ":
                if other != one:
                    with pytest.raises(Invalid):
                        paging.decode(cursor[:at] + other + cursor[at + 1 :], KINDS)
        for changed in (cursor + "=", cursor + "A", cursor[:-1], cursor[1:], cursor + "\n", cursor * 2):
            with pytest.raises(Invalid):
                paging.decode(changed, KINDS)


def test_what_could_be_read_before_is_no_cursor():
    plain = json.dumps([AT.isoformat(), 7]).encode()
    with keyed(OLD), pytest.raises(Invalid):
        paging.decode(base64.urlsafe_b64encode(plain).decode().rstrip("="), KINDS)


@pytest.mark.parametrize("other", [(), (int,), (int, int), (str, int, int)])
def test_another_lists_cursor_is_refused(other):
    with keyed(OLD), pytest.raises(Invalid):
        paging.decode(paging.encode((AT, 7)), other)


def test_cursors_outlive_a_change_of_keys_as_long_as_the_old_one_is_there():
    with keyed(OLD):
        cursor = paging.encode((AT, 7))
    with keyed(NEW, OLD):
        assert paging.decode(cursor, KINDS) == [AT, 7]
        assert paging.encode((AT, 7)) != cursor
    with keyed(NEW), pytest.raises(Invalid):
        paging.decode(cursor, KINDS)


def test_the_same_row_gives_the_same_cursor_so_that_pages_stay_the_same():
    with keyed(OLD):
        assert paging.encode((AT, 7)) == paging.encode((AT, 7))


def test_what_is_wrapped_for_one_purpose_is_nothing_for_another():
    vault = Vault((OLD,), b"r" * 32)
    assert vault.unwrap(vault.wrap(b"x", purpose="one"), purpose="one") == b"x"
    with pytest.raises(Unreadable):
        vault.unwrap(vault.wrap(b"x", purpose="one"), purpose="two")


def test_a_cursor_costs_microseconds():
    with keyed(NEW, OLD):
        cursor = paging.encode((AT, 7))
        assert timeit(lambda: paging.decode(cursor, KINDS), number=200) / 200 < 0.001
        assert timeit(lambda: paging.encode((AT, 7)), number=200) / 200 < 0.001
