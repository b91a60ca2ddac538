"""No code but a true one is accepted, and whoever tries many must wait without stopping his neighbours."""

import random
from datetime import timedelta
from urllib.parse import quote

import pytest

from server.app import create_app
from server.core.addresses import network
from server.core.db import db
from server.core.limits import Quota, Tally
from server.estates.codes import ALPHABET, normalise
from server.estates.service import reissue
from server.settings import Settings
from tests.web.conftest import read

GUESSER = "8.8.4.4"


def mutated(code, count):
    """So many texts that are nearly the code, the same ones every time."""
    dice = random.Random(7)
    found = set()
    while len(found) < count:
        letters = list(code)
        for _ in range(dice.randint(1, 3)):
            way, at = dice.randrange(4), dice.randrange(len(letters))
            if way == 0:
                letters[at] = dice.choice(ALPHABET)
            elif way == 1:
                letters[at], letters[at - 1] = letters[at - 1], letters[at]
            elif way == 2:
                letters.insert(at, dice.choice(ALPHABET + "?#%中\u200b "))
            else:
                letters[at] = dice.choice("!@$U*()Ωé")
        text = "".join(letters)
        if normalise(text) != code:
            found.add(text)
    return sorted(found)


def none_is_accepted(world, client, count):
    """Each is refused in the API as well as on the page, and the estate never shows."""
    code = world.code("ys.hill")
    for number, text in enumerate(mutated(code, count)):
        body = {"place": text, "kind": "x", "text": "", "where": {}}
        headers = {"Idempotency-Key": f"{number:032d}"}
        sender = {"REMOTE_ADDR": f"8.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        answer = client.post("/api/v1/reports", json=body, headers=headers, environ_base=sender)
        assert answer.status_code in {404, 422, 429}, text
        page = client.get("/e/" + quote(text, safe=""), follow_redirects=True, environ_base=sender)
        assert page.status_code in {404, 429}, text
        assert "青山花园" not in page.text, text


def test_a_sample_of_mutated_codes_is_refused(world, client):
    none_is_accepted(world, client, 150)


@pytest.mark.hostile
def test_ten_thousand_mutated_codes_are_refused(world, client):
    none_is_accepted(world, client, 10_000)


def test_unknown_and_revoked_codes_get_one_answer(world, client):
    old = world.code("ys.hill")
    reissue(world.estates["ys.hill"], now=world.now)
    db.session.commit()
    revoked, unknown = client.get(f"/e/{old}"), client.get("/e/0123456789AB")
    assert (revoked.status_code, revoked.text) == (404, unknown.text)
    assert "没有用了" in revoked.text
    assert client.get(f"/e/{world.code('ys.hill')}").status_code == 200


def test_many_misses_make_their_sender_wait_while_true_codes_work(world, client, application):
    most = application.extensions["settings"].code_misses
    quota = Quota("code-miss", network(GUESSER), most, timedelta(minutes=10))
    began = quota.began_at(world.now)
    db.session.add(Tally(sender=quota.fingerprint, window_at=began, count=most - 1))
    db.session.commit()
    there = {"environ_overrides": {"REMOTE_ADDR": GUESSER}}
    assert client.get("/e/0123456789AB", **there).status_code == 404
    slow = client.get("/e/0123456789AC", **there)
    assert slow.status_code == 429
    assert int(slow.headers["Retry-After"]) > 0
    assert read(slow).select_one("a[href='tel:12345']")
    assert client.get("/api/v1/places/0123456789AC", **there).status_code == 429
    assert client.get(f"/e/{world.code('ys.hill')}", **there).status_code == 200
    assert client.get("/e/0123456789AB", environ_overrides={"REMOTE_ADDR": "8.8.4.5"}).status_code == 404


@pytest.mark.parametrize(
    ("hops", "forwarded", "counted"),
    [
        (0, "1.1.1.1", "10.0.0.2"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.3", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.2"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, hops, forwarded, counted):
    """The address that the application sees behind so many proxies of ours."""
    app = create_app(Settings(database_url=settings.database_url, proxy_hops=hops))
    seen = {}

    def show(environ, start):
        seen["address"] = environ["REMOTE_ADDR"]
        start("200 OK", [])
        return [b""]

    if hops:
        app.wsgi_app.app = show
    else:
        app.wsgi_app = show
    app.test_client().get(
        "/", headers={"X-Forwarded-For": forwarded}, environ_overrides={"REMOTE_ADDR": "10.0.0.2"}
    )
    assert seen["address"] == counted
