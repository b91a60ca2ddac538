"""Passwords: argon2id, and the few words that make a bad one."""

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.core.errors import Invalid

SHORTEST = 10
LONGEST = 128
COMMON = re.compile(
    "password|passw0rd|p@ssw0rd|administrator|admin|root|letmein|welcome|iloveyou|monkey|dragon|football|baseball|"
    "superman|princess|sunshine|qwertyuiop|qwerty|asdfghjkl|asdfgh|zxcvbnm|zxcvbn|1qaz2wsx3edc|1qaz2wsx|qazwsx|"
    "q1w2e3r4t5|q1w2e3r4|1q2w3e4r5t|1q2w3e4r|abc123|abcdefghij|abcdef|1234567890|123456789|12345678|123456|12345|"
    "0987654321|987654321|654321|5201314|1314520|woaini|nihao|wodemima|zhongguo|mashangban|wuye|yishui|shanting|"
    "linyi|zaozhuang|zhujian|jiedao|shequ|xiaoqu|shenfang|(19|20)[0-9]{2}|111+|000+|666+|888+|123|abc|aaa+"
)
"""What guesses begin with: the usual lists, walks over the keyboard, and words of this trade and these counties."""
LEFT = 4
"""Letters that a password must have beyond those."""
_hasher = PasswordHasher()
NOBODY = _hasher.hash("the password of nobody at all")
"""Checked when the user name does not exist, so that the answer takes as long."""


def hash_password(password: str, *, username: str) -> str:
    """The argon2id hash of a new password. Raises Invalid with what to change."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            f"密码请设置 {SHORTEST} 到 {LONGEST} 个字符。", fields={"password": f"至少 {SHORTEST} 个字符"}
        )
    rest = COMMON.sub("", password.lower().replace(username.lower(), ""))
    if len(set(password)) < 5 or len(rest) < LEFT or username.lower() in password.lower():  # noqa: PLR2004
        raise Invalid("这个密码太容易被猜到，请换一个。", fields={"password": "太容易被猜到"})
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is the one; takes the same time when there is no such person."""
    if len(password) > LONGEST:
        password = ""  # longer than any that was ever set; costs as much as every other wrong one
    try:
        return _hasher.verify(password_hash or NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
