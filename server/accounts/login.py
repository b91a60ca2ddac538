"""Logging in with a name, a password, and a code where one is set up; guessing is slow and tells nothing."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from server.accounts import second_factor
from server.accounts.models import LoginFailure, Person
from server.accounts.passwords import matches
from server.core import audit
from server.core.counties import Key, open_by
from server.core.crypto import vault
from server.core.db import NATIONAL, db
from server.core.errors import TooMany

TRIES = 5
WINDOW = timedelta(minutes=15)
LOCK = 58_371_325
"""The class of the advisory locks that let one guess at a name be weighed at a time."""


def check_login(username: str, password: str, *, now: datetime) -> Person | None:
    """Who logs in with these, or None; a failure is counted. Raises TooMany after five in a quarter hour."""
    index = _check_tries(username, now=now)
    open_by(Key.LOGIN, username.strip())
    person = _named(username)
    if matches(password, person.password_hash if person else None):
        return person
    _count(index, person, now=now)
    return None


def check_code(person: Person, code: str, *, now: datetime) -> bool:
    """Whether the second factor's code is right; a failure counts like a wrong password. Raises TooMany."""
    index = _check_tries(person.username, now=now)
    if second_factor.fits(person, code, now=now):
        return True
    _count(index, person, now=now)
    return False


def check_first_code(person: Person, code: str, *, session_id: int | None, now: datetime) -> list[str] | None:
    """Turn the second factor on; gives the recovery codes, None for a wrong code, which is counted."""
    index = _check_tries(person.username, now=now)
    codes = second_factor.confirm(person, code, session_id=session_id, now=now)
    if codes is None:
        _count(index, person, now=now)
    return codes


def waiting_for_code(username: str) -> Person | None:
    """Whose password was right a moment ago and whose code is awaited; None when that is over."""
    open_by(Key.LOGIN, username)
    person = _named(username)
    return person if person and person.totp_since_at is not None else None


def _named(username: str) -> Person | None:
    return db.session.scalar(
        select(Person).where(Person.username == username.strip(), Person.disabled_at.is_(None))
    )


def _check_tries(username: str, *, now: datetime) -> str:
    """The name's fingerprint. Held until this transaction ends, so that no two guesses are counted as one."""
    index = vault().lasting(username.strip().lower(), purpose="login")
    db.session.execute(select(func.pg_advisory_xact_lock(LOCK, int(index[:7], 16))))
    if _failures(index, now=now) >= TRIES:
        minutes = WINDOW // timedelta(minutes=1)
        raise TooMany(
            f"连续输错 {TRIES} 次，请 {minutes} 分钟后再试，或联系管理员重发邀请链接。",
            retry_after=int(WINDOW.total_seconds()),
        )
    return index


def _failures(index: str, *, now: datetime) -> int:
    since = (LoginFailure.username_index == index, LoginFailure.at > now - WINDOW)
    return db.session.scalar(select(func.count()).where(*since)) or 0


def _count(index: str, person: Person | None, *, now: datetime) -> None:
    """One more failure; the one that locks the name is audited, with the name's fingerprint where nobody has it."""
    db.session.add(LoginFailure(county_id=NATIONAL, username_index=index, at=now))
    if _failures(index, now=now) == TRIES:
        county, about = (
            (person.county_id, f"person:{person.id}") if person else (NATIONAL, f"name:{index[:12]}")
        )
        audit.record(county, "login.lock", person_id=None, about=about, now=now)
