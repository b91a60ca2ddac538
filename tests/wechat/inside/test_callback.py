import json
import random

import pytest
from sqlalchemy import func, select, update

from server.core.crypto import vault
from server.core.db import db
from server.escalation.channels import watch_channels
from server.escalation.models import FeedEntry
from server.notices.dispatch import deliver_push
from server.notices.models import Address, Consent, Push
from server.notices.service import tell_resident
from server.wechat.models import WeChatEvent
from server.wechat.once import KEPT, forget
from server.wechat.receipts import FEW, SPAN, silent_channels
from server.wechat.sandbox.cipher import seal, sign
from server.wechat.sandbox.demo import MINI_APPID, MP_APPID, demo_openid, demo_target
from server.wechat.sandbox.push import envelope
from tests.wechat.inside.conftest import PROGRESS, change, popup


def left():
    return db.session.scalars(select(Consent.left)).all()


@pytest.fixture
def known(browser):
    """A resident who has logged in."""
    browser.log_in()
    return browser


def test_agreeing_is_one_message_more_and_switching_off_is_none(push, known):
    for events, expected in [
        ([popup()], [1]),
        ([popup(CreateTime=1), popup(CreateTime=2)], [3]),
        ([change()], [0]),
    ]:
        for event in events:
            answer = push(event)
            assert (answer.status_code, answer.get_data(as_text=True)) == (200, "success")
        assert left() == expected


@pytest.mark.parametrize(
    "event", [popup("reject"), popup("ban"), popup("filter"), popup(template="tpl-foreign")]
)
def test_any_other_answer_changes_nothing(push, known, event):
    push(popup(CreateTime=5))
    assert push(event).get_data(as_text=True) == "success"
    assert left() == [1]


def test_twenty_times_the_same_push_is_one_consent(push, known):
    assert {push(popup()).get_data(as_text=True) for _ in range(20)} == {"success"}
    assert left() == [1]


def test_a_stranger_who_agrees_leaves_no_trace(push):
    assert push(popup(), person="resident-2").status_code == 200
    assert db.session.scalar(select(func.count()).select_from(Address)) == 0
    assert left() == []


def test_what_is_remembered_of_an_event_names_nobody(push, known, now):
    push(popup())
    rows = db.session.scalars(select(WeChatEvent)).all()
    assert not any(demo_openid(MP_APPID, "resident-1") in row.key for row in rows)
    assert forget(now) == 0
    assert forget(now + KEPT * 1.01) == len(rows)
    assert db.session.scalar(select(func.count()).select_from(WeChatEvent)) == 0


def test_the_mini_program_pushes_to_the_same_address(client, sandbox, now):
    client.post("/api/v1/sessions/wechat", json={"app": "mini", "code": sandbox.code(MINI_APPID)})
    target = demo_target("http://localhost/wechat/callback")
    target.appid = MINI_APPID
    fields = {
        "ToUserName": "gh_2",
        "FromUserName": demo_openid(MINI_APPID, "resident-1"),
        "MsgType": "event",
        **popup(template="tpl-mini-progress"),
    }
    for number, style in enumerate(("xml", "json")):
        target.style = style
        query, body = envelope(target, fields | {"CreateTime": number}, now=now)
        assert client.post("/wechat/callback", query_string=query, data=body).status_code == 200
    assert left() == [2]


def test_the_address_is_verified_by_an_echo(push, client, now):
    query, _ = envelope(demo_target(""), {}, now=now)
    right = client.get("/wechat/callback", query_string=query | {"echostr": "e1"})
    assert (right.status_code, right.get_data(as_text=True), right.mimetype) == (200, "e1", "text/plain")
    wrong = client.get("/wechat/callback", query_string=query | {"echostr": "e1", "nonce": "0"})
    assert wrong.status_code == 403


