from datetime import timedelta

from sqlalchemy import text

from server.core import clock
from server.core.crypto import Vault
from server.core.db import db
from server.wechat.store import DatabaseStore
from server.wechat.tokens import Grant, TokenKeeper

SECRET = "t" * 512


def test_a_token_that_one_process_keeps_every_process_finds(app, now):
    DatabaseStore(app).set("wx_access_token", SECRET, ttl=60)
    assert DatabaseStore(app).get("wx_access_token") == SECRET
    assert DatabaseStore(app).get("another") is None


def test_a_token_is_sealed_where_it_lies(app, now):
    DatabaseStore(app).set("wx_access_token", SECRET, ttl=60)
    kept = db.session.execute(text("SELECT value_sealed FROM wechat_token")).scalar_one()
    assert SECRET[:8] not in kept


def test_a_token_ends_with_its_time_and_a_newer_one_takes_its_place(app, now):
    store = DatabaseStore(app)
    store.set("key", "old", ttl=60)
    store.set("key", "new", ttl=120)
    with clock.stopped(now + timedelta(seconds=119)):
        assert store.get("key") == "new"
    with clock.stopped(now + timedelta(seconds=120)):
        assert store.get("key") is None


def test_a_token_sealed_with_a_key_that_is_gone_is_fetched_anew(app, now):
    DatabaseStore(app).set("key", "value", ttl=60)
    before = app.extensions["vault"]
    app.extensions["vault"] = Vault((("other", b"k" * 32),), b"root")
    try:
        assert DatabaseStore(app).get("key") is None
    finally:
        app.extensions["vault"] = before


def test_two_processes_fetch_one_token_between_them(app, now):
    fetched = []

    def fetch():
        fetched.append(1)
        return Grant("token", 7200)

    keepers = [TokenKeeper(DatabaseStore(app), "key", fetch) for _ in range(2)]
    assert [keeper.value() for keeper in keepers] == ["token", "token"]
    assert len(fetched) == 1
