"""Staff: invited, holding posts for a term, leaving; the work stays with the post."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.accounts.models import Body, Holding, Invitation, Person, Post, StaffChange
from server.accounts.passwords import hash_password
from server.accounts.sessions import close_all
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Conflict, Invalid, NotFound
from server.core.masks import phone_digits
from server.core.tokens import fingerprint, new_token

INVITATION_LASTS = timedelta(days=7)


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


def add_person(
    county_id: str, *, name: str, username: str, phone: str | None = None, by: int | None, now: datetime
) -> Person:
    """A new member of staff without a password yet. Raises Conflict when the user name is taken."""
    if db.session.scalar(select(Person.id).where(Person.username == username)):
        raise Conflict("这个用户名已经有人使用，请换一个。", fields={"username": "已有人使用"})
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
    db.session.add(person)
    db.session.flush()
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


def take_post(person: Person, post: Post, *, by: int | None, now: datetime) -> None:
    """Begin a term in a post; nothing happens when the person holds it already."""
    if post.county_id != person.county_id:
        raise NotFound("没有找到这个岗位。")
    held = db.session.scalar(
        select(Holding.id).where(
            Holding.post_id == post.id, Holding.person_id == person.id, Holding.ended_at.is_(None)
        )
    )
    if held:
        return
    db.session.add(Holding(county_id=post.county_id, post_id=post.id, person_id=person.id, since_at=now))
    record("post_taken", person, _post_name(post), by=by, now=now)
    db.session.flush()


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
    record("post_ended", person, _post_name(post), by=by, now=now)


def leave(person: Person, *, by: int | None, now: datetime) -> list[int]:
    """Somebody leaves: terms, sessions and login end at once; gives the posts that are now open."""
    posts = end_terms(person, by=by, now=now)
    person.disabled_at = now
    close_all(person.id, now=now)
    db.session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
        .values(used_at=now)
    )
    record("disabled", person, person.username, by=by, now=now)
    return posts


def invite(person: Person, *, by: int | None, now: datetime) -> str:
    """A link's token for setting a password; older unused ones stop working."""
    db.session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.used_at.is_(None))
        .values(used_at=now)
    )
    token = new_token()
    db.session.add(
        Invitation(
            county_id=person.county_id,
            token_hash=fingerprint(token),
            person_id=person.id,
            invited_by=by,
            created_at=now,
            expires_at=now + INVITATION_LASTS,
        )
    )
    record("invited", person, person.username, by=by, now=now)
    return token


def invited(token: str, *, now: datetime) -> Person:
    """Whom an invitation is for. Raises NotFound when it is used, run out, or was never given."""
    found = db.session.scalar(
        select(Person)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(
            Invitation.token_hash == fingerprint(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Person.disabled_at.is_(None),
        )
    )
    if found is None:
        raise NotFound("邀请链接已经用过或过期了，请让发给您的人重新发一个。")
    return found


def accept_invitation(token: str, password: str, *, now: datetime) -> Person:
    """Set the password that an invitation allows, once; older logins of the person end."""
    person = invited(token, now=now)
    person.password_hash = hash_password(password, username=person.username)
    db.session.execute(
        update(Invitation).where(Invitation.token_hash == fingerprint(token)).values(used_at=now)
    )
    close_all(person.id, now=now)
    record("password_set", person, person.username, by=person.id, now=now)
    return person


def _post_name(post: Post) -> str:
    body = db.session.get(Body, post.body_id)
    return f"{body.name if body else ''} {post.duty}".strip()
