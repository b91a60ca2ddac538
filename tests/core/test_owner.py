"""Two roles of the database: whoever is no application role is found out, and production migrates as nobody else."""

import json
from dataclasses import replace

import psycopg
import pytest
from psycopg import sql

from server.app import create_app
from server.core import health, owner
from server.core.db import db
from server.core.owner import NoOwner, owner_url
from server.seeing.facts import gather, host
from server.seeing.lights import ALARM, lights
from server.seeing.rules import stuck_span, wrong
from server.settings import Settings

APP = "postgresql://msb_app:x@db/msb"
OWNER = "postgresql://msb_owner:y@db/msb"


@pytest.mark.parametrize(
    "given", ["", APP, "postgresql://msb_app:other@elsewhere/msb", "postgresql://db/msb?user=msb_app"]
)
def test_production_changes_no_table_without_an_owner_of_its_own(given):
    with pytest.raises(NoOwner, match="DATABASE_OWNER_URL"):
        owner_url(Settings(mode="production", database_url=APP, database_owner_url=given))


def test_with_two_roles_the_owner_is_taken_and_a_demonstration_may_have_one():
    assert owner_url(Settings(mode="production", database_url=APP, database_owner_url=OWNER)) == OWNER
    assert owner_url(Settings(database_url=APP)) == APP


def test_db_upgrade_in_production_refuses_in_a_sentence(settings, caplog):
    app = create_app(replace(settings, mode="production", database_owner_url=""))
    done = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert (done.exit_code, owner.MISSING in caplog.text) == (1, True)
    for words in (["backup", "x"], ["keys", "status"]):
        done = app.test_cli_runner().invoke(args=words)
        assert (done.exit_code, owner.MISSING in done.output) == (1, True), words


@pytest.fixture(params=["the owner", "a role that bypasses"])
def unheld(request, settings, worker_name):
    """An application connected as a role that no lock holds."""
    name = f"bypassing_{worker_name}"
    with psycopg.connect(settings.database_owner_url, autocommit=True) as link:
        link.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
        link.execute(
            sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS IN ROLE mashangban_app").format(sql.Identifier(name))
        )
    url = settings.database_owner_url
    if request.param != "the owner":
        url = settings.database_url.replace("//mashangban_app:@", f"//{name}:@")
        assert name in url
    app = create_app(replace(settings, database_url=url))
    yield app
    with app.app_context():
        db.engine.dispose()
    with psycopg.connect(settings.database_owner_url, autocommit=True) as link:
        link.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_a_role_that_no_lock_holds_is_not_ready_is_told_and_is_no_clean_check(unheld, now):
    answer = unheld.test_client().get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, health.UNHELD)
    with unheld.app_context():
        facts = gather(unheld.extensions["settings"], now=now)
        db.session.remove()
    assert wrong(facts, stuck_after=stuck_span(10)).keys() >= {f"role:{host()}"}
    light = next(one for one in lights(facts, stuck_after=stuck_span(10)) if one.title == "数据库账号")
    assert (light.tone, bool(light.remedy)) == (ALARM, True)
    done = unheld.test_cli_runner().invoke(args=["check", "--json"])
    assert done.exit_code == 1
    assert json.loads(done.output.splitlines()[0])["held"] is False
    assert owner.UNHELD in done.output


def test_the_embedded_database_is_worked_on_as_a_role_that_is_held_and_asked_but_once(app):
    asked = []

    def ask(question):
        asked.append(question)
        return bool(db.session.execute(db.text(question)).scalar_one())

    locks = owner.Locks()
    assert [locks.hold(ask) for _ in range(3)] == [True] * 3
    assert len(asked) == 1


def test_rights_on_history_that_a_role_should_not_have_are_found_too(settings):
    with psycopg.connect(settings.database_owner_url) as link:
        link.execute("GRANT UPDATE ON audit TO mashangban_app")
        link.execute("SET LOCAL ROLE mashangban_app")
        assert link.execute(owner.HELD).fetchone() == (False,)
        link.rollback()


def test_before_there_are_tables_nothing_is_said(settings):
    with psycopg.connect(settings.database_url) as link:
        link.execute("SET search_path TO nowhere")
        nothing = owner.HELD.replace("public.", "nowhere.")
        assert link.execute(nothing).fetchone() == (True,)
