"""The call that takes in one photo (contract.md, JSON API)."""

from typing import Any

from flask import request
from marshmallow import EXCLUDE

from server.core import clock
from server.core.addresses import from_outside
from server.core.entry import PUBLIC, entry, takes_files
from server.core.errors import Invalid
from server.core.schemas import Calls
from server.core.tokens import plausible
from server.photos.formats import MAX_BYTES
from server.photos.links import Size
from server.photos.schemas import PhotoFile, PhotoTaken
from server.photos.service import keep_photo, link

calls = Calls("photos", __name__, description="照片")

KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{22,128}$"},
}


@calls.post("/photos")
@entry(PUBLIC)
@takes_files(most=MAX_BYTES + 2**20)
@calls.arguments(PhotoFile, location="files", unknown=EXCLUDE)
@calls.response(201, PhotoTaken)
@calls.alt_response(409, description="the key came with another picture")
@calls.alt_response(413, description="too many bytes or pixels")
@calls.alt_response(429, description="too many photos waiting from this address")
@calls.doc(parameters=[KEY])
def take(files: dict[str, Any]) -> dict[str, str]:
    """Take in one photo; unless a report uses it, it is deleted after seven days."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not plausible(key):
        raise Invalid("请求头 Idempotency-Key 要有 22 到 128 个字母或数字。", code="bad_key")
    now = clock.now()
    photo, _ = keep_photo(files["file"].read(), key=key, address=from_outside(), now=now)
    return {
        "id": photo.id,
        "url": link(photo.id, Size.FULL, now=now),
        "thumb_url": link(photo.id, Size.THUMB, now=now),
    }
