"""Passwords: argon2id, and the few words that make a bad one."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.core.errors import Invalid

SHORTEST = 10
LONGEST = 128
_hasher = PasswordHasher()
NOBODY = _hasher.hash("the password of nobody at all")
"""Checked when the user name does not exist, so that the answer takes as long."""


def hash_password(password: str, *, username: str) -> str:
    """The argon2id hash of a new password. Raises Invalid with what to change."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            f"密码请设置 {SHORTEST} 到 {LONGEST} 个字符。", fields={"password": f"至少 {SHORTEST} 个字符"}
        )
    if len(set(password)) < 5 or username.lower() in password.lower():  # noqa: PLR2004 - all but one letter
        raise Invalid("这个密码太容易被猜到，请换一个。", fields={"password": "太容易被猜到"})
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one; takes the same time when there is no such person."""
    try:
        return _hasher.verify(password_hash or NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
