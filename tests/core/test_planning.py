"""Joins by hash for as long as the server has not counted a table, and by its own choice from then on."""

import psycopg
import pytest
from sqlalchemy import text

from server.core.db import db
from server.core.planning import hash_while_unknown


@pytest.fixture
def owner(settings):
    """The database's owner, who may count its tables."""
    with psycopg.connect(settings.database_owner_url, autocommit=True) as link:
        yield link


def chosen():
    return db.session.scalar(text("SHOW enable_nestloop"))


def test_a_table_that_nobody_counted_is_joined_by_hash(app, owner):
    owner.execute("ANALYZE report, push")
    owner.execute("SELECT pg_clear_relation_stats('public', 'push')")
    assert hash_while_unknown("report", "push")
    assert chosen() == "off"


def test_a_table_that_was_counted_is_left_to_the_server(app, owner):
    owner.execute("ANALYZE report, push")
    assert not hash_while_unknown("report", "push")
    assert chosen() == "on"


def test_it_ends_with_the_transaction(app, owner):
    owner.execute("SELECT pg_clear_relation_stats('public', 'report')")
    with db.session.begin_nested() as inside:
        assert hash_while_unknown("report")
        inside.rollback()
    assert chosen() == "on"
