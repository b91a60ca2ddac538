"""Pictures in the sandbox: kept three days."""

import secrets
from datetime import timedelta

from flask import Blueprint, Response, request

from server.wechat.sandbox.model import Kind, State
from server.wechat.sandbox.wire import WireError, answer, caller, locked

KEPT = timedelta(days=3)

wire = Blueprint("sandbox_media", __name__)


def keep(state: State, content_type: str, data: bytes) -> str:
    """Keep a file; gives its media id."""
    media_id = secrets.token_urlsafe(48)
    state.media[media_id] = (content_type, data, state.now() + KEPT)
    return media_id


@wire.get("/cgi-bin/media/get")
@locked
def media_get(state: State) -> Response:
    """The bytes of a file; 40007 for an unknown or old one."""
    caller(state, Kind.MP, Kind.MINI)
    media_id = request.args.get("media_id", "")
    content_type, data, until = state.media.get(media_id, ("", b"", state.now()))
    if until <= state.now():
        raise WireError(40007)
    response = Response(data, content_type=content_type)
    response.headers["Content-disposition"] = f'attachment; filename="{media_id}.jpg"'
    return response


@wire.post("/cgi-bin/media/upload")
@locked
def media_upload(state: State) -> Response:
    """Take a file; an empty one is 44001, as a retry that forgot to rewind would send."""
    caller(state, Kind.MP, Kind.MINI)
    file = request.files.get("media")
    data = file.read() if file else b""
    if not file or not data:
        raise WireError(44001, "empty media data")
    media_id = keep(state, file.content_type or "image/jpeg", data)
    return answer({"type": "image", "media_id": media_id, "created_at": int(state.now().timestamp())})
