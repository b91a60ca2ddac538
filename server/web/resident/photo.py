"""`/p/<photo_id>/<size>`: a photo for whoever holds a signed address that has not run out."""

from flask import Blueprint, Response, current_app, request

from server.accounts.guards import actor
from server.core import clock
from server.core.entry import PUBLIC, entry
from server.core.errors import NotFound
from server.photos.links import Size, verify
from server.photos.service import LINK_LASTS, file_name, store
from server.reports.pictures import may_see

blueprint = Blueprint("photo", __name__)
NO_PHOTO = "没有这张照片。"


@blueprint.get("/p/<photo_id>/<size>")
@entry(PUBLIC)
def photo(photo_id: str, size: str) -> Response:
    """The bytes, for this browser's own cache alone; they never change under their name. NotFound for foreign staff."""
    if size not in set(Size):
        raise NotFound(NO_PHOTO)
    viewer, now = request.args.get("v", ""), clock.now()
    verify(
        photo_id,
        Size(size),
        expires=request.args.get("e", ""),
        signature=request.args.get("s", ""),
        secret=current_app.extensions["settings"].secret_key,
        now=now,
        viewer=viewer,
    )
    if not may_see(photo_id, actor(), viewer=viewer, now=now):
        raise NotFound(NO_PHOTO)
    answer = Response(store().open(file_name(photo_id, Size(size))), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = f"private, max-age={int(LINK_LASTS.total_seconds())}, immutable"
    answer.headers["Content-Disposition"] = "inline"
    return answer
