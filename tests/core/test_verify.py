"""Whoever changes history under the application's feet is found out; as the owner of the tables, who may."""

from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine

from server.accounts.models import StaffChange
from server.app import create_app
from server.core import audit, clock, verify
from server.core.db import db, sqlalchemy_url
from server.core.seals import SETTLED, Seal, seal
from server.settings import Settings
from tests.conftest import NOON, copy_database

YS, MY = "371323", "371324"
LATER = NOON + SETTLED + timedelta(minutes=1)


def history(rows, *, now):
    """So many changes to staff, written down."""
    for number in range(rows):
        change = {"at": now, "by_person_id": None, "act": "added", "detail": f"第 {number} 行"}
        db.session.add(StaffChange(county_id=YS, person_id=number, **change))
    db.session.commit()


@pytest.fixture(scope="module")
def made(cluster, template, worker_name, tmp_path_factory):
    """A database of its own with two sealed chains of five acts and a sealed history; owner and application."""
    owner, application = copy_database(cluster, template, f"audit_{worker_name}")
    folder = tmp_path_factory.mktemp("audit")
    app = create_app(Settings(database_url=application, database_owner_url=owner, var_dir=str(folder)))
    with app.app_context():
        for number in range(10):
            county = (YS, MY)[number % 2]
            audit.record(county, "test.act", person_id=number, about="thing", reason="为了测试", now=NOON)
        history(6, now=NOON)
        for at in (NOON, LATER):
            seal(at)
            db.session.commit()
        yield owner, app
        db.session.remove()
        db.engine.dispose()


def sabotaged(made, *statements):
    """Every fault that is found after the owner has done this, which is undone again."""
    owner, app = made
    engine = create_engine(sqlalchemy_url(owner), poolclass=NullPool)
    with engine.connect() as link, app.app_context():
        for statement in statements:
            link.exec_driver_sql(statement)
        db.engines[None], kept = link, db.engine
        try:
            chains = [fault for code in verify.counties() for fault in verify.chain(code).faults]
            return chains + verify.histories()
        finally:
            db.session.remove()
            db.engines[None] = kept
            link.rollback()


def test_an_untouched_history_verifies(made):
    assert sabotaged(made) == []


ROW = f"FROM audit WHERE county_id = '{YS}' AND seq ="
CASES = {
    "a changed reason": (
        f"UPDATE audit SET reason = '别的' WHERE county_id = '{YS}' AND seq = 2",
        "第 2 条被改过",
    ),
    "a changed person": (
        f"UPDATE audit SET person_id = 99 WHERE county_id = '{YS}' AND seq = 5",
        "第 5 条被改过",
    ),
    "a changed fact": (
        f"UPDATE audit SET facts = '{{\"a\":\"b\"}}' WHERE county_id = '{YS}' AND seq = 1",
        "第 1 条被改过",
    ),
    "a row gone from the middle": (f"DELETE {ROW} 3", "第 3 条不见了"),
    "two rows gone": (f"DELETE FROM audit WHERE county_id = '{YS}' AND seq IN (2, 3)", "第 2 到 3 条不见了"),
    "the first gone": (f"DELETE {ROW} 1", "第 1 条不见了"),
    "the last gone": (f"DELETE {ROW} 5", "第 5 条不见了"),
    "the whole chain gone": (f"DELETE FROM audit WHERE county_id = '{YS}'", "第 1 到 5 条不见了"),
    "the last rewritten with its own hash": (
        f"UPDATE audit SET hash = repeat('a', 64) WHERE county_id = '{YS}' AND seq = 5",
        "第 5 条被换过",
    ),
    "a row put into another county": (
        f"UPDATE audit SET county_id = '999999' WHERE county_id = '{YS}' AND seq = 4",
        "第 4 条不见了",
    ),
    "a changed event": ("UPDATE staff_change SET detail = '没有的事' WHERE person_id = 3", "有行被改过"),
    "an event gone": ("DELETE FROM staff_change WHERE person_id = 3", "原有 6 行，现在 5 行"),
    "a seal gone": (
        "DELETE FROM audit_seal WHERE id = (SELECT min(id) FROM audit_seal WHERE of = 'staff_change')",
        "staff_change 的封存",
    ),
    "a changed seal": (
        f"UPDATE audit_seal SET digest = repeat('a', 64) WHERE of = 'audit' AND county_id = '{YS}'",
        "的封存",
    ),
}


@pytest.mark.parametrize(("statement", "words"), CASES.values(), ids=CASES.keys())
def test_what_was_changed_is_named(made, statement, words):
    faults = sabotaged(made, statement)
    assert any(words in fault for fault in faults), faults
    assert all(MY not in fault for fault in faults)


def test_a_forged_row_with_a_hash_of_its_own_does_not_fit_the_next(made):
    app = made[1]
    with app.app_context():
        row = db.session.scalar(
            db.select(audit.Audit).where(audit.Audit.county_id == YS, audit.Audit.seq == 3)
        )
        content = {name: getattr(row, name) for name in verify.CONTENT} | {"reason": "别的"}
        own = audit.fingerprint(content, prev=row.prev_hash)
    forged = f"UPDATE audit SET reason = '别的', hash = '{own}' WHERE id = {row.id}"
    assert any("第 4 条接不上" in fault for fault in sabotaged(made, forged))


def test_the_command_prints_the_heads_and_fails_on_a_change(made):
    owner, app = made
    verified = app.test_cli_runner().invoke(args=["audit", "verify"])
    with app.app_context():
        assert audit.head(YS)[1] in verified.output
    assert (verified.exit_code, "没有发现改动" in verified.output) == (0, True)
    with psycopg.connect(owner, autocommit=True) as link:
        link.execute("UPDATE staff_change SET act = 'x' WHERE person_id = 2")
        spoilt = app.test_cli_runner().invoke(args=["audit", "verify", "--county", YS])
        link.execute("UPDATE staff_change SET act = 'added' WHERE person_id = 2")
    assert (spoilt.exit_code, "staff_change 编号 1 到 6" in spoilt.output) == (1, True)
    assert app.test_cli_runner().invoke(args=["audit", "verify", "--county", "99"]).exit_code == 2


def test_a_number_is_sealed_only_when_it_is_settled(app):
    history(3, now=NOON)
    for minutes, upto in ((0, 0), (20, 0), (31, 3), (40, 3)):
        assert seal(NOON + timedelta(minutes=minutes)) == 0
        first = db.session.scalar(db.select(db.func.min(StaffChange.id)))
        assert verify.covered("staff_change") == (first + upto - 1 if upto else 0)
    assert verify.histories() == []


def test_sealing_again_writes_nothing_when_nothing_came(app):
    audit.record(YS, "test.act", person_id=1, about="thing", now=NOON)
    seal(NOON)
    count = db.session.scalar(db.select(db.func.count()).select_from(Seal))
    seal(clock.now())
    assert db.session.scalar(db.select(db.func.count()).select_from(Seal)) == count