def mutations(query, body):
    """Small changes to a good push, each of which must spoil it."""
    luck = random.Random(7)
    for _ in range(60):
        name = luck.choice(["msg_signature", "timestamp", "nonce"])
        text = query[name]
        at = luck.randrange(len(text))
        other = luck.choice([one for one in "0123456789abcdef" if one != text[at]])
        yield {**query, name: text[:at] + other + text[at + 1 :]}, body
    start = body.index(b"<Encrypt>") + 20
    for _ in range(60):
        at = luck.randrange(start, start + 200)
        other = b"A" if body[at : at + 1] != b"A" else b"B"
        yield query, body[:at] + other + body[at + 1 :]
    for name in query:
        yield {**query, name: ""}, body


def test_a_push_that_was_changed_on_the_way_has_no_effect(client, known, now):
    target = demo_target("")
    fields = {
        "ToUserName": "gh",
        "FromUserName": demo_openid(MP_APPID, "resident-1"),
        "MsgType": "event",
        **popup(),
    }
    query, body = envelope(target, fields, now=now)
    needless = {"signature", "encrypt_type"}
    for changed, content in mutations({k: v for k, v in query.items() if k not in needless}, body):
        assert client.post("/wechat/callback", query_string=changed, data=content).status_code in {400, 403}
    assert left() == []
    assert client.post("/wechat/callback", query_string=query, data=body).status_code == 200


def test_an_unencrypted_push_is_not_taken_where_there_is_a_key(push, known):
    assert push(popup(), plain=True).status_code == 400
    assert left() == []


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"<xml>", b"{", b"[]", b"{}", b"<xml><Encrypt/></xml>", b"<!DOCTYPE x><xml/>", b"null",
     b"<xml><Encrypt>!!!</Encrypt></xml>", b'{"Encrypt": {"a": 1}}', b'{"Encrypt": ' + b"[" * 5000, b"x" * 70_000],
)  # fmt: skip
def test_what_is_no_push_is_refused_and_never_breaks(push, body):
    assert 400 <= push(popup(), body=body).status_code < 500


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\u4e2d"])
@pytest.mark.parametrize("name", ["Event", "FromUserName"])
def test_an_event_with_an_odd_name_is_refused_and_never_breaks(client, sandbox, now, name, text):
    target = demo_target("http://localhost/wechat/callback")
    fields = {"ToUserName": "gh", "FromUserName": "o1", "MsgType": "event", **popup(), name: text}
    sealed = seal(json.dumps(fields | {"CreateTime": 1}), aes_key=target.aes_key, appid=target.appid)
    stamp = str(int(now.timestamp()))
    query = {"timestamp": stamp, "nonce": "1", "msg_signature": sign(target.token, stamp, "1", sealed)}
    answer = client.post("/wechat/callback", query_string=query, data=json.dumps({"Encrypt": sealed}))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "event",
    [{"MsgType": "text", "Content": "hello"}, {"Event": "CLICK"}, {"Event": "subscribe_msg_popup_event"},
     {"Event": "TEMPLATESENDJOBFINISH", "MsgID": "1", "Status": "success"}],
)  # fmt: skip
def test_events_that_do_nothing_are_answered_all_the_same(push, event):
    assert push(event).get_data(as_text=True) == "success"


def news_for(world, report, app, *, occasion):
    """A push to the report's resident, delivered; the row."""
    tell_resident(
        report.county_id,
        report.resident_id,
        report_id=report.id,
        purpose="accept",
        occasion=occasion,
        now=world.now,
    )
    db.session.commit()
    row = db.session.scalars(select(Push).where(Push.occasion == occasion).order_by(Push.id.desc())).first()
    deliver_push(row.id, channels=app.extensions["channels"], now=world.now)
    return db.session.get(Push, row.id, populate_existing=True)


@pytest.fixture
def reported(known, report_of):
    report = report_of(known)
    known.log_in()
    return report


def sent_event(number, code=1, **more):
    item = {"TemplateId": PROGRESS, "MsgID": number, "ErrorCode": str(code), "ErrorStatus": "user refuse"}
    return {"Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": item}, **more}


@pytest.fixture
def agreed(app, sandbox, push, reported):
    """The resident agreed to two messages, with WeChat and with us."""
    sandbox.state.quota[demo_openid(MP_APPID, "resident-1"), PROGRESS] = 2
    for second in (1, 2):
        push(popup(CreateTime=second))
    db.session.expire_all()
    return reported


