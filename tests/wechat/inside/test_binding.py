"""Binding one's own WeChat by a personal link: one time, soon over, one WeChat for one person."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from server.accounts.models import Invitation, StaffChange
from server.core import clock
from server.core.crypto import vault
from server.core.db import db
from server.notices.addresses import bind
from server.notices.models import Address
from server.wechat.sandbox.demo import MP_APPID, demo_openid
from tests.web.conftest import read, submit

ME, OTHER = "ys.hill.manager", "ys.lake.manager"


def link_of(browser, world, name=ME):
    """The path of a fresh link that somebody made on another screen."""
    world.now = clock.now()
    world.login(browser.client, name)
    page = read(browser.client.get("/account"))
    form = page.find("form", action="/account/wechat/link")
    token = form.find("input", attrs={"name": "csrf_token"})["value"]
    answer = browser.client.post(form["action"], data={"csrf_token": token})
    assert answer.headers["Cache-Control"] == "no-store"
    shown = read(answer)
    assert shown.find("svg", attrs={"role": "img"})
    return shown.find(id="link").text.removeprefix("http://localhost")


def go(phone, path, person="manager-1", **more):
    """Open the link in a phone's WeChat and say yes; the answer of our callback."""
    page = read(phone.client.get(path))
    left = submit(phone.client, page, at=path)
    assert left.status_code == 302
    return phone.client.get(phone.choose(left.headers["Location"], person, **more))


def bound(person):
    query = select(Address).where(
        Address.person_id == person.id, Address.channel == "mp_template", Address.ended_at.is_(None)
    )
    return [vault().open(one.target_sealed) for one in db.session.scalars(query)]


def test_a_link_made_on_a_computer_binds_the_wechat_that_opens_it(browse, world):
    path = link_of(browse(), world)
    phone = browse()
    assert ME in phone.client.get(path).get_data(as_text=True)
    assert bound(world.people[ME]) == []
    answer = go(phone, path)
    assert answer.headers["Location"] == "/bound"
    assert "已绑定" in phone.client.get("/bound").get_data(as_text=True)
    assert bound(world.people[ME]) == [demo_openid(MP_APPID, "manager-1")]
    assert phone.client.get_cookie("session") is None


def test_a_link_works_once_and_its_token_is_stored_nowhere(browse, world):
    path = link_of(browse(), world)
    go(browse(), path)
    assert browse().client.get(path).status_code == 404
    assert path.rsplit("/", 1)[1] not in set(db.session.scalars(select(Invitation.token_hash)))


def test_two_phones_with_one_link_bind_once(browse, world):
    path = link_of(browse(), world)
    first, second = browse(), browse()
    pages = [
        submit(phone.client, read(phone.client.get(path)), at=path).headers["Location"]
        for phone in (first, second)
    ]
    backs = [first.choose(pages[0], "manager-1"), second.choose(pages[1], "manager-2")]
    answers = [phone.client.get(back).status_code for phone, back in zip((first, second), backs, strict=True)]
    assert answers == [302, 404]
    assert bound(world.people[ME]) == [demo_openid(MP_APPID, "manager-1")]


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (10, 404), (11, 404)])
def test_a_link_lasts_ten_minutes(browse, world, minutes, status):
    path = link_of(browse(), world)
    with clock.stopped(clock.now() + timedelta(minutes=minutes)):
        assert browse().client.get(path).status_code == status


def test_a_newer_link_stops_the_one_before_and_an_invitation_is_no_link(browse, world):
    first, second = link_of(browse(), world), link_of(browse(), world)
    assert [browse().client.get(path).status_code for path in (first, second)] == [404, 200]
    assert browse().client.get(second.replace("/bind/", "/invite/")).status_code == 404


def test_a_snapshot_binds_nobody_and_the_link_still_works(browse, world):
    path = link_of(browse(), world)
    assert go(browse(), path, snapshot="1").status_code == 403
    assert go(browse(), path).status_code == 302


def test_another_wechat_replaces_the_first_and_that_is_recorded(browse, world):
    for person in ("manager-1", "manager-2"):
        go(browse(), link_of(browse(), world), person)
    assert bound(world.people[ME]) == [demo_openid(MP_APPID, "manager-2")]
    acts = list(db.session.scalars(select(StaffChange.act).order_by(StaffChange.id)))
    assert acts[-2:] == ["address_bound", "address_replaced"]
    details = " ".join(db.session.scalars(select(StaffChange.detail)))
    assert demo_openid(MP_APPID, "manager-2") not in details


def test_one_wechat_is_not_two_peoples(browse, world):
    go(browse(), link_of(browse(), world))
    answer = go(browse(), link_of(browse(), world, OTHER))
    assert answer.status_code == 409
    assert bound(world.people[OTHER]) == []


def test_the_database_itself_keeps_one_wechat_for_one_person(world, now):
    openid = demo_openid(MP_APPID, "manager-1")
    mine = bind("371323", world.people[ME].id, "mp_template", openid, now=now)
    sealed = db.session.get_one(Address, mine)
    twin = Address(
        county_id="371323",
        person_id=world.people[OTHER].id,
        channel="mp_template",
        target_sealed=sealed.target_sealed,
        target_index=sealed.target_index,
        created_at=now,
    )
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(twin)


def test_whoever_has_left_binds_no_more(browse, world, now):
    from server.accounts import people

    path = link_of(browse(), world)
    people.leave(world.people[ME], by=None, now=now)
    db.session.commit()
    assert browse().client.get(path).status_code == 404


def test_unbinding_is_recorded_too(browse, world):
    browser = browse()
    go(browse(), link_of(browser, world))
    page = read(browser.client.get("/account"))
    wechat = next(item for item in page.find_all("li") if "微信服务号" in item.text)
    form = wechat.find("form")
    browser.client.post(form["action"], data={"csrf_token": form.find("input")["value"]})
    assert bound(world.people[ME]) == []
    assert db.session.scalar(select(StaffChange.act).order_by(StaffChange.id.desc())) == "address_ended"
