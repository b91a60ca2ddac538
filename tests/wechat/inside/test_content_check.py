"""A report from the mini-program goes through WeChat's checks: over the wire, by callback, and never into the public by itself."""

import pytest
from sqlalchemy import select

from server.accounts.models import Resident
from server.accounts.sessions import open_for_resident
from server.core import clock
from server.core.db import db
from server.moderation import rules
from server.moderation.answers import settle
from server.moderation.checking import check
from server.moderation.models import CheckAnswer
from server.wechat.sandbox.demo import MINI_APPID, demo_openid
from tests.moderation.conftest import piece_of, pieces_of, shown_of, tell  # noqa: F401 - a fixture


@pytest.fixture
def resident(client, sandbox, now):
    """Somebody who has just opened the mini-program; his number."""
    code = sandbox.code(MINI_APPID)
    assert client.post("/api/v1/sessions/wechat", json={"app": "mini", "code": code}).status_code == 201
    return db.session.scalar(select(Resident.id))


@pytest.fixture
def ask(app, now):
    """Runs the job of a piece."""

    def run(report, kind="text", *, at=None):
        return check(piece_of(report, kind).id, app.extensions["checker"], now=at or clock.now())

    return run


@pytest.mark.parametrize(
    ("text", "verdict"), [("地下室漏水", "pass"), ("楼下赌博", "risky"), ("物业是傻瓜", "review")]
)
def test_a_text_is_checked_in_its_authors_name(tell, resident, ask, text, verdict):  # noqa: F811
    report = tell(text=text, resident_id=resident)
    assert ask(report) == verdict
    assert piece_of(report).state == "waiting"
    assert shown_of(report).published_at is None


def test_whoever_came_by_a_page_is_checked_by_a_person(tell, ask, sandbox):  # noqa: F811
    report = tell()
    assert ask(report) == "manual"
    assert piece_of(report).why == rules.NO_OPENID
    assert "/wxa/msg_sec_check" not in [call["path"] for call in sandbox.state.calls]


def test_a_visit_of_long_ago_is_not_asked_about(tell, resident, ask, now):  # noqa: F811
    report = tell(resident_id=resident)
    assert ask(report, at=now + rules.VISIT_LASTS * 1.01) == "manual"
    assert piece_of(report).why == rules.VISIT_OVER


def test_a_later_visit_counts(tell, resident, ask, now, sandbox):  # noqa: F811
    report = tell(resident_id=resident)
    later = now + rules.VISIT_LASTS * 1.5
    open_for_resident(resident, device="mini", now=later)
    db.session.flush()
    sandbox.state.visits[MINI_APPID, demo_openid(MINI_APPID, "resident-1")] = later
    assert ask(report, at=later) == "pass"


def pushed(trace, suggest="risky", label=20002, errcode=0):
    result = {} if errcode else {"result": {"suggest": suggest, "label": label}, "detail": []}
    return {
        "Event": "wxa_media_check",
        "appid": MINI_APPID,
        "trace_id": trace,
        "version": 2,
        "errcode": errcode,
    } | result


def test_a_photo_is_answered_by_callback_once(tell, resident, ask, push, now):  # noqa: F811
    report = tell(photos=1, resident_id=resident)
    assert ask(report, "photo") == "asked"
    trace = piece_of(report, "photo").trace_id
    answers = {push(pushed(trace)).get_data(as_text=True) for _ in range(20)}
    assert answers == {"success"}
    assert settle(trace, now=now) == "risky"
    assert len(db.session.scalars(select(CheckAnswer.trace_id)).all()) == 1
    push(pushed(trace, "pass", 100, 0) | {"CreateTime": int(now.timestamp()) + 1})
    settle(trace, now=now)
    assert (piece_of(report, "photo").verdict, piece_of(report, "photo").why) == ("risky", "20002")


def test_an_early_callback_waits_for_its_photo(tell, resident, push, app, now):  # noqa: F811
    report = tell(photos=1, resident_id=resident)
    assert push(pushed("early-1", "pass", 100)).status_code == 200

    class Asked:
        def visitor(self, resident_id, *, now):
            return "o" * 28, ""

        def photo(self, openid, photo_id, *, now):
            return "early-1"

    assert check(piece_of(report, "photo").id, Asked(), now=now) == "pass"


@pytest.mark.parametrize(
    "odd", [{"trace_id": "x" * 81}, {"trace_id": "追踪"}, {"result": {"suggest": "pass", "label": 10**9}}]
)
def test_odd_callbacks_leave_no_trace(push, now, odd):
    assert push(pushed("t") | odd).status_code in {200, 400}
    assert db.session.scalars(select(CheckAnswer.trace_id)).all() == []


@pytest.mark.parametrize("fault", [{"status": 502}, {"errcode": -1}, {"errcode": 45009}, {"truncate": True}])
def test_with_the_check_away_everything_waits_for_a_person(tell, resident, ask, sandbox, fault):  # noqa: F811
    report = tell(photos=1, resident_id=resident)
    sandbox.fault("/wxa/msg_sec_check", times=None, **fault)
    sandbox.fault("/wxa/media_check_async", times=None, **fault)
    for kind in ("text", "photo"):
        assert ask(report, kind) == "due"
    assert {(one.state, one.why) for one in pieces_of(report)} == {("waiting", rules.DOWN)}
