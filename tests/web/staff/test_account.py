from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.login import check_login
from server.core import clock
from server.core.db import db
from server.notices.channels import MemoryChannel, RefusalKind, Refused
from server.notices.dispatch import deliver_push
from server.notices.models import Address, Push
from server.notices.trial import AT_ONCE, PURPOSE
from tests.web.conftest import read
from tests.web.staff.conftest import PASSWORD, page_of, send

NEW = "a quite different phrase"
ME = "ys.hill.manager"


@pytest.fixture
def browser(staff):
    return staff(ME)


def words_of(page):
    return page.get_text(" ", strip=True)


def trial(browser):
    """The answer to asking for a trial message."""
    return send(browser, page_of(browser, "/account"), "/account/test")


def deliver(*refusals):
    """Do the worker's part for every trial."""
    channel = MemoryChannel("wecom_app", refusals=list(refusals))
    for push_id in db.session.scalars(select(Push.id).where(Push.purpose == PURPOSE)).all():
        deliver_push(push_id, channels={"wecom_app": channel}, now=clock.now())
    return channel


def test_the_account_shows_posts_channels_and_this_login(browser):
    page = page_of(browser, "/account")
    shown = words_of(page)
    assert "好邻居物业（青山花园小区）" in shown
    assert "项目经理" in shown
    assert "企业微信" in shown
    assert "ys****er" in shown
    assert "就是这里" in shown
    assert "ys.hill.manager-secret" not in shown


def test_another_login_is_ended_from_here(staff, browser):
    other = staff(ME)
    page = page_of(browser, "/account")
    action = page.find(
        "form", action=lambda action: action and action.endswith("/end") and "logins" in action
    )
    assert send(browser, page, action["action"]).location == "/account?done=ended"
    assert other.get("/account").status_code == 401
    assert browser.get("/account").status_code == 200


def test_nobody_ends_a_foreign_login_or_channel(staff, browser, world):
    bureau = staff("ys.bureau")
    page = page_of(bureau, "/account")
    login = page.find("form", action=lambda action: action and "addresses" in action)["action"]
    token = page_of(browser, "/account").find("input", attrs={"name": "csrf_token"})["value"]
    assert browser.post(login, data={"csrf_token": token}).status_code == 404
    assert browser.post("/account/logins/1/end", data={"csrf_token": token}).status_code == 404
    assert bureau.get("/account").status_code == 200


def test_a_new_password_needs_the_old_one_and_ends_other_logins(staff, browser, password, now):
    password(ME)
    other = staff(ME)
    page = page_of(browser, "/account")
    answer = send(browser, page, "/account/password", old=PASSWORD, new=NEW, again=NEW)
    assert answer.location == "/account?done=password"
    assert other.get("/account").status_code == 401
    assert browser.get("/account").status_code == 200
    assert check_login(ME, NEW, now=now) is not None
    assert check_login(ME, PASSWORD, now=now) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (("wrong", NEW, NEW), "old"),
        ((PASSWORD, NEW, "other"), "again"),
        ((PASSWORD, "short", "short"), "new"),
        ((PASSWORD, ME + "!!", ME + "!!"), "new"),
    ],
)
def test_a_password_that_will_not_do_says_where(browser, password, given, field):
    old, new, again = given
    password(ME)
    answer = send(browser, page_of(browser, "/account"), "/account/password", old=old, new=new, again=again)
    assert answer.status_code == 422
    page = read(answer)
    assert page.find(id=f"e-{field}").text
    assert new not in answer.get_data(as_text=True)


def test_guessing_the_old_password_ends_in_a_pause(browser, password):
    password(ME)
    page = page_of(browser, "/account")
    for _ in range(5):
        assert send(browser, page, "/account/password", old="wrong", new=NEW, again=NEW).status_code == 422
    answer = send(browser, page, "/account/password", old=PASSWORD, new=NEW, again=NEW)
    assert answer.status_code == 429


def test_binding_wecom_replaces_the_one_before_and_keeps_it_secret(browser, world):
    answer = send(browser, page_of(browser, "/account"), "/account/wecom", target="ZhangSan01")
    assert answer.location == "/account?done=bound"
    shown = words_of(page_of(browser, "/account"))
    assert "Zh****01" in shown
    assert "ys****er" not in shown
    me = world.people[ME].id
    rows = db.session.scalars(
        select(Address).where(Address.person_id == me, Address.ended_at.is_(None))
    ).all()
    assert len(rows) == 1
    assert "ZhangSan01" not in rows[0].target_sealed


@pytest.mark.parametrize("target", ["", "  ", "zhang san", "x" * 65, "a\x00b"])
def test_an_account_name_that_is_none_is_refused_at_its_field(browser, target):
    answer = send(browser, page_of(browser, "/account"), "/account/wecom", target=target)
    assert answer.status_code == 422
    assert read(answer).find(id="e-target").text


def test_a_trial_message_arrives_and_the_page_says_so(browser):
    assert trial(browser).location == "/account?done=test"
    assert "正在发送" in words_of(page_of(browser, "/account"))
    target, message = deliver().sent[0]
    assert target == ME
    assert "测试" in message.title
    assert message.url.endswith("/account")
    assert "已送出" in words_of(page_of(browser, "/account"))


def test_a_trial_that_is_refused_says_so_with_its_code(browser):
    trial(browser)
    deliver(Refused("60111", RefusalKind.FINAL))
    shown = words_of(page_of(browser, "/account"))
    assert "没送到" in shown
    assert "60111" in shown


def test_without_a_channel_there_is_a_warning_and_nothing_to_try(browser):
    page = page_of(browser, "/account")
    action = page.find("form", action=lambda action: action and "addresses" in action)["action"]
    token = page.find("input", attrs={"name": "csrf_token"})["value"]
    assert send(browser, page, action).location == "/account?done=unbound"
    page = page_of(browser, "/account")
    assert "还没有绑定接收方式" in words_of(page)
    assert not page.find("form", action="/account/test")
    assert browser.post("/account/test", data={"csrf_token": token}).status_code == 422


def test_trials_do_not_pile_up(browser):
    answers = [trial(browser).status_code for _ in range(AT_ONCE + 1)]
    assert answers == [303] * AT_ONCE + [429]


def test_a_login_that_was_left_alone_is_over(browser, now):
    with clock.stopped(now + timedelta(hours=13)):
        assert browser.get("/account").status_code == 401
