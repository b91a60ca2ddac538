"""Nothing that the company can get carries the number of a row, or an instant finer than a minute, plain or in base 64 (A4)."""

import base64
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from server.core import clock
from server.core.db import db
from tests.conftest import NOON
from tests.escalation.cases import filed
from tests.security.test_identity import COMPANY, QUERIES, addresses, crawl, planted  # noqa: F401

ODD = NOON + timedelta(seconds=37, microseconds=123456)
FIRST, APART = 73_100_000_000, 100_000
OWN = frozenset({"session", "address", "person"})
"""Numbers of one's own: where one is logged in, how one is told, and for whom a photo's address is signed."""
ASKED = "/my/data.json"
"""It says when it was asked for."""
ROW, TOKEN = re.compile(rb"(?<!\d)731\d{8}(?!\d)"), re.compile(rb"[A-Za-z0-9_-]{12,}")
FINE = re.compile(rb"\d\d:\d\d:37(?!\d)|\.123456")
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"


@pytest.fixture
def numbered(app):
    """New rows of every table have numbers that can be told from anything else; gives which are whose."""
    names = list(db.session.scalars(text(SEQUENCES)))
    before = {
        name: db.session.execute(text(f"SELECT last_value, is_called FROM {name}")).one() for name in names
    }
    for place, name in enumerate(names):
        db.session.execute(text(f"SELECT setval('{name}', {FIRST + APART * place})"))
    yield names
    db.session.rollback()
    for name, (last, called) in before.items():
        db.session.execute(text(f"SELECT setval('{name}', {last}, {called})"))


@pytest.fixture
def lived(numbered, now, request):
    """Two reports that went through everything within a minute (`planted`)."""
    with clock.stopped(ODD):
        yield request.getfixturevalue("planted")


def told(body):
    """What came back, with everything that base 64 hides."""
    yield body
    for token in TOKEN.findall(body):
        for begun in (token[cut:] + b"AAA" for cut in range(4)):
            whole = begun[: len(begun) // 4 * 4]
            yield base64.urlsafe_b64decode(whole)


def tables(names, body):
    """The tables whose numbers show."""
    found = {int(one) for part in told(body) for one in ROW.findall(part)}
    return {names[(one - FIRST) // APART].removesuffix("_id_seq") for one in found} - OWN


@pytest.mark.parametrize("name", COMPANY)
def test_no_answer_to_the_company_carries_a_rows_number_or_a_second(client, world, lived, numbered, name):
    browser, bearer = world.login(client.application.test_client(), name), world.bearer(name)
    filed(world, key="another".ljust(32, "k"), now=ODD)
    start = [*addresses(client.application, world, lived["numbers"])]
    lists = [f"{path}{query}" for path in ("/m/", "/api/v1/reports") for query in QUERIES]
    deep = ["/api/v1/reports?tab=new&limit=1", "/api/v1/reports?limit=1"]
    start += lists + deep
    seen = {at: body for at, body in crawl(browser, start, bearer).items() if b"JFIF" not in body}
    assert all(re.search(rb'"next": ?"', seen[address]) for address in deep)
    assert {at: found for at, body in seen.items() if (found := tables(numbered, body))} == {}
    fine = {at for at, body in seen.items() if any(FINE.search(part) for part in told(body))}
    assert fine <= {ASKED}
