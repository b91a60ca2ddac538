"""The bodies that alone may know of confidential kinds: made by the command line, never by a county's admin.

A body has a second self in its county's compartment, under the book's key: 县公安局 with its ordinary posts stays an
ordinary department, and whoever holds a post of its second self is found on no list of the county's people.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.accounts.models import Body, BodyKind, Holding, Person, Post
from server.accounts.roles import Role
from server.confidential.compartments import compartment_of, inside
from server.core import wire
from server.core.db import db
from server.core.errors import NotFound
from server.policy.model import Book, Kind
from server.policy.routing import route


@dataclass(frozen=True)
class Desk:
    """A body that can be written to: at least one of its people has an account that works."""

    body_id: int
    key: str
    name: str
    kid: str | None
    """Its present key, where it has set one."""


@dataclass(frozen=True)
class Holder:
    """Somebody who reads what comes to a body."""

    person_id: int
    name: str
    since_at: datetime


def sealed_keys(book: Book) -> tuple[str, ...]:
    """The book's keys of the bodies that some confidential kind goes to."""
    kinds = (kind for kind in book.kinds.values() if kind.confidential)
    return tuple(dict.fromkeys(receiver(book, kind) for kind in kinds))


def receiver(book: Book, kind: Kind) -> str:
    """The book's key of the one body that a confidential kind goes to."""
    return route(book, kind.key).confidential or ""


def ensure_sealed_body(book: Book, named: str, *, now: datetime) -> Body:
    """The second self of a body, by the book's key or its name. Raises NotFound for a body that gets no confidential kind."""
    key = next((key for key in sealed_keys(book) if named in {key, book.bodies[key].name}), None)
    if key is None:
        raise NotFound(f"“{named}”不受理保密举报，规则书里没有这样的类别。")
    there = compartment_of(book.county_id)
    found = db.session.scalar(select(Body).where(Body.county_id == there, Body.key == key))
    if found is None:
        name = book.bodies[key].name
        found = Body(county_id=there, kind=BodyKind.CONFIDENTIAL, key=key, name=name, created_at=now)
        db.session.add(found)
        db.session.flush()
    return found


DESKS = """
SELECT b.id, b.key, b.name, k.kid FROM body b LEFT JOIN sealed_key k ON k.body_id = b.id AND k.ended_at IS NULL
WHERE b.county_id = %(county)s AND EXISTS (
  SELECT 1 FROM post p JOIN holding h ON h.post_id = p.id AND h.ended_at IS NULL AND (h.until_at IS NULL OR h.until_at > %(now)s)
  JOIN person w ON w.id = h.person_id AND w.disabled_at IS NULL AND w.password_hash IS NOT NULL
  WHERE p.body_id = b.id AND p.role = 'confidential'
)
"""


def desks(county_id: str, *, now: datetime) -> dict[str, Desk]:
    """The bodies of a county that can be written to now, by the book's key."""
    with inside(county_id):
        rows = wire.rows(DESKS, {"county": compartment_of(county_id), "now": now})
    return {row[1]: Desk(*row) for row in rows}


def offered(book: Book, *, now: datetime) -> dict[str, Desk]:
    """The confidential kinds that can be reported now, each with its body."""
    kinds = [kind for kind in book.kinds.values() if kind.confidential]
    there = desks(book.county_id, now=now) if kinds else {}
    found = {kind.key: there.get(receiver(book, kind)) for kind in kinds}
    return {key: desk for key, desk in found.items() if desk}


def holders(body_ids: Collection[int], *, now: datetime) -> list[Holder]:
    """Everybody who can read what comes to these bodies, shown to all of them, so that a stranger among them is seen."""
    rows = db.session.execute(
        select(Person.id, Person.name, Holding.since_at)
        .join(Holding, Holding.person_id == Person.id)
        .join(Post, Post.id == Holding.post_id)
        .where(
            Post.body_id.in_(body_ids),
            Post.role == Role.CONFIDENTIAL,
            Person.disabled_at.is_(None),
            Holding.ended_at.is_(None),
            Holding.until_at.is_(None) | (Holding.until_at > now),
        )
        .order_by(Holding.since_at, Holding.id)
    )
    return [Holder(*row) for row in rows]
