"""The checks of texts and pictures on the wire: as the sample bodies say, and as they fail."""

from datetime import UTC, datetime

import pytest

from server.wechat.errors import WeChatRefused
from server.wechat.events import Checked, event_of
from server.wechat.mini import Said, said_in
from server.wechat.sandbox.checks import _event, _ruling
from server.wechat.sandbox.demo import MINI_APPID
from server.wechat.sandbox.model import Target
from server.wechat.sandbox.push import envelope, to_xml
from server.wechat.sdk import parse_xml

TEXT, PHOTO = "/wxa/msg_sec_check", "/wxa/media_check_async"

SAMPLE = {
    "errcode": 0,
    "errmsg": "ok",
    "trace_id": "60ae120f-371d5872-7941a05b",
    "result": {"suggest": "risky", "label": 20001},
    "detail": [
        {"strategy": "content_model", "errcode": 0, "suggest": "risky", "label": 20006, "prob": 90},
        {"strategy": "keyword", "errcode": 0, "suggest": "pass", "label": 20006, "level": 20, "keyword": "x"},
    ],
}
PUSHED = {
    "ToUserName": "gh_1",
    "FromUserName": "o1",
    "CreateTime": 1760000000,
    "MsgType": "event",
    "Event": "wxa_media_check",
    "appid": "wx1",
    "trace_id": "967e",
    "version": 2,
    "detail": [{"strategy": "content_model", "errcode": 0, "suggest": "risky", "label": 20002, "prob": 90}],
    "errcode": 0,
    "errmsg": "ok",
    "result": {"suggest": "risky", "label": 20002},
}


@pytest.fixture
def mini(box, mini_openid):
    """A mini-program that somebody has just opened."""
    found = box.wechat().mini
    found.code2session(box.code(MINI_APPID))
    return found


def test_the_result_decides_not_the_errcode():
    assert said_in(SAMPLE) == Said("risky", 20001)


@pytest.mark.parametrize(
    "answer",
    [{}, {"result": None}, {"result": {"label": 100}}, {"result": {"suggest": "pass", "label": "x"}}],
)
def test_an_answer_without_a_result_is_tried_again(answer):
    with pytest.raises(WeChatRefused):
        said_in(answer)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("水管爆裂", Said("pass", 100)),
        ("楼下赌博", Said("risky", 20006)),
        ("你是傻瓜", Said("review", 20003)),
    ],
)
def test_a_text_is_judged_at_once(mini, mini_openid, text, said):
    assert mini.msg_sec_check(mini_openid, text) == said


def test_what_a_check_finds_can_be_planned(box, mini, mini_openid):
    box.api("post", "/rulings", {"word": "水管", "suggest": "review", "label": 21000})
    assert mini.msg_sec_check(mini_openid, "水管爆裂") == Said("review", 21000)


@pytest.mark.parametrize("call", ["msg_sec_check", "media_check"])
def test_a_visit_of_more_than_two_hours_ago_is_too_old(box, mini, mini_openid, call):
    box.forward(2 * 3600 + 1)
    with pytest.raises(WeChatRefused) as refused:
        getattr(mini, call)(mini_openid, "http://a.example/p.jpg")
    assert refused.value.code == "61010"


def test_nobody_is_checked_who_never_came(box, mini_openid):
    with pytest.raises(WeChatRefused) as refused:
        box.wechat().mini.msg_sec_check(mini_openid, "水管爆裂")
    assert refused.value.code == "61010"


def test_an_unknown_openid_is_refused(mini):
    with pytest.raises(WeChatRefused) as refused:
        mini.msg_sec_check("o" + "x" * 27, "水管爆裂")
    assert refused.value.code == "40003"


@pytest.mark.parametrize("path", [TEXT, PHOTO])
@pytest.mark.parametrize(
    "fault",
    [
        ({"errcode": -1}, "-1"),
        ({"errcode": 45009}, "45009"),
        ({"status": 502}, "http_502"),
        ({"truncate": True}, None),
    ],
)
def test_a_check_that_misbehaves_is_a_refusal(box, mini, mini_openid, path, fault):
    plan, code = fault
    box.fault(path, **plan)
    with pytest.raises(WeChatRefused) as refused:
        mini.msg_sec_check(mini_openid, "水") if path == TEXT else mini.media_check(
            mini_openid, "http://a.example/p"
        )
    assert code is None or refused.value.code == code


def test_an_expired_token_is_renewed_on_the_way(box, mini, mini_openid):
    box.fault(TEXT, errcode=42001)
    assert mini.msg_sec_check(mini_openid, "水管爆裂").suggest == "pass"


def test_a_picture_is_answered_by_a_push(box, mini, mini_openid):
    box.api(
        "put", "/target", {"url": "http://127.0.0.1:9/", "token": "t", "appid": MINI_APPID, "timing": "never"}
    )
    trace = mini.media_check(mini_openid, "http://a.example/p.jpg")
    assert len(trace) == 26
    assert PHOTO in box.paths()


def test_the_sample_push_is_understood():
    event = event_of(PUSHED)
    assert event.kind == "wxa_media_check"
    assert event.checked == Checked("967e", 0, "risky", 20002)


def test_a_push_in_xml_says_the_same():
    fields = parse_xml(to_xml(PUSHED))
    assert fields["result"]["label"] == "20002"
    assert event_of(fields).checked == Checked("967e", 0, "risky", 20002)


@pytest.mark.parametrize("code", [-1008, "-1008"])
def test_a_picture_that_could_not_be_fetched_has_no_result(code):
    gone = {name: value for name, value in PUSHED.items() if name not in {"result", "detail"}}
    assert event_of(gone | {"errcode": code}).checked == Checked("967e", -1008, "", 0)


@pytest.mark.parametrize(
    "odd", [{"trace_id": ""}, {"trace_id": None}, {"result": {}}, {"result": "pass"}, {"errcode": "none"}]
)
def test_a_push_that_names_nothing_is_no_event(odd):
    with pytest.raises((KeyError, TypeError, ValueError)):
        event_of(PUSHED | odd)


def test_the_sandbox_pushes_the_shape_of_the_sample(mini, box, mini_openid):
    box.state.outgoing.clear()
    box.state.target = Target("http://127.0.0.1:9/", "t", MINI_APPID, style="json", timing="never")
    mini.media_check(mini_openid, "http://a.example/p.jpg")
    made = _event(box.account(MINI_APPID), mini_openid, "967e", _ruling(box.state, "赌博"))
    _, body = envelope(box.state.target, made, now=datetime(2026, 3, 1, tzinfo=UTC))
    assert set(made) | {"CreateTime"} == set(PUSHED)
    assert b'"suggest": "risky"' in body
