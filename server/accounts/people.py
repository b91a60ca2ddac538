"""Staff: invited, holding posts for a term, leaving; the work stays with the post."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from server.accounts.models import Body, Holding, Invitation, Person, Post, StaffChange
from server.accounts.sessions import close_all
from server.accounts.terms import last_day
from server.core import audit
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Conflict, Invalid, NotFound
from server.core.masks import phone_digits

AUDITED = {
    "address_bound": "address.bind",
    "address_ended": "address.end",
    "address_replaced": "address.replace",
    "added": "person.add",
    "disabled": "person.disable",
    "invited": "person.invite",
    "password_changed": "login.password_change",
    "password_set": "login.password_set",
    "post_ended": "post.end",
    "post_taken": "post.take",
    "recovery_used": "login.recovery_used",
    "stand_in": "post.stand_in",
    "term_set": "post.term",
    "terms_ended": "post.end_all",
    "totp_off": "login.totp_off",
    "totp_on": "login.totp_on",
}
"""What goes into the audit chain as well, and as what."""


def record(act: str, person: Person, detail: str, *, by: int | None, now: datetime) -> None:
    """Write down what was done to somebody's account, by whom."""
    db.session.add(
        StaffChange(
            county_id=person.county_id,
            at=now,
            by_person_id=by,
            act=act,
            person_id=person.id,
            detail=detail[:400],
        )
    )
    if act in AUDITED:
        about, facts = f"person:{person.id}", {"detail": detail[:200]}
        audit.record(person.county_id, AUDITED[act], person_id=by, about=about, facts=facts, now=now)


def add_person(
    county_id: str, *, name: str, username: str, phone: str | None = None, by: int | None, now: datetime
) -> Person:
    """A new member of staff without a password yet. Raises Conflict when the user name is taken."""
    number = phone_digits(phone) if phone else None
    if phone and not number:
        raise Invalid("电话号码不对，请检查。", fields={"phone": "请填手机号或带区号的座机"})
    person = Person(
        county_id=county_id,
        name=name,
        username=username,
        phone_sealed=vault().seal(number) if number else None,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(person)
    except IntegrityError as taken:  # by somebody of another county too, whom nobody here can see
        raise Conflict("这个用户名已经有人使用，请换一个。", fields={"username": "已有人使用"}) from taken
    record("added", person, username, by=by, now=now)
    return person


def person_in(county_id: str, person_id: int) -> Person:
    """A member of staff of this county. Raises NotFound for any other."""
    found = db.session.get(Person, person_id)
    if found is None or found.county_id != county_id:
        raise NotFound("没有找到这个人。")
    return found


def person_named(county_id: str, username: str, *, field: str) -> Person:
    """Somebody of this county who has not left, by user name. Raises Invalid at the field of a form."""
    found = db.session.scalar(
        select(Person).where(
            Person.username == username, Person.county_id == county_id, Person.disabled_at.is_(None)
        )
    )
    if found is None:
        words = f"没有找到“{username}”，请从提示里选一个用户名"
        raise Invalid("没有找到这个用户名。", fields={field: words})
    return found


def take_post(
    person: Person,
    post: Post,
    *,
    until_at: datetime | None = None,
    for_colleague: int | None = None,
    by: int | None,
    now: datetime,
) -> None:
    """Begin a term in a post, for good or until an instant; nothing happens when the person holds it already.

    `for_colleague` is whoever is on leave meanwhile. Raises Invalid for an end that is not ahead.
    """
    if post.county_id != person.county_id:
        raise NotFound("没有找到这个岗位。")
    check_end(until_at, now=now)
    held = db.session.scalar(
        select(Holding)
        .where(Holding.post_id == post.id, Holding.person_id == person.id, Holding.ended_at.is_(None))
        .with_for_update()
    )
    if held and (held.until_at is None or held.until_at > now):
        return
    if held:
        held.ended_at = held.until_at
        db.session.flush()
    db.session.add(
        Holding(
            county_id=post.county_id,
            post_id=post.id,
            person_id=person.id,
            since_at=now,
            until_at=until_at,
            stands_in_for=for_colleague,
        )
    )
    act = "stand_in" if for_colleague else "post_taken"
    record(act, person, post_name(post) + until_words(until_at), by=by, now=now)
    db.session.flush()


def check_end(until_at: datetime | None, *, now: datetime) -> None:
    """Raise Invalid where a term would end before it is entered."""
    if until_at is not None and until_at <= now:
        words = "任期的最后一天不能早于今天；要马上结束请用“卸任”"
        raise Invalid("任期已经过了。", fields={"until_on": words})


def until_words(until_at: datetime | None) -> str:
    """`，至 2026-11-30`, or nothing for a term without an end."""
    return f"，至 {last_day(until_at).isoformat()}" if until_at else ""


def end_terms(person: Person, *, by: int | None, now: datetime) -> list[int]:
    """End every term of a person now; gives the posts that were held."""
    rows = db.session.execute(
        update(Holding)
        .where(Holding.person_id == person.id, Holding.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Holding.post_id)
    ).scalars()
    ended = list(rows)
    if ended:
        record("terms_ended", person, f"{len(ended)}", by=by, now=now)
    return ended


def end_term(person: Person, post: Post, *, by: int | None, now: datetime) -> None:
    """End one term of a person now. Raises NotFound when the person does not hold the post."""
    ended = db.session.execute(
        update(Holding)
        .where(Holding.person_id == person.id, Holding.post_id == post.id, Holding.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Holding.id)
    ).first()
    if ended is None:
        raise NotFound("这个人现在没有这个岗位。")
    record("post_ended", person, post_name(post), by=by, now=now)


def leave(person: Person, *, by: int | None, now: datetime) -> list[int]:
    """Somebody leaves: terms, sessions, login and invitations end at once; gives the posts that are now open."""
    posts = end_terms(person, by=by, now=now)
    person.disabled_at = now
    close_all(person.id, now=now)
    db.session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
        .values(used_at=now)
    )
    end_invitations(person, now=now)
    record("disabled", person, person.username, by=by, now=now)
    return posts


def end_invitations(person: Person, *, now: datetime) -> None:
    """End what somebody has sent to others and nobody has used yet: he knows the links. His own for himself stay."""
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.invited_by == person.id,
            Invitation.person_id != person.id,
            Invitation.used_at.is_(None),
        )
        .values(used_at=now)
    )


def post_name(post: Post) -> str:
    """`沂城街道 镇街工作人员`: a post with its body."""
    body = db.session.get(Body, post.body_id)
    return f"{body.name if body else ''} {post.duty}".strip()
