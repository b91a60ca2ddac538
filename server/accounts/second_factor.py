"""The second factor of a person: set up, shown to work, used, lost and reset; secrets sealed, codes used once."""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from server.accounts import totp
from server.accounts.models import Person, RecoveryCode
from server.accounts.people import record
from server.accounts.sessions import close_all
from server.core import audit
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Conflict, Forbidden, NotFound

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""
GROUPS, GROUP = 3, 4
"""59 bits a code; the keyed fingerprint keeps a stolen database from trying them."""


def begin(person: Person) -> None:
    """A fresh secret, which counts once a code of it was shown. Raises Conflict while another one counts."""
    if person.totp_since_at is not None:
        raise Conflict("两步验证已经开启。换手机请先关闭，再重新设置。")
    person.totp_sealed = vault().seal(totp.spelled(secrets.token_bytes(totp.SECRET_BYTES)))
    person.totp_step = None


def waiting_secret(person: Person) -> str | None:
    """The secret that waits for its first code, to be shown to its owner; None when none does."""
    if person.totp_sealed is None or person.totp_since_at is not None:
        return None
    return vault().open(person.totp_sealed)


def confirm(person: Person, code: str, *, session_id: int | None, now: datetime) -> list[str] | None:
    """Turn it on with the first code; gives the recovery codes, told once, or None for a wrong code.

    Logins elsewhere end. Raises Conflict when there is nothing to confirm.
    """
    if waiting_secret(person) is None:
        raise Conflict("请先开始设置两步验证。")
    if not _totp_fits(person, code, now=now):
        return None
    person.totp_since_at = now
    close_all(person.id, but=session_id, now=now)
    record("totp_on", person, person.username, by=person.id, now=now)
    return renew_codes(person, now=now)


def fits(person: Person, code: str, *, now: datetime) -> bool:
    """Whether a code of the authenticator, or a recovery code, is right and was never used; it is spent."""
    plain = "".join(code.split())
    return person.totp_since_at is not None and (
        _totp_fits(person, plain, now=now) or _recovery_fits(person, plain, now=now)
    )


def _totp_fits(person: Person, code: str, *, now: datetime) -> bool:
    if not (len(code) == totp.DIGITS and code.isascii() and code.isdigit()) or person.totp_sealed is None:
        return False
    secret, seconds = vault().open(person.totp_sealed), int(now.timestamp())
    step = totp.step_of(secret, code, seconds=seconds, after=person.totp_step)
    if step is None:
        return False
    # Decided by the row itself, so that of two requests with one code only one gets in.
    taken = db.session.execute(
        update(Person)
        .where(Person.id == person.id, or_(Person.totp_step.is_(None), Person.totp_step < step))
        .values(totp_step=step)
        .returning(Person.id)
    ).first()
    return taken is not None


def _recovery_fits(person: Person, code: str, *, now: datetime) -> bool:
    spent = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.code_index == _index(person, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    ).first()
    if spent is not None:
        record("recovery_used", person, f"还剩 {codes_left(person)} 个", by=person.id, now=now)
    return spent is not None


def _index(person: Person, code: str) -> str:
    plain = code.replace("-", "").lower()
    return vault().lasting(f"{person.id}:{plain}", purpose="recovery")


def codes_left(person: Person) -> int:
    """How many recovery codes have not been used."""
    query = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(query) or 0


def renew_codes(person: Person, *, now: datetime) -> list[str]:
    """Ten new recovery codes, told once; the old ones stop."""
    _forget_codes(person)
    codes = [_new_code() for _ in range(CODES)]
    db.session.add_all(
        RecoveryCode(
            county_id=person.county_id, person_id=person.id, code_index=_index(person, code), created_at=now
        )
        for code in codes
    )
    return codes


def _new_code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def _forget_codes(person: Person) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))


def turn_off(person: Person, *, session_id: int | None, now: datetime) -> None:
    """Its owner turns it off, as before a new phone; logins elsewhere end."""
    _clear(person)
    close_all(person.id, but=session_id, now=now)
    record("totp_off", person, person.username, by=person.id, now=now)


def reset(person: Person, *, reason: str, by: int | None, now: datetime) -> None:
    """Somebody else resets it for whoever lost phone and codes: audited, every login ends.

    Raises NotFound where there is none, Forbidden for one's own.
    """
    if by == person.id:
        raise Forbidden("自己的两步验证不能这样重置，请由另一位管理员操作，或用恢复码登录。")
    if person.totp_sealed is None:
        raise NotFound("这个人没有开启两步验证。")
    _clear(person)
    close_all(person.id, now=now)
    record("totp_reset", person, reason or person.username, by=by, now=now)
    audit.record(
        person.county_id,
        "login.totp_reset",
        person_id=by,
        about=f"person:{person.id}",
        reason=reason,
        now=now,
    )


def _clear(person: Person) -> None:
    person.totp_sealed = person.totp_since_at = person.totp_step = None
    _forget_codes(person)
