"""Photos that come with a form: stored before anything else is judged, so that no faulty field loses them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import request

from server.core import http
from server.core.addresses import from_outside
from server.core.errors import HouseError
from server.core.tokens import fingerprint
from server.photos.firsts import unused_photos
from server.photos.formats import MAX_BYTES
from server.photos.links import Size
from server.photos.service import keep_photo, link

MOST = 9
BYTES_MOST = (MOST + 1) * MAX_BYTES
"""Of a form with all its photos and words."""
ID = re.compile(r"[0-9a-f]{32}")
NAME_MOST = 60


@dataclass(frozen=True)
class FormPhotos:
    """The photos of one form: their ids in order, and a sentence where one was refused; none to begin with."""

    ids: tuple[str, ...] = ()
    error: str = ""


def take_photos(key: str | None = None, *, now: datetime) -> FormPhotos:
    """The form's photos, old and new; what was stored is kept, whatever becomes of the form.

    With the form's key, the same form sent twice gives the same ids.
    """
    dropped = request.form.getlist("drop")
    ids = [one for one in request.form.getlist("photos") if ID.fullmatch(one) and one not in dropped]
    errors: list[str] = []
    for name, data in _files():
        if len(ids) >= MOST:
            errors.append(f"最多 {MOST} 张照片，多出的没有加上。")
            break
        try:
            ids.append(_keep(data, key, now=now))
        except HouseError as refused:
            errors.append(f"{name}：{refused.message}")
    return FormPhotos(tuple(dict.fromkeys(ids)), "；".join(dict.fromkeys(errors)))


def _files() -> Iterator[tuple[str, bytes]]:
    """The files that came along by name, one at a time; an input left empty sends a file without bytes."""
    for file in request.files.getlist("photo"):
        data = file.read()
        if data:
            yield (file.filename or "照片")[:NAME_MOST], data


def _keep(data: bytes, key: str | None, *, now: datetime) -> str:
    once = fingerprint(f"{key}:{sha256(data).hexdigest()}") if key else None
    photo, _ = keep_photo(data, key=once, address=from_outside(), now=now)
    http.keep()
    return photo.id


def thumbs(ids: tuple[str, ...], *, now: datetime) -> list[dict[str, str]]:
    """The photos to show in the form again; only those that no report uses yet, so that no link is made for another's."""
    return [{"id": one, "thumb_url": link(one, Size.THUMB, now=now)} for one in unused_photos(ids)]
