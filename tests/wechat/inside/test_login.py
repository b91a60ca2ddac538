import logging

import pytest
from sqlalchemy import func, select

from server.accounts.models import Resident, Session
from server.core.clock import stopped
from server.core.db import db
from server.notices.models import Address
from server.reports.models import Report
from server.wechat.errands import LASTS, own_path
from server.wechat.sandbox.demo import MINI_APPID, MP_APPID, demo_openid
from tests.wechat.inside.conftest import secrets_of, state_in


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def log_in_mini(client, code):
    return client.post("/api/v1/sessions/wechat", json={"app": "mini", "code": code})


def test_a_mini_program_code_becomes_a_session(client, sandbox, now):
    answer = log_in_mini(client, sandbox.code(MINI_APPID))
    assert answer.status_code == 201
    body = answer.get_json()
    assert body.keys() == {"token", "expires_at"}
    reports = client.get("/api/v1/reports", headers={"Authorization": f"Bearer {body['token']}"})
    assert reports.status_code == 200


def test_openid_and_session_key_stay_with_us(client, sandbox, now):
    answer = log_in_mini(client, sandbox.code(MINI_APPID))
    openid = demo_openid(MINI_APPID, "resident-1")
    assert openid not in answer.get_data(as_text=True)
    assert "session_key" not in answer.get_data(as_text=True)
    row = db.session.scalars(select(Resident)).one()
    assert openid not in (row.openid_sealed, row.openid_index)
    address = db.session.scalars(select(Address)).one()
    assert (address.channel, address.resident_id) == ("mini_subscribe", row.id)
    assert openid not in (address.target_sealed, address.target_index)


def test_the_same_person_is_one_resident_however_often_he_comes(client, sandbox, now):
    for _ in range(3):
        assert log_in_mini(client, sandbox.code(MINI_APPID)).status_code == 201
    assert (count(Resident), count(Address), count(Session)) == (1, 1, 3)


def test_a_code_works_once(client, sandbox, now):
    code = sandbox.code(MINI_APPID)
    assert log_in_mini(client, code).status_code == 201
    again = log_in_mini(client, code)
    assert again.status_code == 401
    assert again.get_json()["code"] == "wechat_code"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"app": "mini", "code": "never-given"}, 401),
        ({"app": "mini", "code": ""}, 422),
        ({"app": "mini", "code": "x" * 129}, 422),
        ({"app": "mini", "code": 7}, 422),
        ({"app": "mini"}, 422),
        ({"app": "mp", "code": "x"}, 422),
        ({"app": "mini", "code": "x", "openid": "y"}, 422),
        ([], 422),
    ],
)
def test_what_is_no_code_is_refused(client, sandbox, now, body, status):
    assert client.post("/api/v1/sessions/wechat", json=body).status_code == status


@pytest.mark.parametrize("plan", [{"errcode": -1}, {"status": 502}, {"truncate": True}, {"errcode": 40125}])
def test_while_wechat_is_away_it_says_when_to_come_back(client, sandbox, now, plan):
    sandbox.fault("/sns/jscode2session", **plan)
    answer = log_in_mini(client, sandbox.code(MINI_APPID))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert log_in_mini(client, sandbox.code(MINI_APPID)).status_code == 201


def test_logins_from_one_address_are_counted(client, sandbox, now):
    statuses = [log_in_mini(client, "bad").status_code for _ in range(121)]
    assert statuses[-2:] == [401, 429]


def test_the_h5_login_knows_the_resident_and_his_own_reports(browse, report_of):
    mine, other = browse(), browse()
    report = report_of(mine)
    foreign = report_of(other, key="f" * 32)
    answer = mine.log_in(f"/wechat/oauth/start?next=/r/{report.no}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/r/{report.no}")
    assert "HttpOnly" in str(answer.headers)
    db.session.expire_all()
    resident = db.session.scalars(select(Resident)).one()
    assert resident.appid == MP_APPID
    assert db.session.get(Report, report.id).resident_id == resident.id
    assert db.session.get(Report, foreign.id).resident_id is None
    channels = db.session.scalars(select(Address.channel).where(Address.resident_id == resident.id))
    assert sorted(channels) == ["mp_subscribe", "mp_template"]
    assert mine.client.get("/my").status_code == 200


def test_a_report_that_staff_wrote_down_is_not_tied_to_a_login(browser, report_of):
    report = report_of(browser, filed_by=1)
    browser.log_in()
    db.session.expire_all()
    assert db.session.get(Report, report.id).resident_id is None


def test_a_report_has_one_resident_for_good(browser, report_of):
    report = report_of(browser)
    browser.log_in(person="resident-1")
    first = db.session.get(Report, report.id, populate_existing=True).resident_id
    browser.log_in(person="resident-2")
    assert db.session.get(Report, report.id, populate_existing=True).resident_id == first


