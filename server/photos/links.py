"""Addresses of photos: unguessable, bound to their viewer, gone after a while."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from urllib.parse import quote

from itsdangerous import Signer

from server.core.errors import Forbidden

SALT = "server.photos.links"
GONE = "照片地址已失效，请返回上一页刷新后再看。"


class Size(StrEnum):
    """The two sizes a photo is kept in, by their longest side in pixels."""

    FULL = "1600"
    THUMB = "320"


def sign(photo_id: str, size: Size, *, secret: str, now: datetime, ttl: timedelta, viewer: str = "") -> str:
    """The path `/p/<photo_id>/<size>?e=<expiry>&s=<signature>`, good until `now + ttl` for this viewer alone.

    `viewer` is any plain name the edge can derive again when the photo is asked for, and stands in the path as
    `v`; empty means whoever was given the address.
    """
    expires = int((now + ttl).timestamp())
    own = f"v={quote(viewer, safe='')}&" if viewer else ""
    return f"/p/{photo_id}/{size}?{own}e={expires}&s={_signature(photo_id, size, expires, secret, viewer)}"


def verify(
    photo_id: str,
    size: Size,
    *,
    expires: str,
    signature: str,
    secret: str,
    now: datetime,
    viewer: str = "",
) -> None:
    """Pass a link that `sign` made and whose time has not run out; Forbidden for any other."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12):  # noqa: PLR2004 - far past any year we see
        raise Forbidden(GONE)
    # Compared as text: decoded base 64 would let the last character be changed unnoticed.
    ours = _signature(photo_id, size, int(expires), secret, viewer)
    if (
        not compare_digest(ours.encode(), signature.encode(errors="replace"))
        or int(expires) < now.timestamp()
    ):
        raise Forbidden(GONE)


def _signature(photo_id: str, size: Size, expires: int, secret: str, viewer: str) -> str:
    return _signer(secret).get_signature(_value(photo_id, size, expires, viewer)).decode()


def _signer(secret: str) -> Signer:
    return Signer(secret, salt=SALT, key_derivation="hmac", digest_method=hashlib.sha256)


def _value(photo_id: str, size: Size, expires: int, viewer: str) -> bytes:
    return "\n".join((photo_id, size, str(expires), viewer)).encode()
