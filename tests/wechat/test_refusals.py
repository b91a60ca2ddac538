"""The clients against a sandbox that misbehaves: each refusal is classed, quick, bounded and silent about secrets."""

import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from server.notices.channels import RefusalKind
from server.wechat.client import TIMEOUT_SECONDS, WeChat, connect
from server.wechat.errors import KINDS, WeChatRefused, classify, classify_status
from server.wechat.sandbox.demo import MINI_APPID, MP_APPID
from server.wechat.tokens import Grant, MemoryStore, TokenKeeper
from tests.wechat.conftest import SHORT, Box
from tests.wechat.test_client import STABLE, VALUES

SEND = "/cgi-bin/message/template/send"


def send(box: Box, openid: str, *, wechat: WeChat | None = None, key: str = "k", **changed: str) -> str:
    mp = (wechat or box.wechat()).mp
    return mp.template_send(
        openid, box.config.mp_templates["progress"], VALUES | changed, url="https://a.example/r", key=key
    )


def refusal_of(call: Any, *arguments: Any, **more: Any) -> WeChatRefused:
    with pytest.raises(WeChatRefused) as caught:
        call(*arguments, **more)
    return caught.value


@pytest.mark.parametrize(
    ("plan", "code", "kind"),
    [
        ({"errcode": -1}, "-1", "retry"),
        ({"errcode": 43108}, "43108", "retry"),
        ({"errcode": 45009}, "45009", "pause"),
        ({"errcode": 45011}, "45011", "pause"),
        ({"errcode": 48001}, "48001", "pause"),
        ({"errcode": 43101}, "43101", "final"),
        ({"errcode": 47003}, "47003", "final"),
        ({"errcode": 99999}, "99999", "final"),
        ({"status": 503}, "http_503", "retry"),
        ({"status": 404}, "http_404", "final"),
        ({"status": 429}, "http_429", "pause"),
        ({"truncate": True}, "network", "retry"),
        ({"drip": 0.05}, "timeout", "retry"),
    ],
)
def test_each_refusal_has_its_class_and_is_tried_once(
    box: Box, mp_openid: str, plan: dict[str, Any], code: str, kind: str
) -> None:
    box.fault(SEND, times=None, **plan)
    wechat = box.wechat(timeout=SHORT if code == "timeout" else TIMEOUT_SECONDS)
    refused = refusal_of(send, box, mp_openid, wechat=wechat)
    assert (refused.code, refused.kind) == (code, kind)
    assert box.paths().count(SEND) == 1


def test_a_hanging_server_is_given_up(box: Box, mp_openid: str) -> None:
    box.fault(SEND, delay=1, times=None)
    refused = refusal_of(send, box, mp_openid, wechat=box.wechat(timeout=SHORT))
    assert (refused.code, refused.kind) == ("timeout", RefusalKind.RETRY)


@pytest.mark.parametrize(
    ("mode", "code", "kind"),
    [
        ("down", "network", "retry"),
        ("error", "http_502", "retry"),
        ("hang", "timeout", "retry"),
        ("half_open", "timeout", "retry"),
        ("busy", "-1", "retry"),
        ("quota", "45009", "pause"),
        ("bad_token", "40001", "pause"),
        ("refused", "43101", "final"),
        ("bad_template", "47003", "final"),
        ("no_token", "network", "retry"),
    ],
)
def test_a_bad_day_has_its_class_until_it_is_over(
    box: Box, mp_openid: str, mode: str, code: str, kind: str
) -> None:
    def weather(name: str) -> None:
        assert requests.post(f"{box.base}/_sandbox/weather", json={"mode": name}, timeout=5).ok

    weather(mode)
    wechat = connect(box.config, box.store, timeout=SHORT)
    refused = refusal_of(send, box, mp_openid, wechat=wechat)
    assert (refused.code, refused.kind, refused.reached) == (
        code,
        kind,
        mode not in {"down", "error", "hang", "half_open", "no_token"},
    )
    weather("fine")
    assert send(box, mp_openid)


def test_a_days_quota_comes_back_at_midnight_in_shanghai(box: Box, mp_openid: str) -> None:
    requests.post(f"{box.base}/_sandbox/weather", json={"mode": "quota"}, timeout=5)
    box.forward(8 * 3600 + 58 * 60)
    assert refusal_of(send, box, mp_openid).code == "45009"
    box.forward(60)
    assert send(box, mp_openid)


