"""What a member of staff does to his own account: see and end his logins, change his password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from server.accounts.login import TRIES, WINDOW
from server.accounts.models import Person, Session
from server.accounts.passwords import hash_password, matches
from server.accounts.people import record
from server.accounts.sessions import STAFF_IDLE, close_all
from server.core.db import db
from server.core.errors import Invalid, NotFound
from server.core.limits import hit

SLOW_DOWN = f"试得太多了，请过 {WINDOW // timedelta(minutes=1)} 分钟再试。"


@dataclass(frozen=True)
class Login:
    """One login that still works."""

    session_id: int
    device: str
    created_at: datetime
    seen_at: datetime


def myself(person_id: int | None) -> Person:
    """One's own account. Raises NotFound for a stranger."""
    found = db.session.get(Person, person_id) if person_id else None
    if found is None:
        raise NotFound("没有找到这个人。")
    return found


def logins_of(person_id: int, *, now: datetime) -> list[Login]:
    """The logins of a person that still work, the latest used first."""
    rows = db.session.execute(
        select(Session.id, Session.device, Session.created_at, Session.seen_at)
        .where(
            Session.person_id == person_id,
            Session.ended_at.is_(None),
            Session.expires_at > now,
            Session.seen_at > now - STAFF_IDLE,
        )
        .order_by(Session.seen_at.desc(), Session.id.desc())
    )
    return [Login(*row) for row in rows]


def end_login(person_id: int, session_id: int, *, now: datetime) -> None:
    """End one of one's own logins. Raises NotFound for anybody else's."""
    done = db.session.execute(
        update(Session)
        .where(Session.id == session_id, Session.person_id == person_id, Session.ended_at.is_(None))
        .values(ended_at=now)
        .returning(Session.id)
    ).first()
    if done is None:
        raise NotFound("没有找到这次登录，它可能已经退出。")


def change_password(person_id: int, *, old: str, new: str, keep_session: int | None, now: datetime) -> None:
    """A new password for somebody who knows the old one; his other logins end. Raises Invalid, TooMany."""
    hit("password", str(person_id), most=TRIES, window=WINDOW, sentence=SLOW_DOWN, now=now)
    person = db.session.get_one(Person, person_id)
    if not matches(old, person.password_hash):
        raise Invalid("原密码不对。", fields={"old": "原密码不对，请再试一次"})
    person.password_hash = hash_password(new, username=person.username)
    close_all(person_id, but=keep_session, now=now)
    record("password_changed", person, person.username, by=person_id, now=now)
