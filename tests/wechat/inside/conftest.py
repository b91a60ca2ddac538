"""The application with the sandbox in WeChat's place, both in this process, and browsers that go between them."""

import re
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from server.accounts.roles import Actor
from server.app import create_app
from server.core import clock
from server.core.db import db
from server.core.tokens import fingerprint
from server.policy.loader import books
from server.reports.filing import Filing, file_report
from server.reports.models import Report
from server.wechat.sandbox.app import create_sandbox
from server.wechat.sandbox.demo import MP_APPID, demo_config, demo_openid, demo_state, demo_target
from server.wechat.sandbox.model import Fault, State, Target
from server.wechat.sandbox.push import envelope
from tests.conftest import Browser as OneContextEach
from tests.wechat.conftest import serve

CHECK_FILES = "MP_verify_a1B2.txt=a1B2,word.txt=two words=1"
PROGRESS = "tpl-sub-progress"


@dataclass
class Sandbox:
    """The running sandbox; its state is new for every test."""

    base: str
    app: Flask

    @property
    def state(self) -> State:
        return self.app.extensions["sandbox"]

    def fault(self, path: str, **plan: Any) -> None:
        self.state.faults.append(Fault(path, **plan))

    def messages(self, address: str) -> list[str]:
        """The titles on somebody's phone, the newest first."""
        phone = self.app.test_client().get(f"/_sandbox/api/phones/{address}").get_json()
        return [one["title"] for one in phone["messages"]]

    def code(self, appid: str, person: str = "resident-1", **more: Any) -> str:
        given = {"appid": appid, "address": demo_openid(appid, person), **more}
        return str(self.app.test_client().post("/_sandbox/api/codes", json=given).get_json()["code"])


@pytest.fixture(scope="session")
def running():
    app = create_sandbox(demo_state(clock.now), clock=clock.now)
    server = serve(app)
    yield Sandbox(f"http://127.0.0.1:{server.port}", app)
    server.shutdown()
    server.server_close()


@pytest.fixture
def sandbox(running):
    running.app.extensions["sandbox"] = demo_state(clock.now)
    return running


@pytest.fixture(scope="session")
def application(settings, running):
    app = create_app(replace(settings, sandbox_base=running.base, wechat_check_files=CHECK_FILES))
    yield app
    with app.app_context():
        db.engine.dispose()


@dataclass
class Browser:
    """One browser, which follows the login page as WeChat would."""

    client: FlaskClient
    device: str

    def leave(self, path: str) -> str:
        """Off to the login page; its address, with the state in it."""
        answer = self.client.get(path)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return str(answer.headers["Location"])

    def choose(self, login_page: str, person: str = "resident-1", **more: str) -> str:
        """Choose somebody on the login page; the way back."""
        query = dict(parse_qsl(urlsplit(login_page).query)) | {"as": demo_openid(MP_APPID, person)} | more
        answer = self.client.get(urlsplit(login_page).path, query_string=query)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return str(answer.headers["Location"])

    def log_in(
        self, path: str = "/wechat/oauth/start?next=/my", person: str = "resident-1", **more: str
    ) -> Any:
        """The whole way; the answer of our callback."""
        return self.client.get(self.choose(self.leave(path), person, **more))


@pytest.fixture
def browse(app, sandbox, now):
    """Makes browsers, each with a device cookie of its own."""

    def make() -> Browser:
        app.test_client_class = OneContextEach
        client, device = app.test_client(), token_urlsafe(32)
        client.set_cookie("device", device)
        return Browser(client, device)

    return make


@pytest.fixture
def browser(browse):
    return browse()


@pytest.fixture
def push(app, client, sandbox, now):
    """Pushes an event to our callback as WeChat would; changes to query, body or target on request."""

    def send(event: dict[str, Any], *, person="resident-1", plain=False, query=None, body=None):
        target = demo_target("http://localhost/wechat/callback")
        target = replace_key(target) if plain else target
        fields = {
            "ToUserName": "gh_1",
            "FromUserName": demo_openid(MP_APPID, person),
            "MsgType": "event",
            "CreateTime": int(now.timestamp()),
        }
        made, content = envelope(target, fields | event, now=now)
        return client.post(
            "/wechat/callback", query_string=made | (query or {}), data=content if body is None else body
        )

    return send


def replace_key(target: Target) -> Target:
    """The same target in plain mode."""
    return Target(target.url, target.token, target.appid)


def popup(answer="accept", template=PROGRESS, **more):
    """Somebody answered the question on a page."""
    item = {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": "2"}
    return {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": {"List": [item]}, **more}


def change(template=PROGRESS):
    """Somebody switched messages off in WeChat's settings."""
    item = {"TemplateId": template, "SubscribeStatusString": "reject"}
    return {"Event": "subscribe_msg_change_event", "SubscribeMsgChangeEvent": {"List": [item]}}


@pytest.fixture
def report_of(world):
    """Files a report from a browser."""

    def file(browser: Browser, key: str = "k" * 32, **more: Any) -> Report:
        kind = next(one.key for one in books()["371323"].kinds.values() if not one.confidential)
        by = Actor(device_hash=fingerprint(browser.device))
        filed = file_report(
            world.place("ys.hill"), Filing(kind=kind, text="漏水"), key=key, by=by, now=world.now, **more
        )
        db.session.commit()
        return db.session.scalars(select(Report).where(Report.no == filed.no)).one()

    return file


def secrets_of(base: str) -> list[str]:
    """Every secret of the sandbox's accounts."""
    given = demo_config(base)
    return [given.mini_secret, given.mp_secret, given.mp_token, given.mp_aes_key, given.wecom_secret]


def state_in(login_page: str) -> str:
    """The state in a login page's address."""
    found = re.search(r"state=([0-9A-Za-z]+)", login_page)
    assert found
    return found[1]