def test_a_hanging_token_fetch_holds_the_waiting_line_only_once(box: Box, mp_openid: str) -> None:
    box.fault(STABLE, delay=1, times=10)
    wechat = box.wechat(timeout=SHORT)
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(refusal_of, send, box, mp_openid, wechat=wechat, key=str(n)) for n in range(8)]
        assert {one.result().code for one in jobs} == {"timeout"}
    assert box.state.faults[0].times == 9  # one fetch alone was begun


def test_a_dead_server_is_a_network_refusal(box: Box, mp_openid: str) -> None:
    config = box.config
    dead = connect(
        type(config)(**{**vars(config), "api_base": "http://127.0.0.1:9"}), MemoryStore(), timeout=SHORT
    )
    assert refusal_of(send, box, mp_openid, wechat=dead).code == "network"


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_token_that_is_always_refused_costs_three_requests(box: Box, mp_openid: str, errcode: int) -> None:
    wechat = box.wechat()
    send(box, mp_openid, wechat=wechat)
    box.state.calls.clear()
    box.fault(SEND, errcode=errcode, times=None)
    refused = refusal_of(send, box, mp_openid, wechat=wechat, key="next")
    assert (refused.code, refused.kind) == (str(errcode), RefusalKind.PAUSE)
    assert box.paths() == [SEND, STABLE, SEND]
    with ThreadPoolExecutor(8) as pool:
        for n in range(8):
            pool.submit(refusal_of, send, box, mp_openid, wechat=wechat, key=str(n))
    assert box.paths().count(STABLE) == 1


def test_a_server_that_refuses_every_token_is_left_alone(box: Box, mp_openid: str) -> None:
    box.fault("*", errcode=40001, times=None)
    assert refusal_of(send, box, mp_openid).kind is RefusalKind.PAUSE
    assert box.paths() == [STABLE]


def test_only_the_token_that_failed_is_renewed_and_not_again_within_a_minute() -> None:
    at, fetched = [0.0], iter(["first", "second"])
    store = MemoryStore(lambda: at[0])
    keeper = TokenKeeper(store, "k", lambda: Grant(next(fetched), 7200))
    store.set("k", "renewed by another", ttl=60)
    assert keeper.renewed("the one that failed") == "renewed by another"
    assert keeper.renewed("renewed by another") == "first"
    assert keeper.renewed("first") == "first"
    at[0] = 61
    assert keeper.renewed("first") == "second"


def test_a_stored_token_ends_five_minutes_early() -> None:
    at = [0.0]
    store = MemoryStore(lambda: at[0])
    grants = iter([Grant("first", 7200), Grant("second", 7200), Grant("third", 200)])
    keeper = TokenKeeper(store, "k", lambda: next(grants))
    assert keeper.value() == "first"
    at[0] = 6899
    assert keeper.value() == "first"
    at[0] = 6900
    assert keeper.value() == "second"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"thing2": "一" * 21}, "47003"),
        ({"phrase3": "OK"}, "47003"),
        ({"character_string1": "编号"}, "47003"),
        ({"thing4": ""}, "47003"),
        ({"remark": "x"}, "47003"),
    ],
)
def test_the_sandbox_refuses_values_against_the_rules(
    box: Box, mp_openid: str, changed: dict[str, str], code: str
) -> None:
    assert refusal_of(send, box, mp_openid, **changed).code == code


def test_people_and_templates_that_do_not_exist_are_refused(box: Box, mp_openid: str) -> None:
    mp = box.wechat().mp
    assert refusal_of(send, box, "o-nobody").code == "40003"
    assert (
        refusal_of(mp.template_send, mp_openid, "tpl-none", VALUES, url="https://a/", key="k").code == "40037"
    )
    box.api("post", "/follows", {"address": mp_openid, "follows": False})
    assert refusal_of(send, box, mp_openid).code == "43004"


