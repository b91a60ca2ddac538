"""Migrations on tables in use: short waits, nothing that stops the traffic, and the last release lives on beside."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psycopg
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from server.core.db import sqlalchemy_url
from server.core.grants import lock_county, make_doors, unlocked
from server.core.migrating import BRIEFLY, TableBusy, add_index, patiently, remove_index
from tests.conftest import ROOT, copy_database
from tests.house.migration_sql import faults
from tests.house.released import Thing, breaks, present, released

DOORS = ROOT / "migrations" / "doors.sql"


@pytest.fixture(scope="module")
def live(cluster, template, worker_name):
    """A migrated database, and the addresses of its owner and of a process at work."""
    return copy_database(cluster, template, f"live_{worker_name}")


@pytest.fixture
def owner(live):
    engine = create_engine(sqlalchemy_url(live[0]))
    with engine.connect() as link:
        link.exec_driver_sql(BRIEFLY.replace("1s", "50ms"))
        link.commit()
        yield link
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("ALTER TABLE report ADD COLUMN mood text", ""),
        ("ALTER TABLE report ADD COLUMN mood text NOT NULL DEFAULT ''", ""),
        ("ALTER TABLE report ADD COLUMN mood text NOT NULL", "adding-required-field"),
        ("ALTER TABLE report ALTER COLUMN outcome SET NOT NULL", "adding-not-nullable-field"),
        ("ALTER TABLE report DROP COLUMN outcome", "ban-drop-column"),
        ("DROP TABLE hazard", "ban-drop-table"),
        ("ALTER TABLE report RENAME COLUMN outcome TO ending", "renaming-column"),
        ("ALTER TABLE report RENAME TO complaint", "renaming-table"),
        ("ALTER TABLE report ALTER COLUMN version TYPE bigint", "changing-column-type"),
        ("CREATE INDEX ix_mood ON report (kind)", "require-concurrent-index-creation"),
        ("DROP INDEX ix_report_county", "require-concurrent-index-deletion"),
        ("CREATE TABLE mood (id bigint); CREATE INDEX ix_mood ON mood (id)", ""),
        ("ALTER TABLE report ADD CONSTRAINT c CHECK (score < 6)", "constraint-missing-not-valid"),
        ("ALTER TABLE report ADD CONSTRAINT c CHECK (score < 6) NOT VALID", ""),
        ("ALTER TABLE report ADD CONSTRAINT u UNIQUE (no)", "disallowed-unique-constraint"),
    ],
)
def test_the_linter_refuses_what_stops_others(statement, rule):
    said = faults(f"-- Running upgrade 0001 -> 0002\n\n{statement};\n\nCOMMIT;\n")
    assert rule in said
    assert bool(said) == bool(rule), said


def test_what_the_last_release_reads_and_writes_is_all_there(settings):
    assert breaks(released(), present(settings.database_owner_url)) == []


BEFORE = {
    one.name: one for one in (Thing("a.x", "character varying(9)", False), Thing("f(text)", "text", False))
}


@pytest.mark.parametrize(
    ("after", "gone", "broken"),
    [
        (BEFORE, (), False),
        (BEFORE | {"a.y": Thing("a.y", "text", False)}, (), False),
        (BEFORE | {"b.y": Thing("b.y", "text", True)}, (), False),
        (BEFORE | {"a.y": Thing("a.y", "text", True)}, (), True),
        (BEFORE | {"a.x": Thing("a.x", "character varying(9)", True)}, (), True),
        (BEFORE | {"a.x": Thing("a.x", "character varying(12)", False)}, (), False),
        (BEFORE | {"a.x": Thing("a.x", "character varying(6)", False)}, (), True),
        (BEFORE | {"f(text)": Thing("f(text)", "bigint", False)}, (), True),
        ({"a.x": BEFORE["a.x"]}, (), True),
        ({"f(text)": BEFORE["f(text)"]}, ("a.x",), False),
    ],
)
def test_old_processes_are_asked_before_anything_goes(after, gone, broken):
    assert bool(breaks(BEFORE, after, gone)) == broken


def test_a_step_waits_for_its_table_briefly_and_comes_back(live, owner):
    tried = []
    with psycopg.connect(live[0]) as reader:
        reader.execute("SELECT count(*) FROM hazard")

        def step():
            tried.append(1)
            if len(tried) == 3:
                reader.rollback()
            owner.exec_driver_sql("ALTER TABLE hazard ADD COLUMN mood text")
            owner.rollback()

        patiently(owner, step, pause_seconds=0)
    assert len(tried) == 3


def test_a_step_whose_table_is_never_free_gives_up_and_leaves_nothing(live, owner):
    def step():
        owner.exec_driver_sql("CREATE TABLE half_done ()")
        owner.exec_driver_sql("ALTER TABLE hazard ADD COLUMN mood text")

    with psycopg.connect(live[0]) as reader:
        reader.execute("SELECT count(*) FROM hazard")
        with pytest.raises(TableBusy, match="db upgrade"):
            patiently(owner, step, attempts=2, pause_seconds=0)
        assert reader.execute("SELECT to_regclass('half_done')").fetchone() == (None,)


def test_any_other_fault_is_no_matter_of_patience(owner):
    tried = []

    def step():
        tried.append(1)
        owner.exec_driver_sql("SET LOCAL statement_timeout = 10")
        owner.exec_driver_sql("SELECT pg_sleep(9)")

    with pytest.raises(OperationalError):
        patiently(owner, step, pause_seconds=0)
    assert tried == [1]


def test_an_index_is_built_beside_a_writer_and_after_a_failed_attempt(live, owner):
    owner.exec_driver_sql("CREATE INDEX ix_try ON hazard (person)")
    owner.exec_driver_sql("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_try'::regclass")
    owner.commit()
    context = MigrationContext.configure(owner, opts={"transaction_per_migration": True})
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_try')"
    with psycopg.connect(live[0]) as writer, Operations.context(context):
        writer.execute("LOCK TABLE estate IN ROW EXCLUSIVE MODE")
        with context.begin_transaction(_per_migration=True):
            add_index("ix_try", "hazard", ["step", "id"], where="person <> ''")
        assert owner.exec_driver_sql(valid).scalar_one() is True
        owner.commit()
        with context.begin_transaction(_per_migration=True):
            remove_index("ix_try", "hazard")
    assert owner.exec_driver_sql(valid).scalar() is None


def test_an_upgrade_leaves_tables_alone_that_are_kept_apart_already(owner):
    assert unlocked(owner) == []
    owner.exec_driver_sql("CREATE TABLE mood (county_id text)")
    assert unlocked(owner) == ["mood"]
    lock_county(owner, "mood")
    assert unlocked(owner) == []
    owner.rollback()


def test_processes_at_work_pass_the_doors_while_they_are_made_anew(live, owner):
    """What a login asks for by name, prepared by the driver, again and again while upgrades run."""
    ask = "SELECT counties, person_id, role FROM who_holds('nobody', now())"
    place = "SELECT counties, estate_id, has_committee FROM place_of_code('none')"
    ended, passed = Event(), []

    def walk():
        with psycopg.connect(live[1], autocommit=True, prepare_threshold=1) as link:
            while not ended.is_set():
                link.execute(ask)
                link.execute(place)
                passed.append(1)

    def upgrade():
        for _ in range(30):
            make_doors(owner, psycopg.conninfo.conninfo_to_dict(live[1]).get("user"), Path(DOORS))
            owner.commit()

    with ThreadPoolExecutor(2) as pool:
        walking = pool.submit(walk)
        try:
            upgrade()
        finally:
            ended.set()
        walking.result()
    assert len(passed) > 1


def test_a_door_that_would_give_other_columns_is_refused(owner, tmp_path):
    changed = tmp_path / "doors.sql"
    changed.write_text(
        DOORS.read_text().replace("seen_at timestamptz, person_name", "seen_at text, person_name")
    )
    with pytest.raises(Exception, match="cannot change return type"):
        make_doors(owner, None, changed)
    owner.rollback()
