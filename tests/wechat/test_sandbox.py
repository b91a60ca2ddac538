"""The sandbox itself, held to the wire as Tencent documents it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, Response, request

from server.wechat.callbacks import CallbackRefused, Keys, read
from server.wechat.events import Event
from server.wechat.sandbox.app import create_sandbox
from server.wechat.sandbox.demo import CORPID, MINI_APPID, MP_APPID, demo_openid, demo_state
from tests.wechat.conftest import START, Box, serve


def get(box: Box, path: str, **params: str) -> dict[str, Any]:
    answer = requests.get(box.base + path, params=params, timeout=5)
    assert answer.status_code == 200
    return dict(answer.json())


def post(box: Box, path: str, body: Any, **params: str) -> dict[str, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    answer = requests.post(box.base + path, params=params, data=data, timeout=5)
    assert answer.status_code == 200
    return dict(answer.json())


def stable(box: Box, **more: Any) -> dict[str, Any]:
    account = box.account(MP_APPID)
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret} | more
    return post(box, "/cgi-bin/stable_token", body)


def plain(box: Box, appid: str = MP_APPID) -> str:
    account = box.account(appid)
    granted = get(box, "/cgi-bin/token", grant_type="client_credential", appid=appid, secret=account.secret)
    assert set(granted) == {"access_token", "expires_in"}
    return str(granted["access_token"])


def errcode(box: Box, token: str) -> int:
    return int(get(box, "/cgi-bin/ticket/getticket", access_token=token, type="jsapi")["errcode"])


def test_a_stable_token_stays_the_same_until_its_last_five_minutes(box: Box) -> None:
    first = stable(box)
    assert (set(first), first["expires_in"]) == ({"access_token", "expires_in"}, 7200)
    box.forward(6900)
    assert stable(box) == {"access_token": first["access_token"], "expires_in": 300}
    box.forward(1)
    second = stable(box)["access_token"]
    assert second != first["access_token"]
    assert errcode(box, first["access_token"]) == errcode(box, second) == 0
    box.forward(300)
    assert errcode(box, first["access_token"]) == 42001


def test_a_forced_stable_token_ends_the_former_but_not_within_half_a_minute(box: Box) -> None:
    first = stable(box)["access_token"]
    forced = stable(box, force_refresh=True)["access_token"]
    assert errcode(box, first) == 40001
    assert stable(box, force_refresh=True)["access_token"] == forced
    box.forward(30)
    assert stable(box, force_refresh=True)["access_token"] != forced


def test_forcing_is_allowed_twenty_times_a_day(box: Box) -> None:
    seen = set()
    for _ in range(25):
        seen.add(stable(box, force_refresh=True)["access_token"])
        box.forward(31)
    assert len(seen) == 20


def test_a_plain_token_replaces_the_former_after_five_minutes_and_leaves_the_stable_one(box: Box) -> None:
    kept, first = stable(box)["access_token"], plain(box)
    second = plain(box)
    assert errcode(box, first) == errcode(box, second) == errcode(box, kept) == 0
    box.forward(300)
    assert errcode(box, first) == 42001
    assert errcode(box, second) == errcode(box, kept) == 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"grant_type": "x"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wxnobody"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
def test_a_wrong_token_request_has_its_own_code(box: Box, changed: dict[str, str], expected: int) -> None:
    answer = stable(box, **changed)
    assert answer["errcode"] == expected
    assert "rid: " in answer["errmsg"]


@pytest.mark.parametrize(("body", "expected"), [(b"", 44002), (b"{", 47001), (b"[]", 47001)])
def test_a_wrong_body_has_its_own_code(box: Box, body: bytes, expected: int) -> None:
    assert post(box, "/cgi-bin/stable_token", body)["errcode"] == expected


def test_calls_without_the_right_token_are_refused(box: Box) -> None:
    assert get(box, "/cgi-bin/stable_token")["errcode"] == 43002
    assert get(box, "/cgi-bin/ticket/getticket")["errcode"] == 41001
    assert errcode(box, "made-up") == 40001
    assert errcode(box, plain(box, MINI_APPID)) == 48001
    assert post(box, "/cgi-bin/message/send", {}, access_token="x")["errcode"] == 40014


def test_the_documented_subscribe_message_is_taken_word_for_word(box: Box) -> None:
    openid = demo_openid(MINI_APPID, "resident-1")
    body = {
        "touser": openid,
        "template_id": "TPL",
        "page": "pages/ticket/detail?id=91",
        "miniprogram_state": "formal",
        "lang": "zh_CN",
        "data": {
            "character_string1": {"value": "WY20260001"},
            "thing2": {"value": "3号楼电梯停运"},
            "phrase3": {"value": "处理中"},
            "time4": {"value": "2026年3月1日 15:01"},
            "thing5": {"value": "物业已派工"},
        },
    }
    templates = box.account(MINI_APPID).templates
    templates["TPL"] = type(templates["tpl-mini-any"])("进度", dict.fromkeys(body["data"], "项"))
    box.api("post", "/consents", {"openid": openid, "template_id": "TPL"})
    token = plain(box, MINI_APPID)
    assert post(box, "/cgi-bin/message/subscribe/send", body, access_token=token)["errcode"] == 0
    assert post(box, "/cgi-bin/message/subscribe/send", body, access_token=token)["errcode"] == 43101
    body["data"]["thing2"]["value"] = ""
    answer = post(box, "/cgi-bin/message/subscribe/send", body, access_token=token)
    assert (answer["errcode"], "data.thing2.value" in answer["errmsg"]) == (47003, True)


def test_the_documented_card_is_taken_and_names_who_does_not_exist(box: Box) -> None:
    account = box.account(CORPID)
    token = get(box, "/cgi-bin/gettoken", corpid=CORPID, corpsecret=account.secret)
    assert (token["errcode"], token["expires_in"]) == (0, 7200)
    card = {"title": "新工单", "description": "电梯", "url": "https://a.example/", "btntxt": "处理"}
    body = {"touser": "manager-1|zhangsan", "agentid": 1000002, "msgtype": "textcard", "textcard": card}
    answer = post(box, "/cgi-bin/message/send", body, access_token=token["access_token"])
    assert (answer["errcode"], answer["invaliduser"]) == (0, "zhangsan")
    other = post(box, "/cgi-bin/message/send", body | {"agentid": 1}, access_token=token["access_token"])
    assert other["errcode"] == 40056


def test_the_documented_robot_posts_are_taken(box: Box) -> None:
    key = box.config.wecom_robot_url.split("key=")[1]
    mentioned = {"content": "新工单", "mentioned_mobile_list": ["13800000000"]}
    for body in (
        {"msgtype": "text", "text": mentioned},
        {"msgtype": "markdown", "markdown": {"content": "**新工单**"}},
    ):
        assert post(box, "/cgi-bin/webhook/send", body, key=key)["errcode"] == 0
    long = {"msgtype": "text", "text": {"content": "电" * 683}}
    assert post(box, "/cgi-bin/webhook/send", long, key=key)["errcode"] == 40058
    assert post(box, "/cgi-bin/webhook/send", long, key="wrong")["errcode"] == 93000


def test_phones_and_consents_outlast_the_process(tmp_path: Path) -> None:
    path, openid = tmp_path / "state.json", demo_openid(MP_APPID, "manager-1")
    state = demo_state(lambda: START, path=path)
    client = create_sandbox(state, clock=lambda: START).test_client()
    consent = {"openid": openid, "template_id": "tpl-sub-any"}
    assert client.post("/_sandbox/api/consents", json=consent).json == {"left": 1}
    body = {"msgtype": "text", "text": {"content": "早"}}
    robot = state.people[-1].addresses["robot"]
    client.post(f"/cgi-bin/webhook/send?key={robot}", data=json.dumps(body))
    again = demo_state(lambda: START, path=path)
    create_sandbox(again, clock=lambda: START)
    assert again.arrivals == state.arrivals
    assert again.quota == {(openid, "tpl-sub-any"): 1}


class Product:
    """A receiver of pushes that reads them as the product does."""

    def __init__(self, keys: Keys) -> None:
        self.events: list[Event] = []
        self.app = Flask("product")

        @self.app.post("/wechat/callback")
        def callback() -> Response:
            try:
                now = datetime.fromtimestamp(START.timestamp(), UTC)
                self.events.append(read(keys, request.args, request.get_data(), now=now))
            except CallbackRefused as refused:
                return Response(refused.code, status=refused.status)
            return Response("success")


@pytest.mark.parametrize("style", ["xml", "json"])
@pytest.mark.parametrize("aes", [True, False])
@pytest.mark.parametrize("timing", ["early", "late"])
def test_a_push_reaches_the_product_as_often_as_told(box: Box, style: str, aes: bool, timing: str) -> None:
    config = box.config
    key = config.mp_aes_key if aes else ""
    product = Product(Keys(config.mp_token, MP_APPID, key))
    server = serve(product.app)
    target = {"url": f"http://127.0.0.1:{server.port}/wechat/callback", "token": config.mp_token}
    box.api(
        "put",
        "/target",
        target | {"appid": MP_APPID, "aes_key": key, "style": style, "timing": timing, "copies": 2},
    )
    openid = demo_openid(MP_APPID, "resident-1")
    box.api("post", "/consents", {"openid": openid, "template_id": "tpl-sub-any"})
    for _ in range(200):
        if len(box.state.pushed) == 2:
            break
        box.api("get", "/calls")
    server.shutdown()
    server.server_close()
    assert box.state.pushed == [200, 200]
    assert len({one.dedupe_key for one in product.events}) == 1
    assert [one.answer for one in product.events[0].consents] == ["accept"]


def test_a_push_with_the_wrong_token_is_turned_away(box: Box) -> None:
    product = Product(Keys("another token", MP_APPID))
    server = serve(product.app)
    url = f"http://127.0.0.1:{server.port}/wechat/callback"
    box.api("put", "/target", {"url": url, "token": "token", "appid": MP_APPID})
    box.api("post", "/push", {"ToUserName": "g", "FromUserName": "o", "MsgType": "event", "Event": "x"})
    server.shutdown()
    server.server_close()
    assert (box.state.pushed, product.events) == ([403], [])


def test_the_call_log_holds_no_secret(box: Box) -> None:
    stable(box)
    assert box.account(MP_APPID).secret not in json.dumps(box.api("get", "/calls"))
    box.api("delete", "/calls")
    assert box.paths() == []
