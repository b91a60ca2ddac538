"""The demonstration's pages, mounted in another application that asks the sandbox over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from server.core.errors import Unavailable
from server.wechat.channel import channels
from server.wechat.sandbox.demo import MP_APPID, demo_openid, robot_key
from server.wechat.sandbox.pages import create_pages
from server.wechat.sandbox.source import HttpSource
from tests.wechat.conftest import Box
from tests.wechat.test_channel import MESSAGE

AUTHORIZE = "/_sandbox/connect/oauth2/authorize"


def product(base: str) -> FlaskClient:
    app = Flask("product")
    app.testing = True
    app.register_blueprint(create_pages(HttpSource(base), own_host=True))
    return app.test_client()


def page(client: FlaskClient, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200
    found = BeautifulSoup(answer.text, "html.parser")
    assert not found.find_all("script")
    assert not found.find_all(style=True)
    return found


def authorize(**changed: str) -> str:
    query = {
        "appid": MP_APPID,
        "redirect_uri": "http://localhost/wechat/oauth/callback",
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "s1",
    }
    return AUTHORIZE + "?" + "&".join(f"{name}={value}" for name, value in (query | changed).items())


def test_every_phone_is_listed_and_leads_to_its_page(box: Box) -> None:
    client = product(box.base)
    links = [link["href"] for link in page(client, "/_sandbox/").select("main a")]
    assert len(links) == len(box.state.people)
    for link in links:
        page(client, str(link))


def test_a_phone_shows_what_arrived_with_its_link(box: Box) -> None:
    channels(box.wechat())["wecom_app"].send("manager-1", MESSAGE)
    found = page(product(box.base), "/_sandbox/phones/manager-1")
    assert "和谐家园" in found.text
    assert found.select_one("a.open")["href"] == MESSAGE.url
    assert found.find("time").text == "03-01 15:01"


def test_a_link_that_is_no_web_address_is_not_offered(box: Box) -> None:
    box.wechat().wecom.send_textcard("manager-1", title="x", description="y", url="javascript:alert(1)")
    assert page(product(box.base), "/_sandbox/phones/manager-1").select("a.open") == []


def test_markup_in_a_message_is_shown_as_text(box: Box) -> None:
    box.wechat().robot().send_text("<script>alert(1)</script>\n<b>x</b>")
    assert "<script>" in page(product(box.base), f"/_sandbox/phones/{robot_key()}").text


def test_the_style_is_served_from_here(box: Box) -> None:
    answer = product(box.base).get("/_sandbox/style.css")
    assert answer.mimetype == "text/css"


def test_a_phone_that_does_not_exist_is_not_found(box: Box) -> None:
    assert product(box.base).get("/_sandbox/phones/nobody").status_code == 404


def test_the_login_page_offers_people_and_brings_the_chosen_one_back(box: Box) -> None:
    client = product(box.base)
    links = page(client, authorize()).select("main a")
    assert len(links) == len(box.state.people)  # everybody but the group, and the snapshot visitor
    chosen = client.get(AUTHORIZE + str(links[0]["href"]))
    location = chosen.headers["Location"]
    assert location.startswith("http://localhost/wechat/oauth/callback?code=")
    assert location.endswith("&state=s1")
    code = location.split("code=")[1].split("&")[0]
    assert box.wechat().mp.exchange(code).openid == demo_openid(MP_APPID, "resident-1")


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": ""},
        {"response_type": "token"},
        {"scope": "all"},
        {"as": "o-nobody"},
        {"appid": "wxnobody", "as": demo_openid(MP_APPID, "resident-1")},
    ],
)
def test_a_login_that_wechat_would_not_take_is_refused(box: Box, changed: dict[str, str]) -> None:
    assert product(box.base).get(authorize(**changed)).status_code == 400


def test_a_login_leads_only_to_the_host_agreed_on(box: Box) -> None:
    chosen = authorize(**{"as": demo_openid(MP_APPID, "resident-1")})
    box.account(MP_APPID).oauth_host = "wy.example.gov.cn"
    assert product(box.base).get(chosen).status_code == 400
    box.account(MP_APPID).oauth_host = "localhost"
    assert product(box.base).get(chosen).status_code == 302


def test_a_sandbox_that_is_away_says_so() -> None:
    with pytest.raises(Unavailable):
        product("http://127.0.0.1:9").get("/_sandbox/")


def test_every_route_is_declared_to_the_guard(box: Box) -> None:
    guarded: list[str] = []

    def guard(view: Callable[..., Any]) -> Callable[..., Any]:
        guarded.append(view.__name__)
        return view

    app = Flask("product", static_folder=None)
    app.register_blueprint(create_pages(HttpSource(box.base), guard=guard))
    assert {f"sandbox.{name}" for name in guarded} == set(app.view_functions)


def subscribe(**changed: str) -> str:
    query = {"appid": MP_APPID, "template_id": "tpl-sub-any", "back": "http://localhost/r/1"} | changed
    return "/_sandbox/subscribe?" + "&".join(f"{name}={value}" for name, value in query.items())


def test_who_says_yes_can_be_sent_one_message(box: Box) -> None:
    client = product(box.base)
    links = [str(link["href"]) for link in page(client, subscribe()).select("main a")]
    yes, no = links[0], links[1]
    assert client.get("/_sandbox/subscribe" + no).headers["Location"] == "http://localhost/r/1"
    assert not any(box.state.quota.values())
    client.get("/_sandbox/subscribe" + yes)
    assert box.state.quota[demo_openid(MP_APPID, "resident-1"), "tpl-sub-any"] == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"back": "https://evil.example/"},
        {"as": "o-nobody", "answer": "accept"},
        {"as": demo_openid(MP_APPID, "resident-1"), "answer": "perhaps"},
        {"as": demo_openid(MP_APPID, "resident-1"), "answer": "accept", "template_id": "tpl-none"},
    ],
)
def test_a_wrong_answer_about_messages_is_refused(box: Box, changed: dict[str, str]) -> None:
    assert product(box.base).get(subscribe(**changed)).status_code == 400
