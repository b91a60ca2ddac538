"""Tencent's check files: exactly the bytes of the settings, at the root and beside the scan codes."""

from flask import Blueprint, Response, current_app

from server.core.entry import PUBLIC, entry
from server.core.errors import NotFound
from server.settings import pairs

blueprint = Blueprint("wechat_checks", __name__)


@blueprint.get("/<name>.txt")
@blueprint.get("/e/<name>.txt")
@entry(PUBLIC)
def check_file(name: str) -> Response:
    """A check file by its name. Raises NotFound for any other."""
    content = pairs(current_app.extensions["settings"].wechat_check_files).get(f"{name}.txt")
    if content is None:
        raise NotFound("没有这个文件。")
    return Response(content.encode(), content_type="text/plain")
