"""Logins: random tokens kept as fingerprints, with an idle and an absolute limit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from server.accounts.models import Body, Holding, Person, Post, Session
from server.accounts.roles import Actor, Held, Role
from server.accounts.terms import running
from server.core import audit, wire
from server.core.counties import remember
from server.core.db import NATIONAL, db
from server.core.tokens import fingerprint, new_token

STAFF_IDLE = timedelta(hours=12)
STAFF_MOST = timedelta(days=7)
RESIDENT_IDLE = timedelta(days=90)
RESIDENT_MOST = timedelta(days=180)
SEEN_EVERY = timedelta(minutes=5)
"""How stale `seen_at` may be; so that reading a page does not write a row each time."""


def open_for_person(person: Person, *, device: str, now: datetime) -> tuple[str, Session]:
    """A new staff session; the token is told once."""
    token = new_token()
    session = Session(
        county_id=person.county_id,
        token_hash=fingerprint(token),
        person_id=person.id,
        created_at=now,
        seen_at=now,
        expires_at=now + STAFF_MOST,
        device=device[:80],
    )
    db.session.add(session)
    audit.record(person.county_id, "login.open", person_id=person.id, about=f"person:{person.id}", now=now)
    return token, session


def open_for_resident(resident_id: int, *, device: str, now: datetime) -> tuple[str, Session]:
    """A new resident session; the token is told once."""
    token = new_token()
    session = Session(
        county_id=NATIONAL,
        token_hash=fingerprint(token),
        resident_id=resident_id,
        created_at=now,
        seen_at=now,
        expires_at=now + RESIDENT_MOST,
        device=device[:80],
    )
    db.session.add(session)
    return token, session


def close(session_id: int, *, now: datetime) -> None:
    """End a session at once."""
    db.session.execute(update(Session).where(Session.id == session_id).values(ended_at=now))


def close_all(person_id: int, *, but: int | None = None, now: datetime) -> None:
    """End every session of a person, as when he leaves; `but` names one that goes on."""
    others = Session.id.is_distinct_from(but)
    db.session.execute(
        update(Session)
        .where(Session.person_id == person_id, Session.ended_at.is_(None), others)
        .values(ended_at=now)
    )


WHO = "SELECT * FROM who_holds(%(token_hash)s, %(now)s)"
"""One of the narrow functions of `migrations/doors.sql`: it opens the county of whoever holds the token."""


def actor_of(token: str, *, now: datetime) -> Actor | None:
    """Who holds a token now, with the posts held now; None when it is no good any more. He counts as seen.

    One statement, because every request of a login begins with it.
    """
    found, seen_at = _behind(fingerprint(token), now=now)
    if found and now - seen_at > SEEN_EVERY:
        db.session.execute(update(Session).where(Session.id == found.session_id).values(seen_at=now))
    return found


def actor_behind(login: str, *, now: datetime) -> Actor | None:
    """Whose login a fingerprint belongs to, as long as it is good; he does not count as seen."""
    return _behind(login, now=now)[0]


def _behind(login: str, *, now: datetime) -> tuple[Actor | None, datetime]:
    """Who is logged in by the token of a fingerprint, and when he was seen last."""
    rows = wire.rows(WHO, {"token_hash": login, "now": now})
    if not rows:
        return None, now
    counties, session_id, person_id, resident_id, seen_at, name, factor = rows[0][:7]
    remember(counties)
    if now - seen_at > (RESIDENT_IDLE if person_id is None else STAFF_IDLE):
        return None, seen_at
    known = Actor(session_id=session_id, login=login)
    if person_id is None:
        return replace(known, resident_id=resident_id), seen_at
    posts = tuple(_held(row[7:]) for row in rows if row[7] is not None)
    return replace(known, person_id=person_id, person_name=name, posts=posts, second_factor=factor), seen_at


def _held(row: Sequence[Any]) -> Held:
    post_id, body_id, body, role, county_id, duty = row
    return Held(post_id, body_id, body, Role(role), county_id, duty)


def posts_of(person_id: int, *, now: datetime) -> tuple[Held, ...]:
    """The posts that a person holds now; terms that have run out are left out."""
    rows = db.session.execute(
        select(Post.id, Post.body_id, Body.name, Post.role, Post.county_id, Post.duty)
        .join(Holding, Holding.post_id == Post.id)
        .join(Body, Body.id == Post.body_id)
        .where(Holding.person_id == person_id, running(now))
        .order_by(Post.id)
    )
    return tuple(_held(row) for row in rows)
