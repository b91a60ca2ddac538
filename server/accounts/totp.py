"""Codes of an authenticator (RFC 6238, SHA-1, six digits, thirty seconds: what every app on a phone can do); pure."""

import base64
import hmac
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

ISSUER = "码上办"
DIGITS, SECONDS = 6, 30
SECRET_BYTES = 20
"""As long as the hash, as RFC 4226 recommends."""
DRIFT = (-1, 0, 1)
"""Steps that a phone's clock may be off."""


def spelled(key: bytes) -> str:
    """A secret as authenticators take it: base32."""
    return base64.b32encode(key).decode()


def in_groups(secret: str) -> str:
    """The secret in groups of four, to be typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def code_at(secret: str, seconds: int, *, digits: int = DIGITS) -> str:
    """The code of a secret at an instant, in seconds since 1970."""
    # RFC 6238's own hash; what authenticators on phones agree on. The key is random and longer than an attack needs.
    generator = TOTP(base64.b32decode(secret), digits, SHA1(), SECONDS)  # noqa: S303
    return generator.generate(seconds).decode()


def step_of(secret: str, code: str, *, seconds: int, after: int | None) -> int | None:
    """The time step whose code this is, within the drift and later than `after`; None where there is none."""
    found = None
    for shift in DRIFT:
        step = seconds // SECONDS + shift
        same = hmac.compare_digest(code_at(secret, step * SECONDS).encode(), code.encode())
        if same and (after is None or step > after):
            found = step
    return found


def address(secret: str, username: str) -> str:
    """What the QR code says to an authenticator."""
    label = quote(f"{ISSUER}:{username}")
    given = {"secret": secret, "issuer": ISSUER, "digits": DIGITS, "period": SECONDS}
    return f"otpauth://totp/{label}?{urlencode(given)}"
