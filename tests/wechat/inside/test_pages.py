from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from sqlalchemy import select

from server.app import create_app
from server.core.crypto import vault
from server.core.db import db
from server.notices.models import Address
from server.reports.links import track_url
from server.settings import DEMO_DATA_KEY, DEMO_SECRET, Settings, SettingsError, check
from server.wechat import plug
from server.wechat.sandbox.demo import MP_APPID, demo_openid
from server.wechat.sdk import jsapi_signature
from tests.web.conftest import read
from tests.wechat.inside.conftest import PROGRESS, popup

MICROMESSENGER = {"User-Agent": "Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0.40"}
PLAIN = {"User-Agent": "Mozilla/5.0 (Linux; Android 12) Chrome/120"}


@pytest.fixture(scope="session")
def real(settings):
    """An application with accounts at Tencent and no sandbox; nothing in these tests talks to it."""
    app = create_app(
        replace(
            settings,
            wechat_mp_appid="wx1",
            wechat_mp_secret="s",
            wechat_mp_token="t",
            wechat_templates="sub.progress=TPL-1",
        )
    )
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def bare(settings):
    """An application that knows nothing of WeChat."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("path", "content"),
    [("/MP_verify_a1B2.txt", b"a1B2"), ("/e/MP_verify_a1B2.txt", b"a1B2"), ("/word.txt", b"two words=1")],
)
def test_a_check_file_is_exactly_its_bytes(client, path, content):
    answer = client.get(path)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, content, "text/plain")


@pytest.mark.parametrize(
    "path", ["/other.txt", "/e/other.txt", "/mp_verify_a1b2.txt", "/.txt", "/e/x/word.txt", "/x/word.txt"]
)
def test_any_other_file_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_a_scan_code_is_still_a_scan_code(client, world):
    assert client.get(f"/e/{world.code('ys.hill')}").status_code == 200


def test_a_page_of_ours_is_signed(browser, sandbox):
    url = "http://localhost/wechat/ask?next=/r/1"
    answer = browser.client.get("/wechat/jssdk", query_string={"url": url + "#part"}).get_json()
    ticket = sandbox.state.tickets[MP_APPID][0]
    right = jsapi_signature(ticket=ticket, nonce=answer["nonceStr"], timestamp=answer["timestamp"], url=url)
    assert answer["signature"] == right
    assert answer.keys() == {"appId", "timestamp", "nonceStr", "signature"}


@pytest.mark.parametrize(
    "url",
    ["", "http://evil.example/", "http://localhost.evil.example/", "http://evil@localhost/", "//localhost/", "ftp://localhost/",
     "http://localhost:81/", "javascript:alert(1)", "http://[", "http://evil.example\\@localhost/"],
)  # fmt: skip
def test_a_foreign_page_is_not_signed(browser, url):
    assert browser.client.get("/wechat/jssdk", query_string={"url": url}).status_code == 403


def test_no_signature_while_wechat_is_away(browser, sandbox):
    sandbox.fault("/cgi-bin/ticket/getticket", times=None, errcode=-1)
    answer = browser.client.get("/wechat/jssdk?url=http://localhost/my")
    assert answer.status_code == 503


def test_in_the_demonstration_a_resident_logs_in_agrees_and_is_back_where_he_was(browser, report_of, sandbox):
    report = report_of(browser)
    here = f"/r/{report.no}"
    link = read(browser.client.get(here)).find("a", string="用微信接收进展")["href"]
    answer = browser.log_in(link)
    asked = urlsplit(answer.headers["Location"])
    assert (answer.status_code, asked.path) == (302, "/_sandbox/subscribe")
    page = browser.client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "允许" in page
    query = {name: values[0] for name, values in parse_qs(asked.query).items()}
    query |= {"as": demo_openid(MP_APPID, "resident-1"), "answer": "accept"}
    back = browser.client.get(asked.path, query_string=query)
    assert back.headers["Location"] == f"http://localhost{here}"
    assert sandbox.state.quota[demo_openid(MP_APPID, "resident-1"), PROGRESS] == 1


def test_whoever_was_only_given_the_link_is_offered_no_messages(browse, report_of):
    link = urlsplit(track_url(report_of(browse()).no))
    page = browse().client.get(link.path, query_string=link.query)
    assert page.status_code == 200
    assert "/wechat/news" not in page.get_data(as_text=True)


def test_who_is_known_already_is_asked_at_once_and_sees_how_many_are_left(browser, push, report_of):
    report = report_of(browser)
    browser.log_in()
    push(popup())
    page = read(browser.client.get(f"/r/{report.no}"))
    assert "您已允许 1 条" in page.get_text()
    answer = browser.client.get(page.find("a", string="再允许一条")["href"])
    assert answer.headers["Location"].startswith("/_sandbox/subscribe?")


def test_a_snapshot_visitor_is_led_back_without_a_question(browser):
    assert browser.log_in("/wechat/news?next=/my", snapshot="1").headers["Location"] == "/my"


def test_staff_who_ask_for_news_are_not_sent_in_circles(browser, world):
    world.login(browser.client, "ys.hill.manager")
    answer = browser.log_in("/wechat/news?next=/my")
    assert answer.headers["Location"].startswith("/_sandbox/subscribe?")


@pytest.mark.parametrize(("browser_of", "offered"), [(MICROMESSENGER, True), (PLAIN, False)])
def test_messages_are_offered_where_they_can_come(real, browser_of, offered):
    with real.test_request_context("/r/1?k=2", headers=browser_of):
        text = real.jinja_env.get_template("resident/_subscribe.html").render(link="http://localhost/r/1")
    assert (quote("/r/1?k=2", safe="") in text) is offered
    assert ("请记得回来看" in text) is not offered


def test_wechats_own_button_has_a_page_to_itself(real):
    with real.test_request_context("/wechat/ask?next=/r/1", headers=MICROMESSENGER):
        answer = real.dispatch_request()
        assert answer.headers["Location"].startswith(
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&"
        )
        text = real.jinja_env.get_template("wechat/ask.html").render(back="/r/1", template="TPL-1")
    assert 'data-template="TPL-1"' in text
    assert "<script>" not in text


def test_a_member_of_staff_binds_his_wechat(browser, world, sandbox):
    manager = world.people["ys.hill.manager"]
    world.login(browser.client, "ys.hill.manager")
    assert 'href="/account/wechat/bind"' in browser.client.get("/account").get_data(as_text=True)
    answer = browser.log_in("/account/wechat/bind", person="manager-1")
    assert answer.headers["Location"] == "/account?done=bound"
    query = select(Address).where(Address.person_id == manager.id).order_by(Address.rank)
    wecom, mine = db.session.scalars(query)
    assert (wecom.channel, mine.channel, mine.rank) == ("wecom_app", "mp_template", 1)
    assert vault().open(mine.target_sealed) == demo_openid(MP_APPID, "manager-1")


def test_nobody_else_binds(browse, world):
    browser = browse()
    assert browser.client.get("/account/wechat/bind").status_code == 401
    world.login(browser.client, "ys.hill.manager")
    forced = browser.client.get("/account/wechat/bind", headers={"Sec-Fetch-Site": "cross-site"})
    assert forced.status_code == 403
    back = browser.choose(browser.leave("/account/wechat/bind"), "manager-1")
    world.login(browser.client, "ys.bureau")
    assert browser.client.get(back).status_code == 403
    assert browser.log_in("/account/wechat/bind", snapshot="1").status_code == 403
    assert db.session.scalars(select(Address).where(Address.channel == "mp_template")).all() == []


def test_the_phones_are_there_in_the_demonstration(client, sandbox):
    assert client.get("/_sandbox/").status_code == 200


def test_without_a_sandbox_there_are_no_phones(real):
    assert [rule for rule in real.url_map.iter_rules() if rule.rule.startswith("/_sandbox")] == []
    assert real.test_client().get("/_sandbox/").status_code == 404


def test_without_accounts_wechat_is_simply_not_offered(bare):
    client = bare.test_client()
    for path in (
        "/wechat/oauth/start",
        "/wechat/callback?echostr=1",
        "/wechat/jssdk?url=x",
        "/wechat/news",
        "/wechat/ask",
    ):
        assert client.get(path).status_code == 404, path
    assert client.post("/wechat/callback", data=b"<xml/>").status_code == 404
    assert client.post("/api/v1/sessions/wechat", json={"app": "mini", "code": "x"}).status_code == 422
    with bare.app_context():
        assert set(bare.extensions["channels"]) == {"drill"}


PRODUCTION = Settings(
    mode="production",
    database_url="postgresql://db/x",
    secret_key="s" * 40,
    data_key="p1:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=",
    public_base_url="https://wy.example.gov.cn",
)


def test_production_takes_tencents_addresses():
    assert PRODUCTION.secret_key != DEMO_SECRET
    assert PRODUCTION.data_key != DEMO_DATA_KEY
    check(PRODUCTION)
    assert not plug.sandboxed(PRODUCTION)


@pytest.mark.parametrize("name", ["wechat_api_base", "wechat_open_base", "wecom_api_base", "sandbox_base"])
def test_production_refuses_any_other(name):
    elsewhere = replace(PRODUCTION, **{name: "http://127.0.0.1:9"})
    with pytest.raises(SettingsError):
        check(elsewhere)
    assert not plug.sandboxed(elsewhere)
