"""Answers that no documentation shows: the wire turns each into a refusal and never into an error of its own."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response, request

from server.wechat.client import TIMEOUT_SECONDS
from server.wechat.errors import WeChatRefused
from server.wechat.sdk import Wire
from tests.wechat.conftest import serve

ANSWERS: dict[str, tuple[str, int, str]] = {
    "/empty": ("", 200, "malformed"),
    "/list": ("[1]", 200, "malformed"),
    "/page": ("<html>maintenance</html>", 200, "malformed"),
    "/half": ('{"access_token": "abc', 200, "malformed"),
    "/word": ('{"errcode": "busy"}', 200, "malformed"),
    "/nothing": ('{"errcode": null}', 200, "malformed"),
    "/text": ('{"errcode": "45009", "errmsg": "over rid: 0a1b2c3d-0a1b2c3d-0a1b2c3d"}', 200, "45009"),
    "/bare": ('{"errcode": -1}', 200, "-1"),
    "/odd": ('{"errcode": 47003, "errmsg": {"a": 1}}', 200, "47003"),
    "/gateway": ("bad gateway", 502, "http_502"),
}


@pytest.fixture
def stub() -> Iterator[str]:
    app = Flask("stub")

    def answering(body: str, status: int) -> Callable[[], Response]:
        return lambda: Response(body, status=status)

    for path, (body, status, _) in ANSWERS.items():
        app.add_url_rule(path, path, answering(body, status))
    app.add_url_rule(
        "/moved",
        "moved",
        lambda: Response(status=302, headers={"Location": f"/caught?{request.query_string.decode()}"}),
    )
    app.add_url_rule("/caught", "caught", lambda: {"errcode": 0, "caught": True})
    server = serve(app)
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("path", sorted(ANSWERS))
def test_an_answer_out_of_shape_is_a_refusal(stub: str, path: str) -> None:
    with pytest.raises(WeChatRefused) as caught:
        Wire(stub, timeout=TIMEOUT_SECONDS).ask("get", path)
    assert caught.value.code == ANSWERS[path][2]
    assert caught.value.__context__ is None


def test_a_redirect_does_not_carry_the_token_away(stub: str) -> None:
    with pytest.raises(WeChatRefused) as caught:
        Wire(stub, timeout=TIMEOUT_SECONDS).ask("get", "/moved", [("access_token", "t")])
    assert caught.value.code == "malformed"


def test_a_request_id_of_any_shape_is_only_taken_when_it_looks_like_one(stub: str) -> None:
    for path, rid in (("/text", "0a1b2c3d-0a1b2c3d-0a1b2c3d"), ("/odd", "")):
        with pytest.raises(WeChatRefused) as caught:
            Wire(stub, timeout=TIMEOUT_SECONDS).ask("get", path)
        assert caught.value.rid == rid