def test_a_login_code_is_good_once_and_for_five_minutes(box: Box) -> None:
    mini, mp = box.wechat().mini, box.wechat().mp
    for use, appid in ((mini.code2session, MINI_APPID), (mp.exchange, MP_APPID)):
        code = box.code(appid)
        use(code)
        assert refusal_of(use, code).code == "40163"
        old = box.code(appid)
        box.forward(301)
        assert refusal_of(use, old).code == "40029"
        assert refusal_of(use, "made-up").code == "40029"


def test_a_code_of_the_mini_program_is_no_code_of_the_service_account(box: Box) -> None:
    assert refusal_of(box.wechat().mp.exchange, box.code(MINI_APPID)).code == "40029"


def test_an_unknown_colleague_is_refused(box: Box) -> None:
    wecom = box.wechat().wecom
    card = {"title": "t", "description": "d", "url": "https://a.example/"}
    assert refusal_of(wecom.send_textcard, "nobody", **card).code == "81013"
    # Beside a known colleague the unknown one is only named in an answer that calls itself a success.
    assert refusal_of(wecom.send_textcard, "nobody|manager-1", **card).kind is RefusalKind.FINAL


def test_a_robot_is_stopped_after_twenty_posts_a_minute(box: Box) -> None:
    robot = box.wechat().robot()
    for n in range(20):
        robot.send_text(f"第{n}条")
    assert refusal_of(robot.send_text, "第21条").kind is RefusalKind.PAUSE
    box.forward(61)
    robot.send_text("一分钟后")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/cgi-bin/webhook/send?key=a",
        "http://127.0.0.1:1/cgi-bin/webhook/send?key=a",
        "/cgi-bin/other?key=a",
        "not an address",
    ],
)
def test_a_robot_elsewhere_is_not_called(box: Box, address: str) -> None:
    assert refusal_of(box.wechat().robot, address).code == "robot_address"


def test_an_old_photo_is_gone(box: Box) -> None:
    media_id = box.api("post", "/media", {"content_type": "image/jpeg", "data": "/9g="})["media_id"]
    box.forward(3 * 86400)
    assert refusal_of(box.wechat().mp.media_get, media_id).code == "40007"


@pytest.mark.parametrize(
    "plan",
    [
        {"errcode": 40001},
        {"errcode": 45009},
        {"errcode": 47003},
        {"status": 500},
        {"truncate": True},
        {"delay": 1},
    ],
)
def test_no_secret_is_told_by_an_error_or_a_log(
    box: Box, mp_openid: str, plan: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wechat = box.wechat(timeout=SHORT if "delay" in plan else TIMEOUT_SECONDS)
    send(box, mp_openid, wechat=wechat)
    tokens = list(box.state.tokens)
    codes = [box.code(MINI_APPID), box.code(MP_APPID)]
    box.fault("*", times=None, **plan)
    calls = [
        (send, box, mp_openid),
        (wechat.mini.code2session, codes[0]),
        (wechat.mp.exchange, codes[1]),
        (wechat.robot().send_text, "x"),
    ]
    told = [repr(box.config), repr(wechat), repr(wechat.mp)]
    for call, *arguments in calls:
        fault = refusal_of(call, *arguments, **({"wechat": wechat, "key": "z"} if call is send else {}))
        assert fault.__cause__ is None
        assert fault.__context__ is None or isinstance(fault.__context__, WeChatRefused)
        told += [str(fault), repr(fault), "".join(traceback.format_exception(fault))]
    told += [logging.Formatter().format(record) for record in caplog.records]
    assert any("access_token=***" in line for line in told)
    config = box.config
    robot = config.wecom_robot_url.split("key=")[1]
    for secret in (config.mini_secret, config.mp_secret, config.wecom_secret, robot, *tokens, *codes):
        assert not any(secret in line for line in told)


def test_a_request_id_is_kept_for_the_operator(box: Box, mp_openid: str) -> None:
    box.fault(SEND, errcode=45009)
    assert len(refusal_of(send, box, mp_openid).rid.split("-")) == 3


@pytest.mark.parametrize(("code", "kind"), sorted(KINDS.items()))
def test_every_code_has_one_class(code: int, kind: RefusalKind) -> None:
    assert classify(code) is kind


@pytest.mark.parametrize(("status", "kind"), [(500, "retry"), (502, "retry"), (400, "final"), (429, "pause")])
def test_every_status_has_a_class(status: int, kind: str) -> None:
    assert classify_status(status) == kind
