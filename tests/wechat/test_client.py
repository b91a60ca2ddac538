"""The clients against the sandbox, over the wire: what goes right."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from server.core.errors import Forbidden
from server.settings import read_settings
from server.wechat.client import connect
from server.wechat.config import WeChatConfig, from_settings
from server.wechat.errors import WeChatRefused
from server.wechat.mp import JsSignature
from server.wechat.sandbox.demo import CORPID, MINI_APPID, MP_APPID, demo_openid, robot_key
from server.wechat.sdk import jsapi_signature
from server.wechat.tokens import MemoryStore
from tests.wechat.conftest import Box

STABLE = "/cgi-bin/stable_token"
VALUES = {
    "character_string1": "YS260301-7K2QM",
    "thing2": "和谐家园",
    "phrase3": "处理中",
    "thing4": "已派工",
}
NOW = datetime(2026, 3, 1, 7, 1, tzinfo=UTC)


def test_a_login_code_of_the_mini_program_names_its_user(box: Box, mini_openid: str) -> None:
    user = box.wechat().mini.code2session(box.code(MINI_APPID))
    assert user.openid == mini_openid
    assert STABLE not in box.paths()


def test_the_session_key_never_leaves_the_client(box: Box) -> None:
    user = box.wechat().mini.code2session(box.code(MINI_APPID))
    assert set(vars(user)) == {"openid", "unionid"}


def test_a_subscribe_message_arrives_once_per_consent(box: Box, mini_openid: str) -> None:
    template = box.config.mini_templates["progress"]
    box.api("post", "/consents", {"openid": mini_openid, "template_id": template})
    mini = box.wechat().mini
    number = mini.subscribe_send(
        mini_openid, template, VALUES, page="pages/web/index?url=https%3A%2F%2Fa.example%2Fr"
    )
    phone = box.api("get", f"/phones/{mini_openid}")
    assert [one["number"] for one in phone["messages"]] == [number]
    assert phone["messages"][0]["link"] == "https://a.example/r"
    assert ["状态", "处理中"] in phone["messages"][0]["lines"]
    with pytest.raises(WeChatRefused) as caught:
        mini.subscribe_send(mini_openid, template, VALUES)
    assert caught.value.code == "43101"


def test_a_template_message_with_the_same_key_shows_once(box: Box, mp_openid: str) -> None:
    mp, template = box.wechat().mp, box.config.mp_templates["progress"]
    numbers = {
        mp.template_send(mp_openid, template, VALUES, url="https://a.example/r/1", key="p-1")
        for _ in range(3)
    }
    assert len(numbers) == 1
    assert int(numbers.pop()) > 2**53
    assert len(box.api("get", f"/phones/{mp_openid}")["messages"]) == 1


def test_a_subscribe_notice_reaches_a_non_follower(box: Box, mp_openid: str) -> None:
    template = box.config.subscribe_templates["progress"]
    box.api("post", "/follows", {"address": mp_openid, "follows": False})
    box.api("post", "/consents", {"openid": mp_openid, "template_id": template})
    box.wechat().mp.subscribe_bizsend(mp_openid, template, VALUES, page="https://a.example/r/1")
    assert box.api("get", f"/phones/{mp_openid}")["messages"][0]["link"] == "https://a.example/r/1"


def test_the_login_page_leads_back_with_code_and_state(box: Box, mp_openid: str) -> None:
    mp = box.wechat().mp
    url = mp.authorize_url("https://wy.example.gov.cn/wechat/oauth/callback?next=/e/a", state="abc123")
    assert url.endswith("#wechat_redirect")
    names = [pair.split("=")[0] for pair in urlsplit(url).query.split("&")]
    assert names == ["appid", "redirect_uri", "response_type", "scope", "state"]
    chosen = requests.get(f"{url.split('#')[0]}&as={mp_openid}", allow_redirects=False, timeout=5)
    back = urlsplit(chosen.headers["Location"])
    query = parse_qs(back.query)
    assert (back.netloc, query["next"], query["state"]) == ("wy.example.gov.cn", ["/e/a"], ["abc123"])
    visitor = mp.exchange(query["code"][0])
    assert visitor.openid == mp_openid
    assert not visitor.anonymous


@pytest.mark.parametrize("state", ["", "a&scope=snsapi_userinfo", "状态", "a" * 129])
def test_a_state_that_wechat_would_not_take_is_refused(box: Box, state: str) -> None:
    with pytest.raises(ValueError, match="state"):
        box.wechat().mp.authorize_url("https://a.example/", state=state)


def test_a_snapshot_visitor_is_nobody(box: Box) -> None:
    visitor = box.wechat().mp.exchange(box.code(MP_APPID, snapshot=True))
    assert visitor.anonymous
    assert visitor.openid == visitor.unionid == ""


def test_a_page_of_ours_is_signed_with_one_ticket(box: Box) -> None:
    mp = box.wechat().mp
    url = "https://wy.example.gov.cn/e/ABC?x=1"
    signed = [mp.sign_url(url + "#top", "wy.example.gov.cn", now=NOW) for _ in range(3)]
    ticket = box.state.tickets[MP_APPID][0]
    for one in signed:
        expected = jsapi_signature(ticket=ticket, nonce=one.nonce, timestamp=int(NOW.timestamp()), url=url)
        assert one == JsSignature(MP_APPID, int(NOW.timestamp()), one.nonce, expected)
    assert box.paths().count("/cgi-bin/ticket/getticket") == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/e/ABC",
        "https://wy.example.gov.cn.evil.example/",
        "https://wy.example.gov.cn@evil.example/",
        "https://evil.example\\@wy.example.gov.cn/",
        "https://wy.example.gov.cn:8443/",
        "//wy.example.gov.cn/",
        "javascript:alert(1)",
        "https://[bad/",
        "",
    ],
)
def test_a_foreign_page_is_not_signed(box: Box, url: str) -> None:
    with pytest.raises(Forbidden):
        box.wechat().mp.sign_url(url, "wy.example.gov.cn", now=NOW)
    assert box.paths() == []


def test_a_photo_of_the_js_sdk_is_fetched(box: Box) -> None:
    data = base64.b64encode(b"\xff\xd8 a photo").decode()
    media_id = box.api("post", "/media", {"content_type": "image/jpeg", "data": data})["media_id"]
    assert box.wechat().mp.media_get(media_id) == ("image/jpeg", b"\xff\xd8 a photo")


def test_a_card_reaches_a_colleague_and_a_repeat_does_not(box: Box) -> None:
    wecom = box.wechat().wecom
    for _ in range(2):
        wecom.send_textcard("Manager-1", title="新工单", description="电梯停运", url="https://a.example/m/1")
    messages = box.api("get", "/phones/manager-1")["messages"]
    assert [(one["title"], one["text"], one["link"]) for one in messages] == [
        ("新工单", "电梯停运", "https://a.example/m/1")
    ]


def test_a_robot_posts_within_its_byte_limits(box: Box) -> None:
    robot = box.wechat().robot()
    robot.send_text("新工单\n" + "电" * 2000)
    robot.send_markdown("**新工单**\n" + "电" * 2000)
    messages = box.api("get", f"/phones/{robot_key()}")["messages"]
    assert [one["text"][-1] for one in messages] == ["…", "…"]


def test_eight_threads_fetch_one_token(box: Box, mp_openid: str) -> None:
    mp, template = box.wechat().mp, box.config.mp_templates["progress"]
    box.fault(STABLE, delay=0.2, times=None)
    with ThreadPoolExecutor(8) as pool:
        sent = [
            pool.submit(mp.template_send, mp_openid, template, VALUES, url="https://a.example/", key=f"k{n}")
            for n in range(8)
        ]
        assert len({one.result() for one in sent}) == 8
    assert box.paths().count(STABLE) == 1


def test_two_processes_with_a_shared_store_fetch_one_token(box: Box, mp_openid: str) -> None:
    template = box.config.mp_templates["progress"]
    for key in ("a", "b"):
        box.wechat().mp.template_send(mp_openid, template, VALUES, url="https://a.example/", key=key)
    assert box.paths().count(STABLE) == 1


def test_an_expired_token_is_renewed_once_and_the_call_succeeds(box: Box, mp_openid: str) -> None:
    mp, template = box.wechat().mp, box.config.mp_templates["progress"]
    mp.template_send(mp_openid, template, VALUES, url="https://a.example/", key="a")
    box.forward(7300)
    mp.template_send(mp_openid, template, VALUES, url="https://a.example/", key="b")
    assert box.paths().count(STABLE) == 2
    assert len(box.api("get", f"/phones/{mp_openid}")["messages"]) == 2


def test_a_retried_upload_keeps_its_bytes(box: Box) -> None:
    mp = box.wechat().mp
    box.fault("/cgi-bin/media/upload", errcode=42001)
    media_id = mp.media_put("a.jpg", io.BytesIO(b"\xff\xd8" + b"x" * 900))
    assert len(mp.media_get(media_id)[1]) == 902
    sizes = {call["bytes"] for call in box.state.calls if call["path"] == "/cgi-bin/media/upload"}
    assert len(sizes) == 1


def test_what_is_not_configured_is_absent() -> None:
    wechat = connect(WeChatConfig(), MemoryStore())
    assert (wechat.mini, wechat.mp, wechat.wecom) == (None, None, None)


def test_settings_become_a_configuration() -> None:
    env = {
        "WECHAT_MINI_APPID": "wx1",
        "WECOM_CORPID": CORPID,
        "WECHAT_TEMPLATES": "mini.progress=A,mp.progress=B,sub.progress=C,mp.*=D",
    }
    config = from_settings(read_settings(env))
    assert (config.mini_appid, config.wecom_corpid) == ("wx1", CORPID)
    assert config.mini_templates == {"progress": "A"}
    assert config.mp_templates == {"progress": "B", "*": "D"}
    assert config.subscribe_templates == {"progress": "C"}


def test_openids_of_one_person_differ_by_account() -> None:
    assert demo_openid(MINI_APPID, "resident-1") != demo_openid(MP_APPID, "resident-1")
    assert len(demo_openid(MP_APPID, "resident-1")) == 28
