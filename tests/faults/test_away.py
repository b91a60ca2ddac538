"""A database that is away, that breaks off, or that comes back: unavailable is 503 with Retry-After, never 500."""

from contextlib import suppress

import psycopg
import pytest
from sqlalchemy.engine import make_url

from server.app import create_app
from server.core.db import db
from server.settings import Settings
from tests.conftest import copy_database

NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"
"""The discard port, on which nothing listens."""
CODE = "AB23EFGH7K4M"
REPORT = {"place": CODE, "kind": "pipe.leak", "text": "漏水", "where": {}}
READERS = {"page": {"Accept": "text/html"}, "program": {"Accept": "application/json"}}


def addresses(app):
    """Every address of the application that can be asked for, its holes filled with something."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and not rule.rule.startswith("/_sandbox"):
                with suppress(KeyError):
                    yield app.url_for(rule.endpoint, **{name: filling(rule, name) for name in rule.arguments})


def filling(rule, name):
    return 1 if type(rule._converters[name]).__name__ == "Id" else CODE


@pytest.mark.parametrize("headers", READERS.values(), ids=READERS)
def test_without_a_database_every_page_and_call_is_unavailable_and_says_when_to_come_back(headers):
    app = create_app(Settings(database_url=NOWHERE, public_base_url="http://localhost"))
    client, seen = app.test_client(), {}
    client.set_cookie("session", "s" * 43)
    for address in addresses(app):
        answer = client.get(address, headers=headers)
        seen[address] = answer.status_code, "Retry-After" in answer.headers
    filed = client.post("/api/v1/reports", json=REPORT, headers=headers | {"Idempotency-Key": "k" * 32})
    seen["filing"] = filed.status_code, "Retry-After" in filed.headers
    assert not {one: how for one, how in seen.items() if how[0] >= 500 and how != (503, True)}
    assert {one for one, how in seen.items() if how == (503, True)} >= {"filing", "/readyz", f"/e/{CODE}"}


def cut(cluster, app):
    """End every connection of the application, as a restart of the server does."""
    name = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database
    with psycopg.connect(cluster.get_uri(), autocommit=True) as link:
        link.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


def test_a_cut_connection_is_one_503_and_the_next_answer_is_as_ever(cluster, template, worker_name):
    owner, url = copy_database(cluster, template, f"away_{worker_name}")
    app = create_app(Settings(database_url=url, database_owner_url=owner, public_base_url="http://localhost"))
    client, headers = app.test_client(), {"Authorization": "Bearer " + "t" * 43}
    for path in (f"/api/v1/places/{CODE}", f"/e/{CODE}", "/api/v1/feed"):
        before = client.get(path, headers=headers).status_code
        cut(cluster, app)
        answer = client.get(path, headers=headers)
        assert (path, answer.status_code, "Retry-After" in answer.headers) == (path, 503, True)
        assert (path, client.get(path, headers=headers).status_code) == (path, before)
    with app.app_context():
        db.engine.dispose()
