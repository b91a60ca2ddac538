"""Guessing: counted exactly, the same for whoever exists or not, codes counted together with passwords."""

from datetime import timedelta

import pytest
from argon2 import extract_parameters
from sqlalchemy import func, select

from server.accounts.login import TRIES, WINDOW, check_code, check_login
from server.accounts.models import LoginFailure, RecoveryCode
from server.accounts.passwords import NOBODY, hash_password
from server.core.audit import Audit
from server.core.db import db
from server.core.errors import TooMany
from tests.accounts.phone import code_of, enrolled

PASSWORD = "correct horse battery"
ME = "ys.bureau"
API = "/api/v1/sessions/staff"


@pytest.fixture
def me(world):
    person = world.people[ME]
    person.password_hash = hash_password(PASSWORD, username=ME)
    db.session.commit()
    return person


def post(client, **body):
    answer = client.post(API, json={"username": ME, "password": PASSWORD} | body)
    return answer.status_code, answer.get_json()


def test_a_password_alone_is_told_to_bring_a_code(client, me):
    assert post(client)[0] == 201
    enrolled(me)
    status, body = post(client)
    assert (status, body["code"]) == (401, "totp_needed")
    assert post(client, totp=code_of(me))[0] == 201
    assert db.session.scalar(select(func.count(LoginFailure.id))) == 0


def test_a_login_and_a_lock_are_written_down(client, me):
    assert post(client)[0] == 201
    assert {post(client, password="wrong")[0] for _ in range(TRIES)} == {401}
    rows = db.session.execute(select(Audit.act, Audit.person_id, Audit.about).order_by(Audit.seq)).all()
    assert rows[-2:] == [("login.open", me.id, f"person:{me.id}"), ("login.lock", None, f"person:{me.id}")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"totp": "000000"},
        {"totp": "abc"},
        {"password": "wrong password", "totp": "000000"},
        {"password": "wrong password"},
        {"username": "nobody", "totp": "000000"},
        {"username": "nobody"},
    ],
)
def test_what_is_wrong_is_not_told_whatever_it_was(client, me, wrong):
    enrolled(me)
    status, body = post(client, **wrong)
    assert (status, body["code"]) == (401, "wrong_login")
    assert body["detail"] == "用户名、密码或验证码不对，请检查后再试。"
    assert db.session.scalar(select(func.count(LoginFailure.id))) == 1


def test_whoever_does_not_exist_costs_the_same_work(me):
    assert extract_parameters(NOBODY) == extract_parameters(me.password_hash)


def test_wrong_codes_and_wrong_passwords_lock_together_and_exactly(client, me):
    enrolled(me)
    guesses = [{"totp": f"{number:06d}"} for number in range(2)]
    guesses += [{"password": "wrong password"}] * 2 + [{"totp": "wrong-reco-very"}]
    assert [post(client, **guess)[0] for guess in guesses] == [401] * TRIES
    assert post(client, totp=code_of(me))[0] == 429
    assert post(client, username="YS.bureau ")[0] == 429


def test_of_a_thousand_guesses_five_are_weighed(app, world, now):
    weighed = 0
    for number in range(1000):
        try:
            assert check_login("nobody", f"guess {number}", now=now) is None
            weighed += 1
        except TooMany:
            pass
    assert weighed == TRIES
    db.session.flush()
    assert check_login("nobody", "later", now=now + WINDOW) is None


def test_a_code_works_once_and_an_older_one_no_more(me, now):
    enrolled(me)
    assert check_code(me, code_of(me), now=now)
    assert not check_code(me, code_of(me), now=now)
    assert not check_code(me, code_of(me, steps=-1), now=now)
    later = now + timedelta(seconds=30)
    assert check_code(me, code_of(me, steps=1), now=later)


def test_a_recovery_code_works_once_however_it_is_typed(me, now):
    codes = enrolled(me)
    assert len(set(codes)) == 10
    assert check_code(me, codes[0].upper().replace("-", " "), now=now)
    assert not check_code(me, codes[0], now=now)
    kept = set(db.session.scalars(select(RecoveryCode.code_index)))
    assert not kept & {part for code in codes for part in (code, code.replace("-", ""))}


def test_nobody_elses_recovery_code_works(me, world, now):
    other = world.people["ys.admin"]
    codes = enrolled(other)
    enrolled(me)
    assert not check_code(me, codes[0], now=now)
