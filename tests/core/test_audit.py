"""The audit chain: one a county, append-only, whoever writes at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from server.app import create_app
from server.core import audit
from server.core.audit import BEGINNING, Audit
from server.core.db import db
from server.core.grants import APPEND_ONLY
from server.settings import Settings
from tests.conftest import NOON, copy_database

YS, MY = "371323", "371324"


def chain(county):
    """The rows of a county's chain, first to last."""
    return db.session.scalars(select(Audit).where(Audit.county_id == county).order_by(Audit.seq)).all()


def test_rows_are_numbered_and_chained_in_their_own_county(app):
    for county in (YS, MY, YS):
        audit.record(county, "identity.reveal", person_id=7, about="report:YS1", reason="回访", now=NOON)
    first, second = chain(YS)
    assert (first.seq, first.prev_hash, second.seq) == (1, BEGINNING, 2)
    assert second.prev_hash == first.hash != second.hash
    assert [row.seq for row in chain(MY)] == [1]
    assert audit.head(YS) == (2, second.hash)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET county_id = county_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_the_application_may_not_change_history(app, table, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
        db.session.execute(text(statement.format(table)))


def test_writers_at_the_same_time_keep_one_chain(cluster, template, worker_name, tmp_path):
    owner, application = copy_database(cluster, template, f"chain_{worker_name}")
    app = create_app(Settings(database_url=application, database_owner_url=owner, var_dir=str(tmp_path)))

    def write(number):
        with app.app_context():
            audit.record(YS, "test.act", person_id=number, about="thing", now=NOON)
            db.session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with app.app_context():
        rows = chain(YS)
        db.session.remove()
        db.engine.dispose()
    assert [row.seq for row in rows] == list(range(1, 41))
    assert [row.prev_hash for row in rows] == [BEGINNING, *[row.hash for row in rows[:-1]]]
    assert {row.person_id for row in rows} == set(range(40))
