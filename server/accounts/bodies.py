"""Bodies of a county: made from its rule book, found by key or by place."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from server.accounts.models import Body, BodyKind, Post
from server.accounts.roles import DUTY_OF_ROLE, ROLE_OF_BODY, Role
from server.core.db import db
from server.core.errors import NotFound
from server.policy.model import BodyRole, Book

KIND_OF_ROLE = {
    BodyRole.BUREAU: BodyKind.BUREAU,
    BodyRole.DEPARTMENT: BodyKind.DEPARTMENT,
    BodyRole.UTILITY: BodyKind.UTILITY,
    BodyRole.COURT: BodyKind.COURT,
}


def ensure_bodies(book: Book, *, now: datetime) -> Body:
    """Every body that the book names exists with its post; confidential ones wait for their secrecy.

    Gives the county's supervising bureau.
    """
    bureau = _ensure(book, book.bureau, BodyKind.BUREAU, parent_id=None, now=now)
    for key, body in book.bodies.items():
        if key != book.bureau and body.role in KIND_OF_ROLE:
            _ensure(book, key, KIND_OF_ROLE[body.role], parent_id=bureau.id, now=now)
    return bureau


def _ensure(book: Book, key: str, kind: BodyKind, *, parent_id: int | None, now: datetime) -> Body:
    found = db.session.scalar(select(Body).where(Body.county_id == book.county_id, Body.key == key))
    if found:
        return found
    named = book.bodies[key]
    body = Body(
        county_id=book.county_id, kind=kind, key=key, name=named.name, parent_id=parent_id, created_at=now
    )
    db.session.add(body)
    db.session.flush()
    ensure_post(body, ROLE_OF_BODY[kind], named.post, now=now)
    return body


def ensure_place_body(
    parent: Body, kind: BodyKind, name: str, *, duty: str | None = None, now: datetime
) -> Body:
    """A township, community or project below its parent, with its post; the same one when called again."""
    found = db.session.scalar(
        select(Body).where(
            Body.county_id == parent.county_id,
            Body.kind == kind,
            Body.parent_id == parent.id,
            Body.name == name,
        )
    )
    if found:
        return found
    body = Body(county_id=parent.county_id, kind=kind, name=name, parent_id=parent.id, created_at=now)
    db.session.add(body)
    db.session.flush()
    ensure_post(body, ROLE_OF_BODY[kind], duty, now=now)
    return body


def ensure_post(body: Body, role: Role, duty: str | None = None, *, now: datetime) -> Post:
    """The post of a body for a role and duty; made when it is not there."""
    named = duty or DUTY_OF_ROLE[role]
    found = db.session.scalar(
        select(Post).where(Post.body_id == body.id, Post.role == role, Post.duty == named)
    )
    if found:
        return found
    post = Post(county_id=body.county_id, body_id=body.id, role=role, duty=named, created_at=now)
    db.session.add(post)
    db.session.flush()
    return post


def bureau_of(county_id: str) -> Body:
    """The supervising bureau of a county. Raises NotFound before the county is set up."""
    found = db.session.scalar(select(Body).where(Body.county_id == county_id, Body.kind == BodyKind.BUREAU))
    if found is None:
        raise NotFound(f"还没有建立 {county_id} 的主管部门，请先运行 seed 或 import estates。")
    return found


def parent_of(body_id: int) -> int:
    """The body one level up; the bureau is its own."""
    parent = db.session.scalar(select(Body.parent_id).where(Body.id == body_id))
    return parent or body_id


def body_in(county_id: str, body_id: int) -> Body:
    """A body of this county. Raises NotFound for any other."""
    found = db.session.get(Body, body_id)
    if found is None or found.county_id != county_id:
        raise NotFound("没有找到这个单位。")
    return found


def names(body_ids: Iterable[int]) -> dict[int, str]:
    """The names of bodies by their numbers."""
    rows = db.session.execute(select(Body.id, Body.name).where(Body.id.in_(set(body_ids))))
    return {row.id: row.name for row in rows}


def list_bodies(county_id: str, *kinds: BodyKind) -> list[Body]:
    """The bodies of a county of these kinds (all where none are given), higher ones first."""
    query = select(Body).where(Body.county_id == county_id).order_by(Body.id)
    if kinds:
        query = query.where(Body.kind.in_(kinds))
    return list(db.session.scalars(query))
