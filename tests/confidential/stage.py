"""Confidential bodies with people, and reports told to them."""

from server.accounts.passwords import hash_password
from server.accounts.roles import Role
from server.confidential.bodies import ensure_sealed_body
from server.core.tokens import new_token
from server.policy.loader import books
from tests.world import SHANTING, YISHUI, hire

OFFICIAL, CRIME = "accuse.official", "accuse.crime"


def open_desks(world, *, police=True):
    """Both counties' confidential bodies, each with somebody who can log in: `ys.sealed`, `ys.sealed2`, `st.sealed`."""
    wanted = [("ys.sealed", YISHUI, "discipline"), ("st.sealed", SHANTING, "discipline")]
    wanted += [("ys.police_sealed", YISHUI, "police")] if police else []
    for name, county, key in wanted:
        body = ensure_sealed_body(books()[county], key, now=world.now)
        world.bodies[name] = body
        person = hire(world, name, body, Role.CONFIDENTIAL)
        person.password_hash = hash_password("a long enough phrase", username=name)
    return world


def told(client, world, *, estate="ys.hill", kind=OFFICIAL, key=None, **more):
    """The answer to a confidential report sent over the API."""
    body = {"place": world.code(estate), "kind": kind, "text": "有人收了好处"} | more
    return client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": key or new_token()})
