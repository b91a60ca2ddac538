"""Codes, callbacks, ways back and documents that somebody made up: none gets in."""

import json
import random
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import func, select

from server.app import create_app
from server.core.db import db
from server.estates.codes import ALPHABET, normalise
from server.web.staff.entrance import own_path as own_path_of_staff
from server.wechat.errands import own_path
from server.wechat.models import WeChatEvent
from server.wechat.sandbox.cipher import seal, sign
from server.wechat.sandbox.demo import MP_APPID, demo_openid, demo_target
from server.wechat.sandbox.push import envelope
from tests.hostile.tables import URLS

PLAIN = (
    b"<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>"
    b"<MsgType>event</MsgType><Event>subscribe</Event></xml>"
)
SEED, CODES, FORGERIES, REPLAYS, SAMPLE = 20261121, 1000, 1000, 20, 50


@pytest.fixture(scope="session")
def application(settings):
    """The application with WeChat's sandbox configured; nothing listens there, so a call out would fail."""
    app = create_app(replace(settings, sandbox_base="http://127.0.0.1:9"))
    yield app
    with app.app_context():
        db.engine.dispose()


def mutated_codes(real, luck, most):
    """Codes that are nearly the real one, and wild ones."""
    changes = (
        lambda c: c[:-1],
        lambda c: c + luck.choice(ALPHABET),
        lambda c: "".join(luck.sample(c, len(c))),
        lambda c: c.replace(c[luck.randrange(12)], luck.choice(ALPHABET)),
        lambda c: "".join(luck.choices(ALPHABET, k=12)),
        lambda c: c + "' OR '1'='1",
        lambda c: c[:6] + "%25" + c[6:],
        lambda c: c[::-1],
        lambda c: c[:11] + luck.choice("*_%?é字🔥\x00\x7f"),
        lambda c: f"{c}.json",
        lambda c: "../" + c,
        lambda c: c * 2,
    )
    made = 0
    while made < most:
        code = luck.choice(changes)(real)
        if normalise(code) != real and "/" not in code:
            made += 1
            yield code


def guess(client, world, most):
    """Try codes at both doors; how many were taken, and how many answers there were but the one."""
    real, luck, answers = world.code("ys.hill"), random.Random(SEED), set()
    for code in mutated_codes(real, luck, most):
        elsewhere = {"REMOTE_ADDR": f"10.{luck.randrange(256)}.{luck.randrange(256)}.{luck.randrange(256)}"}
        answer = client.get(f"/api/v1/places/{code}", environ_overrides=elsewhere)
        page = client.get(f"/e/{code}", environ_overrides=elsewhere)
        assert page.status_code == 404, ascii(code)
        answers.add((answer.status_code, answer.json["code"], answer.json["detail"]))
    return answers


def test_a_sample_of_forged_codes_gets_the_one_answer(client, world):
    assert len(guess(client, world, SAMPLE)) == 1


@pytest.mark.hostile
def test_a_thousand_forged_codes_get_the_one_answer(client, world):
    answers = guess(client, world, CODES)
    assert {status for status, _, _ in answers} == {404}
    assert len(answers) == 1
    print(json.dumps({"codes": CODES, "taken": 0}))


def genuine(now, number=0):
    """Query and body of a push that WeChat would send."""
    event = {"ToUserName": "gh_1", "FromUserName": demo_openid(MP_APPID, "resident-1"), "MsgType": "event",
             "Event": "subscribe", "CreateTime": int(now.timestamp()) - number}  # fmt: skip
    return envelope(demo_target("http://localhost/wechat/callback"), event, now=now)


def flipped(body, luck):
    """A sealed body with one bit of its cipher changed."""
    text = body.decode()
    start, end = _cipher(text)
    raw = bytearray(b64decode(text[start:end]))
    raw[luck.randrange(len(raw))] ^= 1 << luck.randrange(8)
    return (text[:start] + b64encode(bytes(raw)).decode() + text[end:]).encode()


def _cipher(text):
    for head, tail in (("<Encrypt><![CDATA[", "]]>"), ('"Encrypt": "', '"')):
        if head in text:
            start = text.index(head) + len(head)
            return start, text.index(tail, start)
    raise AssertionError(text[:80])