def test_a_message_sent_uses_up_one_consent(app, world, agreed, sandbox):
    first = news_for(world, agreed, app, occasion="test:1")
    assert (first.state, first.channel) == ("sent", "mp_subscribe")
    assert left() == [1]
    assert sandbox.messages(demo_openid(MP_APPID, "resident-1")) == ["办理进度通知"]


def test_a_failure_told_later_takes_the_next_channel(app, world, agreed, push, sandbox):
    first = news_for(world, agreed, app, occasion="test:1")
    second = news_for(world, agreed, app, occasion="test:2")
    assert first.reference
    assert first.reference != second.reference
    assert push(sent_event(first.reference)).status_code == 200
    assert db.session.get(Push, first.id, populate_existing=True).state == "passed"
    assert db.session.get(Push, second.id, populate_existing=True).state == "sent"
    assert left() == [0]
    again = db.session.scalars(select(Push).where(Push.occasion == "test:1", Push.state == "pending")).one()
    assert again.channel == "mp_template"


def test_a_failure_of_a_message_not_yet_written_down_is_asked_for_again(push, reported, now):
    early, late = int(now.timestamp()), int(now.timestamp()) - 200
    assert push(sent_event("123", CreateTime=early)).status_code == 503
    assert push(sent_event("123", CreateTime=late)).get_data(as_text=True) == "success"


def confirmed(row):
    return db.session.get(Push, row.id, populate_existing=True).confirmed_at


@pytest.mark.parametrize("when", ["late", "twice", "early"])
def test_a_receipt_has_one_effect_whenever_it_comes(app, world, agreed, push, when):
    row = news_for(world, agreed, app, occasion="test:1")
    number = row.reference
    if when == "early":
        row.reference = None
        db.session.commit()
    for _ in range(2 if when == "twice" else 1):
        assert push(sent_event(number, code=0)).get_data(as_text=True) == "success"
    if when == "early":
        row.reference = number
        db.session.commit()
    assert silent_channels(world.now + SPAN) == []
    assert confirmed(row) == world.now
    assert left() == [1]
    assert row.state == "sent"


def test_a_channel_that_never_confirms_is_seen_after_a_while_and_told_until_it_does(
    app, world, agreed, push, now
):
    rows = []
    for n in range(FEW):
        db.session.execute(update(Consent).values(left=2))
        rows.append(news_for(world, agreed, app, occasion=f"test:{n}"))
        rows[-1].state, rows[-1].channel, rows[-1].reference = "sent", "mp_subscribe", f"number-{n}"
        rows[-1].done_at = now
        db.session.commit()
    assert silent_channels(now + SPAN / 2) == []
    later = now + SPAN
    watch_channels(later, silent=silent_channels(later))
    entries = select(FeedEntry.closed_at).where(FeedEntry.occasion == "channel_down:receipts:mp_subscribe")
    assert set(db.session.scalars(entries)) == {None}
    push(sent_event("number-0", code=0))
    watch_channels(later, silent=silent_channels(later))
    assert set(db.session.scalars(entries)) == {later}


def test_refused_as_used_up_the_template_goes_instead(app, world, agreed, sandbox):
    sandbox.state.quota.clear()
    first = news_for(world, agreed, app, occasion="test:1")
    assert (first.state, first.last_code) == ("passed", "43101")
    assert left() == [0]


def test_leaving_and_following_the_service_account_moves_the_template_address(push, known, now):
    def live():
        query = select(Address.channel).where(Address.ended_at.is_(None), Address.resident_id.is_not(None))
        return sorted(db.session.scalars(query))

    staff = Address(
        county_id="371323",
        channel="mp_template",
        target_sealed=vault().seal("x"),
        target_index="x",
        created_at=now,
    )
    db.session.add(staff)
    db.session.commit()
    push({"Event": "unsubscribe"}, person="resident-2")
    push({"Event": "unsubscribe"})
    assert live() == ["mp_subscribe"]
    push({"Event": "subscribe"}, person="resident-2")
    push({"Event": "subscribe"})
    assert live() == ["mp_subscribe", "mp_template"]
    assert db.session.get(Address, staff.id, populate_existing=True).ended_at is None
