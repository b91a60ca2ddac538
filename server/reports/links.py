"""The tracking link: whoever has it may read, nobody can make one up."""

import hashlib
import hmac

from flask import current_app

LENGTH = 24


def read_key(no: str) -> str:
    """What stands behind `k=` in the tracking link of a report: 96 bits that only we can compute."""
    secret = current_app.extensions["settings"].secret_key.encode()
    return hmac.new(secret, f"track:{no}".encode(), hashlib.sha256).hexdigest()[:LENGTH]


def readable(no: str, key: str) -> bool:
    """Whether a link's key belongs to the number."""
    return hmac.compare_digest(read_key(no).encode(), key.encode(errors="replace"))


def track_url(no: str) -> str:
    """The whole address of the tracking page, safe to pass on: it lets read, not act."""
    base = current_app.extensions["settings"].base_url
    return f"{base}/r/{no}?k={read_key(no)}"