def forgery(luck, now):
    """One push that is not WeChat's: query and body, each made otherwise."""
    query, body = genuine(now)
    target = demo_target("http://localhost/wechat/callback")
    start, end = _cipher(body.decode())
    encrypt = body.decode()[start:end]
    late = str(int((now + timedelta(seconds=luck.choice((-301, 301, -(10**6), 10**9)))).timestamp()))
    other = seal(
        "<xml></xml>", aes_key=target.aes_key, appid="wx" + "".join(luck.choices("0123456789abcdef", k=16))
    )

    def signed(**more):
        said = query | more
        return said | {"msg_signature": sign(target.token, said["timestamp"], said["nonce"], encrypt)}

    ways = (
        lambda: (query | {"msg_signature": "".join(luck.choices("0123456789abcdef", k=40))}, body),
        lambda: (query | {"msg_signature": query["msg_signature"][:-1]}, body),
        lambda: (query | {"msg_signature": query["msg_signature"].upper() + " "}, body),
        lambda: ({name: text for name, text in query.items() if name != "msg_signature"}, body),
        lambda: (query | {"nonce": str(luck.randrange(10**9)) + "x"}, body),
        lambda: (query | {"timestamp": str(int(query["timestamp"]) + luck.randrange(1, 200))}, body),
        lambda: (signed(timestamp=late), body),
        lambda: (signed(timestamp="１" * 10), body),
        lambda: (signed(timestamp=luck.choice(("", "NaN", "1e9", "-1", "9" * 12)), nonce="n"), body),
        lambda: (query, flipped(body, luck)),
        lambda: (query, body[: luck.randrange(len(body))]),
        lambda: (query, body.replace(encrypt.encode(), other.encode())),
        lambda: (query | {"msg_signature": sign(target.token, query["timestamp"], query["nonce"], other)},
                 body.replace(encrypt.encode(), other.encode())),
        lambda: (query | {"msg_signature": sign("guessed", query["timestamp"], query["nonce"], encrypt)}, body),
        lambda: (query, b"<xml><MsgType>event</MsgType></xml>"),
        lambda: (query | {"encrypt_type": "raw"}, PLAIN),
        lambda: (query, luck.randbytes(luck.randrange(2000))),
    )  # fmt: skip
    return luck.choice(ways)()


def forge(client, now, most):
    """Send forgeries; the statuses that came back."""
    luck, found = random.Random(SEED), []
    for _ in range(most):
        query, body = forgery(luck, now)
        found.append(client.post("/wechat/callback", query_string=query, data=body).status_code)
    assert db.session.scalar(select(func.count()).select_from(WeChatEvent)) == 0
    return set(found)


def test_a_sample_of_forged_callbacks_is_refused(client, world, now):
    assert forge(client, now, SAMPLE) <= {400, 403}


@pytest.mark.hostile
def test_a_thousand_forged_callbacks_have_no_effect(client, world, now):
    statuses = forge(client, now, FORGERIES)
    assert statuses <= {400, 403}
    print(json.dumps({"forgeries": FORGERIES, "accepted": 0}))


def test_twenty_replays_of_a_callback_have_one_effect(client, world, now):
    query, body = genuine(now)
    answers = {client.post("/wechat/callback", query_string=query, data=body).text for _ in range(REPLAYS)}
    assert answers == {"success"}
    assert db.session.scalar(select(func.count()).select_from(WeChatEvent)) == 1


DOCUMENTS = [
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>',
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]><xml>&c;</xml>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><xml></xml>',
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><a>&a;</a></xml>',
    '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]><xml/>',
    "<!doctype x><xml><Encrypt>x</Encrypt></xml>",
    '<xml xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd"/></xml>',
    "<a></a>", "<xml>", "</xml>", "<xml></xml><xml></xml>", "<xml/>", "<XML></XML>", "", " ", "null", "[]", "1", '"xml"',
    "<xml><Encrypt/></xml>", "<xml><Encrypt><a/></Encrypt></xml>", "<xml>" * 5000, "<xml a='" + "x" * 60_000 + "'/>",
    "<xml>\x00</xml>", "<xml>&#0;</xml>", "<xml>&#xD800;</xml>", "{", '{"Encrypt": {}}', '{"Encrypt": ' * 500, "<xml>&undefined;</xml>",
]  # fmt: skip


@pytest.mark.parametrize("style", ["utf-8", "utf-16", "utf-8-sig"])
def test_documents_that_are_traps_are_refused(client, world, now, style):
    query, _ = genuine(now)
    for text in DOCUMENTS:
        answer = client.post("/wechat/callback", query_string=query, data=text.encode(style))
        assert answer.status_code in {400, 403, 413}, text[:60]


@pytest.mark.parametrize("url", URLS)
def test_no_way_back_leads_away(client, world, url):
    for ours in (own_path(url), own_path_of_staff(url)):
        assert ours == "" or (ours.startswith("/") and ours[1:2] not in {"/", "\\"}), url
    world.login(client, "ys.bureau")
    for path in ("/login", "/wechat/oauth/start", "/wechat/news", "/wechat/ask"):
        answer = client.get(path, query_string={"next": url})
        assert answer.status_code < 500
        there = urljoin("http://localhost/x", answer.headers.get("Location", "/").replace("\\", "/"))
        assert urlsplit(there).netloc == "localhost", there
    assert client.get("/wechat/jssdk", query_string={"url": url}).status_code in {403, 422, 503, 400}
