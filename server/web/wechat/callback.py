"""WeChat's pushes to us: verified, recorded, answered at once."""

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState

from server.core import clock
from server.core.entry import PUBLIC, entry
from server.wechat import plug
from server.wechat.receiving import take_in

blueprint = Blueprint("wechat_callback", __name__)
MOST_BYTES = 64 * 1024
DONE = "success"


@blueprint.record_once
def _no_form(state: BlueprintSetupState) -> None:
    """WeChat signs its pushes; it has no form token of ours."""
    state.app.extensions["no_csrf"].add("wechat_callback.receive")


@blueprint.get("/wechat/callback")
@entry(PUBLIC)
def verify() -> Response:
    """The echo by which WeChat verifies the address."""
    return _text(plug.echoed(request.args, now=clock.now()))


@blueprint.post("/wechat/callback")
@entry(PUBLIC)
def receive() -> Response:
    """One event; a repeat is answered the same and does nothing."""
    request.max_content_length = MOST_BYTES
    now = clock.now()
    take_in(plug.opened(request.args, request.get_data(), now=now), plug.config(), now=now)
    return _text(DONE)


def _text(text: str) -> Response:
    return Response(text, mimetype="text/plain")
