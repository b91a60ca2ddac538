"""Random tokens: shown once, kept as a fingerprint, never stored readable."""

import hashlib
import re
import secrets

SHAPE = re.compile(r"[A-Za-z0-9_-]{22,128}\Z")


def new_token() -> str:
    """256 random bits, safe in a URL or a cookie."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def plausible(token: str) -> bool:
    """Whether a text can be one of our tokens or a client's key of at least 128 bits."""
    return SHAPE.match(token) is not None
