"""Logging in with a name and a password; guessing is slow and tells nothing."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from server.accounts.models import LoginFailure, Person
from server.accounts.passwords import matches
from server.core.crypto import vault
from server.core.db import NATIONAL, db
from server.core.errors import TooMany

TRIES = 5
WINDOW = timedelta(minutes=15)


def check_login(username: str, password: str, *, now: datetime) -> Person | None:
    """Who logs in with these, or None; a failure is counted. Raises TooMany after five in a quarter hour."""
    index = vault().blind(username.strip().lower(), purpose="login")
    since = now - WINDOW
    failures = db.session.scalar(
        select(func.count()).where(LoginFailure.username_index == index, LoginFailure.at > since)
    )
    if (failures or 0) >= TRIES:
        minutes = WINDOW // timedelta(minutes=1)
        raise TooMany(
            f"密码连续输错 {TRIES} 次，请 {minutes} 分钟后再试，或联系管理员重发邀请链接。",
            retry_after=int(WINDOW.total_seconds()),
        )
    person = db.session.scalar(
        select(Person).where(Person.username == username.strip(), Person.disabled_at.is_(None))
    )
    if matches(password, person.password_hash if person else None):
        return person
    db.session.add(LoginFailure(county_id=NATIONAL, username_index=index, at=now))
    return None