def test_a_snapshot_visitor_stays_nobody(browser, report_of):
    report = report_of(browser)
    answer = browser.log_in(snapshot="1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my")
    assert browser.client.get_cookie("session") is None
    assert count(Resident) == 0
    assert db.session.get(Report, report.id, populate_existing=True).resident_id is None


def test_a_state_works_once(browser):
    page = browser.leave("/wechat/oauth/start?next=/my")
    kept = browser.client.get_cookie("wechat").value
    assert browser.client.get(browser.choose(page)).status_code == 302
    browser.client.set_cookie("wechat", kept)
    assert browser.client.get(browser.choose(page)).status_code == 403


def test_a_state_is_spent_even_when_the_code_was_no_good(browser):
    page = browser.leave("/wechat/oauth/start")
    back = f"/wechat/oauth/callback?code=bad&state={state_in(page)}"
    assert browser.client.get(back).status_code == 401
    assert browser.client.get(browser.choose(page)).status_code == 403


def test_a_state_belongs_to_the_browser_that_left(browse):
    attacker, victim = browse(), browse()
    back = attacker.choose(attacker.leave("/wechat/oauth/start"))
    assert victim.client.get(back).status_code == 403
    victim.leave("/wechat/oauth/start")
    assert victim.client.get(back).status_code == 403
    assert victim.client.get_cookie("session") is None


@pytest.mark.parametrize("state", ["", "0" * 32, "\u4e2d", "x" * 3900])
def test_a_forged_state_is_refused(browser, state):
    browser.leave("/wechat/oauth/start")
    answer = browser.client.get("/wechat/oauth/callback", query_string={"code": "x", "state": state})
    assert answer.status_code == 403
    assert "再点一次" in answer.get_data(as_text=True)


@pytest.mark.parametrize("cookie", ["", "x", "eyJzdGF0ZSI6IngifQ.abc", "a" * 3000])
def test_a_forged_cookie_is_refused(browser, cookie):
    page = browser.leave("/wechat/oauth/start")
    browser.client.set_cookie("wechat", cookie)
    assert browser.client.get(browser.choose(page)).status_code == 403


def test_a_state_runs_out(browser, now):
    page = browser.leave("/wechat/oauth/start")
    with stopped(now + LASTS * 1.01):
        assert browser.client.get(browser.choose(page)).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "evil", "/\t/evil.example",
     "/" + "x" * 600, "/\u4e2d", "/a b"],
)  # fmt: skip
def test_the_way_back_leads_nowhere_else(browser, path):
    assert own_path(path) == "/my"
    answer = browser.client.get("/wechat/oauth/start", query_string={"next": path})
    back = browser.choose(answer.headers["Location"])
    assert browser.client.get(back).headers["Location"] == "/my"


def test_a_staff_login_stays_when_his_wechat_is_recognised(browser, world, report_of):
    world.login(browser.client, "ys.hill.manager")
    before = browser.client.get_cookie("session").value
    report = report_of(browser)
    assert browser.log_in().status_code == 302
    assert browser.client.get_cookie("session").value == before
    assert db.session.get(Report, report.id, populate_existing=True).resident_id is not None


def test_a_resident_who_logs_in_again_ends_his_older_session(browser):
    browser.log_in(person="resident-1")
    browser.log_in(person="resident-2")
    assert db.session.scalar(select(func.count()).where(Session.ended_at.is_not(None))) == 1


def test_wechat_being_away_is_said_in_kind_words(browser, sandbox):
    back = browser.choose(browser.leave("/wechat/oauth/start"))
    sandbox.fault("/sns/oauth2/access_token", status=503)
    answer = browser.client.get(back)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "不登录也可以上报" in answer.get_data(as_text=True)


def test_no_secret_and_no_openid_in_any_answer_or_log(browse, client, sandbox, caplog, now):
    caplog.set_level(logging.DEBUG)
    browser = browse()
    answers = [log_in_mini(client, sandbox.code(MINI_APPID)), log_in_mini(client, "bad"), browser.log_in()]
    sandbox.fault("/sns/oauth2/access_token", errcode=40125)
    answers.append(browser.log_in())
    words = "".join(str(one.headers) + one.get_data(as_text=True) for one in answers) + caplog.text
    hidden = [*secrets_of(sandbox.base), demo_openid(MINI_APPID, "resident-1")]
    assert [one for one in hidden if one in words] == []
    assert (
        demo_openid(MP_APPID, "resident-1") not in "".join(str(one.headers) for one in answers) + caplog.text
    )
