"""Logins: random tokens kept as fingerprints, with an idle and an absolute limit."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.accounts.models import Body, Holding, Person, Post, Session
from server.accounts.roles import Actor, Held, Role
from server.core.db import NATIONAL, db
from server.core.tokens import fingerprint, new_token

STAFF_IDLE = timedelta(hours=12)
STAFF_MOST = timedelta(days=7)
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


def close_all(person_id: int, *, now: datetime) -> None:
    """End every session of a person, as when he leaves."""
    db.session.execute(
        update(Session).where(Session.person_id == person_id, Session.ended_at.is_(None)).values(ended_at=now)
    )


def actor_of(token: str, *, now: datetime) -> Actor | None:
    """Who holds a token now, with the posts held now; None when it is no good any more."""
    row = db.session.execute(
        select(Session.id, Session.person_id, Session.resident_id, Session.seen_at, Person.name)
        .outerjoin(Person, Person.id == Session.person_id)
        .where(
            Session.token_hash == fingerprint(token),
            Session.ended_at.is_(None),
            Session.expires_at > now,
            Person.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    if row.person_id is None:
        return Actor(resident_id=row.resident_id, session_id=row.id)
    if now - row.seen_at > STAFF_IDLE:
        return None
    if now - row.seen_at > SEEN_EVERY:
        db.session.execute(update(Session).where(Session.id == row.id).values(seen_at=now))
    return Actor(
        person_id=row.person_id, person_name=row.name, session_id=row.id, posts=posts_of(row.person_id)
    )


def posts_of(person_id: int) -> tuple[Held, ...]:
    """The posts that a person holds now."""
    rows = db.session.execute(
        select(Post.id, Post.body_id, Body.name, Post.role, Post.county_id, Post.duty)
        .join(Holding, Holding.post_id == Post.id)
        .join(Body, Body.id == Post.body_id)
        .where(Holding.person_id == person_id, Holding.ended_at.is_(None))
        .order_by(Post.id)
    )
    return tuple(Held(row.id, row.body_id, row.name, Role(row.role), row.county_id, row.duty) for row in rows)
