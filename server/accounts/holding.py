"""Terms with an end: set, lent to a colleague during leave, and closed once they have run out."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from server.accounts.models import Holding, Person, Post
from server.accounts.people import check_end, post_name, record, take_post, until_words
from server.accounts.sessions import close_all
from server.accounts.terms import last_day, running
from server.core.db import db
from server.core.errors import Invalid, NotFound

ROUND = 50
"""Terms closed in one transaction."""


@dataclass(frozen=True)
class Term:
    """One post held now, when its term runs out, and for whom its holder stands in."""

    post_id: int
    until_at: datetime | None
    stands_in_for: str | None

    @property
    def last_on(self) -> date | None:
        """The last day of the term."""
        return last_day(self.until_at) if self.until_at else None


def terms_of(person_id: int, *, now: datetime) -> list[Term]:
    """The terms that somebody is in now."""
    query = (
        select(Holding.post_id, Holding.until_at, Person.name)
        .outerjoin(Person, Person.id == Holding.stands_in_for)
        .where(Holding.person_id == person_id, running(now))
    )
    return [Term(*row) for row in db.session.execute(query.order_by(Holding.post_id))]


def held_post(person: Person, post_id: int, *, now: datetime) -> Post:
    """A post that somebody holds now. Raises NotFound for any other."""
    query = select(Post).join(Holding, Holding.post_id == Post.id)
    post = db.session.scalar(query.where(Post.id == post_id, Holding.person_id == person.id, running(now)))
    if post is None:
        raise NotFound("这个人现在没有这个岗位。")
    return post


def set_end(person: Person, post: Post, until_at: datetime | None, *, by: int | None, now: datetime) -> None:
    """Let a running term end at an instant ahead, or for good not at all. Raises NotFound, Invalid."""
    check_end(until_at, now=now)
    found = db.session.execute(
        update(Holding)
        .where(Holding.person_id == person.id, Holding.post_id == post.id, running(now))
        .values(until_at=until_at)
        .returning(Holding.id)
    ).first()
    if found is None:
        raise NotFound("这个人现在没有这个岗位。")
    words = until_words(until_at) or "，不设期限"
    record("term_set", person, post_name(post) + words, by=by, now=now)


def stand_in(
    colleague: Person,
    post: Post,
    *,
    absent: Person,
    until_at: datetime | None,
    by: int | None,
    now: datetime,
) -> None:
    """Somebody does a colleague's work as well until an instant. Raises Invalid."""
    if until_at is None:
        raise Invalid("代班要有最后一天。", fields={"until_on": "请填写代班的最后一天"})
    if colleague.id == absent.id or _holds(colleague, post, now=now):
        raise Invalid("不能代自己的班。", fields={"person": "这个人已经在这个岗位上，请另选一位"})
    take_post(colleague, post, until_at=until_at, for_colleague=absent.id, by=by, now=now)


def _holds(person: Person, post: Post, *, now: datetime) -> bool:
    query = select(Holding.id).where(Holding.person_id == person.id, Holding.post_id == post.id, running(now))
    return db.session.scalar(query) is not None


def close_run_out(*, now: datetime, most: int = ROUND) -> list[tuple[Person, Post]]:
    """Close terms that have run out, at the instant they did; gives whose and which. Several workers may ask."""
    due = (
        select(Holding)
        .where(Holding.ended_at.is_(None), Holding.until_at <= now)
        .order_by(Holding.until_at, Holding.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = []
    for term in db.session.scalars(due).all():
        term.ended_at = term.until_at
        person, post = db.session.get_one(Person, term.person_id), db.session.get_one(Post, term.post_id)
        record("post_ended", person, f"{post_name(post)}，任期届满", by=None, now=now)
        found.append((person, post))
    db.session.flush()
    return found


def end_access(person: Person, *, now: datetime) -> bool:
    """End every login of somebody who holds no post any more; whether that was so."""
    held = db.session.scalar(select(Holding.id).where(Holding.person_id == person.id, running(now)).limit(1))
    if held is not None:
        return False
    close_all(person.id, now=now)
    return True
