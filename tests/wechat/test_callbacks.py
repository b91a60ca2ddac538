"""The door for pushes: what is let in, what is refused, and in which shape it comes out."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.wechat.callbacks import CallbackMalformed, CallbackRefused, Keys, echo, read
from server.wechat.events import Consent, Delivery
from server.wechat.sandbox.cipher import seal, sign
from server.wechat.sandbox.model import Target
from server.wechat.sandbox.push import envelope
from tests.wechat.vectors import OFFICIAL, OURS

NOW = datetime(2026, 3, 1, 7, 1, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
PLAIN = Keys("token", "wx0123456789abcdef")
AES = Keys(OURS.token, OURS.appid, OURS.aes_key)
EVENT = {"ToUserName": "gh_1", "FromUserName": "o1", "MsgType": "event", "Event": "subscribe"}


def plain_query(**changed: str) -> dict[str, str]:
    query = {"timestamp": STAMP, "nonce": "n1", "signature": sign("token", STAMP, "n1")}
    return query | changed


def sealed_query(encrypt: str) -> dict[str, str]:
    return {"timestamp": STAMP, "nonce": "n1", "msg_signature": sign(AES.token, STAMP, "n1", encrypt)}


def pushed(event: dict[str, object], *, style: str, aes: bool) -> tuple[Keys, dict[str, str], bytes]:
    keys = AES if aes else PLAIN
    target = Target("", keys.token, keys.appid, aes_key=keys.aes_key, style=style)
    return keys, *envelope(target, event, now=NOW)


def test_the_address_is_verified_with_the_official_signature() -> None:
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    now = datetime.fromtimestamp(1714036504, UTC)
    assert echo(Keys("AAAAA", "wx"), query, now=now) == "4375120948345356249"


@pytest.mark.parametrize(
    "query",
    [
        plain_query(),
        plain_query(echostr="回声"),
        plain_query(echostr="a\nb"),
        plain_query(echostr="1" * 257),
        plain_query(echostr="1", signature="0" * 40),
        plain_query(echostr="1", signature="签名"),
        plain_query(echostr="1", nonce=""),
        plain_query(echostr="1", timestamp="soon"),
        plain_query(echostr="1", timestamp="9" * 5000, signature=sign("token", "9" * 5000, "n1")),
        {},
    ],
)
def test_a_wrong_verification_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(CallbackRefused):
        echo(PLAIN, query, now=NOW)


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_a_push_is_taken_for_five_minutes(seconds: int, fresh: bool) -> None:
    keys, query, body = pushed(EVENT, style="xml", aes=False)
    now = NOW + timedelta(seconds=seconds)
    if fresh:
        assert read(keys, query, body, now=now).kind == "subscribe"
    else:
        with pytest.raises(CallbackRefused):
            read(keys, query, body, now=now)


def test_the_official_push_is_read() -> None:
    keys = Keys(OFFICIAL.token, OFFICIAL.appid, OFFICIAL.aes_key)
    body = json.dumps({"ToUserName": "gh_1", "Encrypt": OFFICIAL.encrypt}).encode()
    event = read(keys, OFFICIAL.query(), body, now=datetime.fromtimestamp(1714112445, UTC))
    assert event.kind == "debug_demo"
    assert event.data["debug_str"] == "hello world"
    assert event.created_at == datetime.fromtimestamp(1714112445, UTC)


def test_the_risky_media_push_is_read_in_its_xml_envelope() -> None:
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{OURS.encrypt}]]></Encrypt></xml>".encode()
    event = read(AES, OURS.query(), body, now=datetime.fromtimestamp(1760000001, UTC))
    assert (event.kind, event.data["result"]["suggest"]) == ("wxa_media_check", "risky")


def sealed_body(encrypt: object) -> bytes:
    return json.dumps({"Encrypt": encrypt}).encode()


@pytest.mark.parametrize(
    "encrypt",
    [
        "",
        "not base64 !",
        b64encode(b"0" * 16).decode(),
        b64encode(b"0" * 33).decode(),
        b64encode(bytes(range(64))).decode(),
        seal(json.dumps(EVENT), aes_key=OURS.aes_key, appid="wxsomebodyelse0000"),
        "\ud800",
        17,
        None,
    ],
)
def test_a_bad_cipher_with_a_right_signature_is_refused(encrypt: object) -> None:
    query = (
        sealed_query(encrypt)
        if isinstance(encrypt, str) and encrypt.isascii()
        else OURS.query(timestamp=STAMP)
    )
    with pytest.raises(CallbackRefused):
        read(AES, query, sealed_body(encrypt), now=NOW)


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (OURS.query(msg_signature="0" * 40), sealed_body(OURS.encrypt)),
        (OURS.query(nonce="other"), sealed_body(OURS.encrypt)),
        (OURS.query(), sealed_body(OURS.encrypt[:-4] + "AAA=")),
        (
            {"signature": sign(OURS.token, OURS.stamp, "n"), "timestamp": OURS.stamp, "nonce": "n"},
            b"<xml></xml>",
        ),
    ],
)
def test_a_forged_sealed_push_is_refused(query: dict[str, str], body: bytes) -> None:
    with pytest.raises(CallbackRefused):
        read(AES, query, body, now=datetime.fromtimestamp(1760000001, UTC))


def test_a_plain_push_is_refused_where_a_key_is_agreed() -> None:
    _, query, body = pushed(EVENT, style="xml", aes=False)
    query["signature"] = sign(AES.token, query["timestamp"], query["nonce"])
    with pytest.raises(CallbackRefused):
        read(AES, query, body, now=NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<xml>",
        b"<xml></xml>",
        b"[1]",
        b'{"MsgType": "event"}',
        b'{"MsgType": {}, "CreateTime": 1, "FromUserName": "o", "ToUserName": "g"}',
        b'{"MsgType": "text", "CreateTime": 1e999, "FromUserName": "o", "ToUserName": "g"}',
        b'{"MsgType": "text", "CreateTime": "\xc2\xb2", "FromUserName": "o", "ToUserName": "g"}',
        b'{"a":' * 9000 + b"1" + b"}" * 9000,
        b"<a>" * 9000 + b"</a>" * 9000,
        b"\xff\xfe",
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>',
        b"<!DOCTYPE x><xml><MsgType>text</MsgType></xml>",
        b"x" * (64 * 1024 + 1),
    ],
)
def test_an_unreadable_body_is_malformed_and_nothing_worse(body: bytes) -> None:
    with pytest.raises(CallbackMalformed) as caught:
        read(PLAIN, plain_query(), body, now=NOW)
    assert caught.value.status == 400


@given(st.binary(max_size=200), st.sampled_from([b"", b"{", b"<xml>", b'{"Encrypt":"']))
def test_no_bytes_raise_anything_but_a_refusal(body: bytes, start: bytes) -> None:
    for keys, query in ((PLAIN, plain_query()), (AES, OURS.query())):
        with pytest.raises(CallbackRefused):
            read(keys, query, start + body, now=NOW)


@given(st.text(max_size=80))
def test_a_cipher_of_any_words_is_read_or_refused(words: str) -> None:
    encrypt = seal(words.encode("utf-8", "replace").decode(), aes_key=OURS.aes_key, appid=OURS.appid)
    with pytest.raises(CallbackRefused):
        read(AES, sealed_query(encrypt), sealed_body(encrypt), now=NOW)


ITEM_YES = {"TemplateId": "TplA", "SubscribeStatusString": "accept", "PopupScene": "0"}
ITEM_NO = {"TemplateId": "TplB", "SubscribeStatusString": "reject", "PopupScene": "0"}
YES, NO = Consent("TplA", "accept"), Consent("TplB", "reject")
POPUP, WRAP = "subscribe_msg_popup_event", "SubscribeMsgPopupEvent"


@pytest.mark.parametrize(
    ("name", "more", "consents"),
    [
        (POPUP, {WRAP: {"List": [ITEM_YES, ITEM_NO]}}, (YES, NO)),
        (POPUP, {WRAP: {"List": ITEM_YES}}, (YES,)),
        (POPUP, {"List": [ITEM_YES, ITEM_NO]}, (YES, NO)),
        (POPUP, {"List": ITEM_NO}, (NO,)),
        (POPUP, {WRAP: [ITEM_YES]}, (YES,)),
        ("subscribe_msg_change_event", {"SubscribeMsgChangeEvent": {"List": ITEM_NO}}, (NO,)),
        (POPUP, {}, ()),
    ],
)
@pytest.mark.parametrize("style", ["xml", "json"])
@pytest.mark.parametrize("aes", [False, True])
def test_consents_come_out_alike_however_they_are_written(
    name: str, more: dict[str, object], consents: tuple[Consent, ...], style: str, aes: bool
) -> None:
    keys, query, body = pushed(EVENT | {"Event": name} | more, style=style, aes=aes)
    assert read(keys, query, body, now=NOW).consents == consents


@pytest.mark.parametrize("style", ["xml", "json"])
@pytest.mark.parametrize(
    ("name", "more", "delivery"),
    [
        (
            "subscribe_msg_sent_event",
            {"SubscribeMsgSentEvent": {"List": {"TemplateId": "T", "MsgID": "7", "ErrorCode": "0"}}},
            Delivery("7", 0, ""),
        ),
        (
            "subscribe_msg_sent_event",
            {"List": [{"MsgID": 7, "ErrorCode": 43101, "ErrorStatus": "user refuse"}]},
            Delivery("7", 43101, "user refuse"),
        ),
        (
            "TEMPLATESENDJOBFINISH",
            {"MsgID": 3717005636572528642, "Status": "success"},
            Delivery("3717005636572528642", 0, "success"),
        ),
        (
            "TEMPLATESENDJOBFINISH",
            {"MsgID": 8, "Status": "failed:user block"},
            Delivery("8", -1, "failed:user block"),
        ),
    ],
)
def test_deliveries_come_out_alike(
    name: str, more: dict[str, object], delivery: Delivery, style: str
) -> None:
    keys, query, body = pushed(EVENT | {"Event": name} | more, style=style, aes=False)
    assert read(keys, query, body, now=NOW).deliveries == (delivery,)


def test_a_repeat_has_the_same_key_and_another_event_of_that_second_has_not() -> None:
    def key(more: dict[str, object]) -> str:
        keys, query, body = pushed(EVENT | {"Event": POPUP} | more, style="xml", aes=True)
        return read(keys, query, body, now=NOW).dedupe_key

    assert key({"List": ITEM_YES}) == key({"List": ITEM_YES})
    assert key({"List": ITEM_YES}) != key({"List": ITEM_NO})


def test_keys_show_no_secret() -> None:
    for vector in (OFFICIAL, OURS):
        shown = repr(Keys(vector.token, vector.appid, vector.aes_key))
        assert vector.token not in shown
        assert vector.aes_key not in shown
