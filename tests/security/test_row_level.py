"""PostgreSQL itself hides other counties' rows from the application's role, whatever a query forgets (A2)."""

from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from psycopg.types.json import Jsonb

from server.core.db import NATIONAL, Base

YISHUI, SHANTING = "371323", "370406"
TABLES = sorted(table.name for table in Base.metadata.sorted_tables if "county_id" in table.columns)
LOCKED = """
SELECT c.relname, c.relrowsecurity, p.polname IS NOT NULL, pg_get_userbyid(c.relowner) = %(role)s
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'county_id' AND NOT a.attisdropped
LEFT JOIN pg_policy p ON p.polrelid = c.oid
WHERE c.relkind IN ('r', 'p')
"""


@pytest.fixture(scope="module")
def urls(played):
    """The addresses of owner and application."""
    settings = played.app.extensions["settings"]
    return settings.database_owner_url, settings.database_url


@contextmanager
def working_in(url, counties=None):
    """A transaction with these counties open; nothing of it stays."""
    with psycopg.connect(url) as link:
        if counties is not None:
            link.execute("SELECT set_config('app.county', %s, true)", (counties,))
        yield link
        link.rollback()


def counted(link, table, condition="true", values=()):
    query = sql.SQL("SELECT count(*) FROM {} WHERE " + condition).format(sql.Identifier(table))
    return link.execute(query, values).fetchone()[0]


def test_every_table_with_a_county_is_locked(urls):
    with working_in(urls[1]) as link:
        role = link.execute("SELECT current_user").fetchone()[0]
        found = link.execute(LOCKED, {"role": role}).fetchall()
    assert {name for name, *_ in found} >= set(TABLES)
    assert [name for name, locked, policy, _ in found if not (locked and policy)] == []
    assert [name for name, _, _, owned in found if owned] == []


def test_the_applications_role_cannot_step_over_the_lock(urls):
    with working_in(urls[1]) as link:
        powers = "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert link.execute(powers).fetchone() == (False, False, False)
        for word in ("ALTER TABLE report DISABLE ROW LEVEL SECURITY", "DROP POLICY county ON report"):
            with pytest.raises(InsufficientPrivilege), link.transaction():
                link.execute(word)


@pytest.mark.parametrize("table", TABLES)
def test_another_countys_rows_are_not_there(urls, table):
    foreign = ("county_id NOT IN (%s, %s)", (YISHUI, NATIONAL))
    with working_in(urls[1], YISHUI) as link, working_in(urls[0]) as owner:
        assert counted(link, table, *foreign) == 0
        own = ("county_id IN (%s, %s)", (YISHUI, NATIONAL))
        assert counted(link, table) == counted(owner, table, *own)


@pytest.mark.parametrize("table", TABLES)
def test_with_no_county_only_the_whole_countrys_rows_are_there(urls, table):
    with working_in(urls[1]) as link, working_in(urls[0]) as owner:
        assert counted(link, table) == counted(owner, table, "county_id = %s", (NATIONAL,))
    with working_in(urls[1], "") as link:
        assert counted(link, table, "county_id <> %s", (NATIONAL,)) == 0


def test_the_scene_has_foreign_rows_to_hide(urls):
    with working_in(urls[0]) as owner:
        filled = [table for table in TABLES if counted(owner, table, "county_id = %s", (SHANTING,))]
    assert {"report", "report_event", "person", "estate", "push", "inbox", "session", "disclosure"} <= set(
        filled
    )


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_written_into_another_county(urls, table):
    with working_in(urls[0]) as owner:
        query = sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE county_id = %s LIMIT 1").format(
            sql.Identifier(table)
        )
        found = owner.execute(query, (SHANTING,)).fetchone() or owner.execute(query, (YISHUI,)).fetchone()
    row = (found[0] if found else {}) | {"county_id": SHANTING}
    write = sql.SQL("INSERT INTO {0} SELECT (jsonb_populate_record(NULL::{0}, %s)).*").format(
        sql.Identifier(table)
    )
    with (
        working_in(urls[1], YISHUI) as link,
        pytest.raises(InsufficientPrivilege, match=r"row-level security|permission denied"),
    ):
        link.execute(write, (Jsonb(row),))


@pytest.mark.parametrize("table", TABLES)
def test_no_foreign_row_is_changed_or_deleted_or_moved(urls, table):
    name = sql.Identifier(table)
    touch = sql.SQL("UPDATE {} SET county_id = county_id WHERE county_id = %s").format(name)
    drop = sql.SQL("DELETE FROM {} WHERE county_id = %s").format(name)
    move = sql.SQL("UPDATE {} SET county_id = %s WHERE county_id = %s").format(name)
    with working_in(urls[1], YISHUI) as link:
        for statement in (touch, drop):
            assert changed(link, statement, (SHANTING,)) == 0
        if counted(link, table, "county_id = %s", (YISHUI,)):
            assert changed(link, move, (SHANTING, YISHUI)) == 0


def changed(link, statement, values):
    """How many rows a statement changed; none where it is refused."""
    try:
        with link.transaction():
            return link.execute(statement, values).rowcount
    except InsufficientPrivilege:
        return 0


def test_a_name_that_looks_like_a_county_opens_nothing(urls):
    for odd in ("%", "37040", "0", "','", "null", "370405,370407"):
        with working_in(urls[1], odd) as link:
            assert counted(link, "report", "county_id = %s", (SHANTING,)) == 0, odd


def test_a_calls_county_is_its_callers_own(stage):
    """Asked behind the first lock: a foreign row is not there even for a query without any condition."""
    with stage.app.test_request_context("/b/", headers=stage.headers("/b/", "bureau")):
        from server.accounts.guards import actor
        from server.core.counties import seen

        assert actor().county_id == YISHUI
        assert seen() == YISHUI
