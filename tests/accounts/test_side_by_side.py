"""Guesses at the same instant: the database counts them one by one, and one code lets one in."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from server.accounts.login import TRIES
from server.accounts.models import LoginFailure, Person
from server.accounts.passwords import hash_password
from server.app import create_app
from server.core import clock
from server.core.db import db
from server.settings import Settings
from tests.accounts.phone import code_of, enrolled
from tests.conftest import copy_database
from tests.world import build

PASSWORD, ME, AT_ONCE = "correct horse battery", "ys.bureau", 8


@pytest.fixture
def committed(cluster, template, worker_name, tmp_path):
    """An application whose database keeps what is committed, with a small world and one second factor."""
    owner, application = copy_database(cluster, template, f"login_{worker_name}")
    app = create_app(
        Settings(
            database_url=application,
            database_owner_url=owner,
            var_dir=str(tmp_path),
            public_base_url="http://localhost",
        )
    )
    with app.app_context():
        me = build(clock.now()).people[ME]
        me.password_hash = hash_password(PASSWORD, username=ME)
        enrolled(me)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


def at_once(app, bodies):
    """The answers to several logins sent at the same time."""

    def one(body):
        answer = app.test_client().post("/api/v1/sessions/staff", json={"username": ME} | body)
        return answer.status_code

    with ThreadPoolExecutor(len(bodies)) as pool:
        return sorted(pool.map(one, bodies))


def test_of_many_guesses_at_once_exactly_five_are_weighed(committed):
    guesses = [{"password": f"guess number {number}"} for number in range(AT_ONCE)]
    assert at_once(committed, guesses) == [401] * TRIES + [429] * (AT_ONCE - TRIES)
    with committed.app_context():
        assert db.session.scalar(select(func.count(LoginFailure.id))) == TRIES
        db.session.remove()


def test_one_code_sent_twice_at_once_lets_one_in(committed):
    with committed.app_context():
        code = code_of(db.session.scalars(select(Person).where(Person.username == ME)).one())
        db.session.remove()
    assert at_once(committed, [{"password": PASSWORD, "totp": code}] * 2) == [201, 401]
