"""The push channels: a message in plain words becomes what each channel takes."""

import pytest

from server.notices.channels import Channel, MemoryChannel, Message, RefusalKind, Refused
from server.wechat.channel import channels
from server.wechat.client import connect
from server.wechat.config import WeChatConfig
from server.wechat.sandbox.demo import MINI_APPID, MP_APPID, demo_openid, robot_key
from server.wechat.sandbox.typed import accepted
from server.wechat.templates import DEFAULT, FIELDS, fields_of, typed_values
from server.wechat.tokens import MemoryStore
from tests.wechat.conftest import Box

LINES = (
    ("小区", "和谐家园"),
    ("问题", "电梯停运 <b>三天</b>"),
    ("时限", "2026-03-02 15:01"),
    ("状态", "处理中"),
)
MESSAGE = Message(
    "k-1", "new_report", "新报修:电梯停运", LINES, "https://a.example/m/YS1?k=1&x=2", "YS260301-7K2QM"
)
ADDRESSES = {
    "wecom_app": "manager-1",
    "wecom_robot": robot_key(),
    "mp_template": demo_openid(MP_APPID, "manager-1"),
    "mp_subscribe": demo_openid(MP_APPID, "resident-1"),
    "mini_subscribe": demo_openid(MINI_APPID, "resident-1"),
}


def consent(box: Box, purpose: str) -> None:
    for name, templates in (("mp_subscribe", "sub"), ("mini_subscribe", "mini")):
        body = {"openid": ADDRESSES[name], "template_id": f"tpl-{templates}-{purpose}"}
        box.api("post", "/consents", body)


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_message_arrives_with_its_words_and_its_link(box: Box, name: str) -> None:
    consent(box, "new_report")
    address = "" if name == "wecom_robot" else ADDRESSES[name]
    channels(box.wechat())[name].send(address, MESSAGE)
    messages = box.api("get", f"/phones/{ADDRESSES[name]}")["messages"]
    assert len(messages) == 1
    assert "和谐家园" in messages[0]["text"]
    assert messages[0]["link"] == MESSAGE.url


def test_a_residents_words_cannot_pose_as_markup_in_a_card(box: Box) -> None:
    channels(box.wechat())["wecom_app"].send("manager-1", MESSAGE)
    assert "<b>三天</b>" in box.api("get", "/phones/manager-1")["messages"][0]["text"]


def test_a_card_without_lines_still_says_something(box: Box) -> None:
    message = Message("k-5", "test", "测试推送", (), "https://a.example/", "")
    channels(box.wechat())["wecom_app"].send("manager-1", message)
    assert box.api("get", "/phones/manager-1")["messages"][0]["text"] == "测试推送"


def test_a_long_robot_text_keeps_its_link_whole(box: Box) -> None:
    long = Message("k-2", "new_report", "新报修", (("问题", "长" * 3000),), MESSAGE.url, "YS1")
    channels(box.wechat())["wecom_robot"].send("", long)
    assert box.api("get", f"/phones/{robot_key()}")["messages"][0]["link"] == MESSAGE.url


def test_a_purpose_without_a_template_of_its_own_takes_the_general_one(box: Box) -> None:
    message = Message("k-3", "test", "测试推送", (), "https://a.example/", "")
    channels(box.wechat())["mp_template"].send(ADDRESSES["mp_template"], message)
    lines = dict(box.api("get", f"/phones/{ADDRESSES['mp_template']}")["messages"][0]["lines"])
    assert lines == {"编号": "-", "标题": "测试推送", "摘要": "无"}


def test_a_refusal_by_the_addressee_is_final(box: Box) -> None:
    with pytest.raises(Refused) as caught:
        channels(box.wechat())["mini_subscribe"].send(ADDRESSES["mini_subscribe"], MESSAGE)
    assert (caught.value.code, caught.value.kind) == ("43101", RefusalKind.FINAL)


def test_a_missing_time_is_refused_before_it_is_sent(box: Box) -> None:
    message = Message("k-4", "new_report", "新报修", (("小区", "和谐家园"),), "https://a.example/", "YS1")
    with pytest.raises(Refused) as caught:
        channels(box.wechat())["mp_template"].send(ADDRESSES["mp_template"], message)
    assert caught.value.kind is RefusalKind.FINAL
    assert box.paths() == []


def test_a_channel_without_a_template_is_refused_as_final() -> None:
    wechat = connect(WeChatConfig(mp_appid="wx1"), MemoryStore())
    with pytest.raises(Refused) as caught:
        channels(wechat)["mp_template"].send("o1", MESSAGE)
    assert (caught.value.code, caught.value.kind) == ("no_template", RefusalKind.FINAL)


def test_only_configured_channels_exist(box: Box) -> None:
    assert sorted(channels(box.wechat())) == sorted(ADDRESSES)
    assert channels(connect(WeChatConfig(), MemoryStore())) == {}


@pytest.mark.parametrize("purpose", [*FIELDS, "anything else"])
def test_every_purpose_fills_its_template_with_acceptable_values(purpose: str) -> None:
    values = typed_values(Message("k", purpose, MESSAGE.title, LINES, MESSAGE.url, MESSAGE.no))
    assert set(values) == set(fields_of(purpose))
    assert all(accepted(name, value) for name, value in values.items())
    assert fields_of("anything else") == DEFAULT


def test_the_memory_channel_keeps_what_it_was_given_and_refuses_when_told() -> None:
    memory = MemoryChannel()
    channel: Channel = memory
    assert channel.send("a", MESSAGE).reference == "memory-1"
    memory.refusals.append(Refused("43101", RefusalKind.FINAL))
    with pytest.raises(Refused, match="43101"):
        channel.send("a", MESSAGE)
    assert memory.sent == [("a", MESSAGE)]
