"""Links for one person: by one he sets his password, by another he binds his WeChat; each works once."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.accounts.models import Invitation, Person
from server.accounts.passwords import hash_password
from server.accounts.people import record
from server.accounts.sessions import close_all
from server.core.counties import Key, open_by
from server.core.db import db
from server.core.errors import NotFound
from server.core.tokens import fingerprint, new_token

INVITATION_LASTS = timedelta(days=7)
PASSWORD, WECHAT = "password", "wechat"
GONE = {
    PASSWORD: "邀请链接已经用过或过期了，请让发给您的人重新发一个。",
    WECHAT: "绑定链接已经用过或过期了，请在电脑上打开“我的”，重新生成一个。",
}
"""What an invitation is for, and what is said when it is good no more."""


def invite(
    person: Person,
    *,
    purpose: str = PASSWORD,
    lasts: timedelta = INVITATION_LASTS,
    by: int | None,
    now: datetime,
) -> str:
    """A link's token for setting a password or binding a WeChat; older unused ones stop working."""
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.person_id == person.id,
            Invitation.purpose == purpose,
            Invitation.used_at.is_(None),
        )
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
            purpose=purpose,
            expires_at=now + lasts,
        )
    )
    if purpose == PASSWORD:
        record("invited", person, person.username, by=by, now=now)
    return token


def invited(token: str, *, purpose: str = PASSWORD, now: datetime) -> Person:
    """Whom an invitation is for. Raises NotFound when it is used, run out, or was never given."""
    open_by(Key.INVITATION, fingerprint(token))
    found = db.session.scalar(
        select(Person)
        .join(Invitation, Invitation.person_id == Person.id)
        .where(
            Invitation.token_hash == fingerprint(token),
            Invitation.purpose == purpose,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            Person.disabled_at.is_(None),
        )
    )
    if found is None:
        raise NotFound(GONE[purpose])
    return found


def accept_invitation(token: str, password: str, *, now: datetime) -> Person:
    """Set the password that an invitation allows, once; older logins of the person end."""
    person = invited(token, now=now)
    person.password_hash = hash_password(password, username=person.username)
    use_invitation(token, now=now)
    close_all(person.id, now=now)
    record("password_set", person, person.username, by=person.id, now=now)
    return person


def use_invitation(token: str, *, now: datetime) -> None:
    """Spend an invitation. Raises NotFound when somebody else was faster."""
    spent = db.session.execute(
        update(Invitation)
        .where(Invitation.token_hash == fingerprint(token), Invitation.used_at.is_(None))
        .values(used_at=now)
        .returning(Invitation.purpose)
    ).scalar()
    if spent is None:
        raise NotFound(GONE[PASSWORD])
