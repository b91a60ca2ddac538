"""Who works where: bodies with their posts and holders, in one statement a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from server.accounts.models import Body, BodyKind, Holding, Person, Post
from server.accounts.roles import ROLE_NAMES, Role
from server.accounts.terms import running
from server.companies.models import Project
from server.core.db import db
from server.notices.models import Address

TOP = (BodyKind.BUREAU, BodyKind.TOWNSHIP, BodyKind.DEPARTMENT, BodyKind.UTILITY, BodyKind.COURT)
MOST = 2000
"""Rows of one page; a township has a tenth of it."""


@dataclass(frozen=True)
class Holder:
    """Somebody in a post."""

    person_id: int
    name: str
    username: str
    active: bool
    """Whether he has set a password yet."""
    reachable: bool
    """Whether a push can reach him."""
    until_at: datetime | None = None
    stand_in: bool = False


@dataclass
class PostRow:
    """A post and who holds it."""

    post_id: int
    role: str
    duty: str
    holders: list[Holder] = field(default_factory=list)


@dataclass
class BodyRow:
    """A body and its posts."""

    body_id: int
    kind: str
    name: str
    parent_id: int | None
    phone: str | None
    posts: list[PostRow] = field(default_factory=list)

    @property
    def vacant(self) -> bool:
        """Whether nobody is there to receive anything."""
        return not any(post.holders for post in self.posts)


def body_rows(county_id: str, condition: ColumnElement[bool], *, now: datetime) -> list[BodyRow]:
    """Bodies of a county with posts and holders; a project whose company has left only while somebody is in it."""
    reachable = exists().where(Address.person_id == Person.id, Address.ended_at.is_(None))
    rows = db.session.execute(
        select(
            Body.id,
            Body.kind,
            Body.name,
            Body.parent_id,
            Body.phone,
            Post.id.label("post_id"),
            Post.role,
            Post.duty,
            Person.id.label("person_id"),
            Person.name.label("person_name"),
            Person.username,
            Person.password_hash.is_not(None).label("active"),
            reachable.label("reachable"),
            Holding.until_at,
            Holding.stands_in_for,
        )
        .outerjoin(Post, Post.body_id == Body.id)
        .outerjoin(Holding, and_(Holding.post_id == Post.id, running(now)))
        .outerjoin(Person, Person.id == Holding.person_id)
        .outerjoin(Project, and_(Project.body_id == Body.id, Project.ended_on.is_(None)))
        .where(Body.county_id == county_id, condition)
        .where(or_(Body.kind != BodyKind.PROJECT, Project.id.is_not(None), Person.id.is_not(None)))
        .order_by(Body.id, Post.id, Person.id)
        .limit(MOST)
    )
    return _gather(rows.all())


def _gather(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[BodyRow]:
    bodies: dict[int, BodyRow] = {}
    posts: dict[int, PostRow] = {}
    for row in rows:
        body = bodies.setdefault(row.id, BodyRow(row.id, row.kind, row.name, row.parent_id, row.phone))
        if row.post_id is None:
            continue
        if row.post_id not in posts:
            posts[row.post_id] = PostRow(row.post_id, ROLE_NAMES[Role(row.role)], row.duty)
            body.posts.append(posts[row.post_id])
        if row.person_id is not None:
            holder = Holder(
                row.person_id,
                row.person_name,
                row.username,
                row.active,
                row.reachable,
                row.until_at,
                row.stands_in_for is not None,
            )
            posts[row.post_id].holders.append(holder)
    return list(bodies.values())


def one_body(county_id: str, body_id: int, *, now: datetime) -> BodyRow | None:
    """One body with its posts; None for a project that is over and empty."""
    return next(iter(body_rows(county_id, Body.id == body_id, now=now)), None)


def top_of(county_id: str, *, now: datetime) -> list[BodyRow]:
    """The bureau, departments, utilities and townships, without what lies below a township."""
    found = body_rows(county_id, Body.kind.in_(TOP), now=now)
    return sorted(found, key=lambda body: TOP.index(BodyKind(body.kind)))


def below(county_id: str, township_id: int, *, now: datetime) -> list[BodyRow]:
    """A township, its communities, and the projects of each right after it."""
    above = aliased(Body)
    communities = select(above.id).where(above.parent_id == township_id)
    found = body_rows(
        county_id,
        or_(Body.id == township_id, Body.parent_id == township_id, Body.parent_id.in_(communities)),
        now=now,
    )
    order = {body.body_id: at for at, body in enumerate(found)}

    def place(body: BodyRow) -> tuple[int, int, int]:
        if body.body_id == township_id:
            return (-1, 0, 0)
        mine = body.kind == BodyKind.PROJECT
        return (order[body.parent_id or 0] if mine else order[body.body_id], int(mine), body.body_id)

    return sorted(
        (body for body in found if body.parent_id in order or body.body_id == township_id), key=place
    )


def search(county_id: str, words: str, *, now: datetime) -> list[BodyRow]:
    """Bodies of that name, or where somebody of that name or user name works."""
    holder, term, post = aliased(Person), aliased(Holding), aliased(Post)
    staffed = (
        select(post.body_id)
        .join(term, term.post_id == post.id)
        .join(holder, holder.id == term.person_id)
        .where(
            running(now, term),
            post.county_id == county_id,
            or_(
                holder.name.contains(words, autoescape=True),
                holder.username.contains(words, autoescape=True),
            ),
        )
    )
    named = Body.name.contains(words, autoescape=True)
    return body_rows(county_id, or_(named, Body.id.in_(staffed)), now=now)


def candidates(county_id: str, *, but: int, now: datetime) -> list[tuple[str, str]]:
    """User names of whoever could take over, each with name and body, for a list to choose from."""
    rows = db.session.execute(
        select(Person.username, Person.name, Body.name)
        .outerjoin(Holding, and_(Holding.person_id == Person.id, running(now)))
        .outerjoin(Post, Post.id == Holding.post_id)
        .outerjoin(Body, Body.id == Post.body_id)
        .where(Person.county_id == county_id, Person.disabled_at.is_(None), Person.id != but)
        .order_by(Person.username, Post.id)
        .ext(distinct_on(Person.username))
    )
    return [(row[0], f"{row[1]} {row[2] or '没有岗位'}") for row in rows]
