"""What a post leaves in somebody's hands ends with it: photos' addresses, links of called bodies, invitations (A2, A7)."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from server.accounts import invitations, sessions
from server.accounts.holding import set_end
from server.accounts.models import Post
from server.accounts.people import take_post
from server.accounts.roles import Role
from server.core import clock
from server.core.audit import Audit
from server.core.db import db
from server.core.errors import NotFound
from server.reports.handover import end_run_out, give_up, hand_over
from server.reports.part_models import LinkUse, ReportLink
from server.reports.workflow import Act
from tests.api.test_reports import file, owner
from tests.escalation.cases import do
from tests.web.staff.conftest import page_of
from tests.web.staff.test_whistles import link_for
from tests.world import hire

MANAGER, COMMUNITY = "ys.hill.manager", "ys.community"
SOON = timedelta(minutes=5)


def leave(world, name):
    hand_over(world.people[name], {}, by=None, now=world.now)


def give_up_all(world, name):
    for held in world.actor(name).posts:
        give_up(world.people[name], held.post_id, None, by=None, now=world.now)


def run_out(world, name):
    """The term runs out in a moment; gives the clock at which that was."""
    for held in world.actor(name).posts:
        post = db.session.get_one(Post, held.post_id)
        set_end(world.people[name], post, world.now + SOON, by=None, now=world.now)
    end_run_out(world.now + SOON)


ENDINGS = [leave, give_up_all, run_out]


def api_photos(client, report, header):
    """The addresses that the API hands out with a report."""
    shown = client.get(f"/api/v1/reports/{report.no}", headers=header).json["photos"]
    return [shown[0]["url"], shown[0]["thumb_url"]]


def opens(client, address):
    """Whether a browser without any login gets a photo."""
    return client.application.test_client().get(address).status_code == 200


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_photo_that_the_api_gave_out_ends_with_the_post(world, client, filed, picture, ending):
    report = filed(photo=picture())
    addresses = api_photos(client, report, world.bearer(MANAGER))
    assert all(opens(client, one) for one in addresses)
    ending(world, MANAGER)
    db.session.commit()
    with clock.stopped(world.now + SOON):
        assert not any(opens(client, one) for one in addresses)


@pytest.mark.parametrize("seconds", [-1, 0])
def test_such_a_photo_ends_with_the_term_before_any_job_has_run(world, client, filed, picture, seconds):
    address, _ = api_photos(client, filed(photo=picture()), world.bearer(MANAGER))
    post = db.session.get_one(Post, world.actor(MANAGER).posts[0].post_id)
    set_end(world.people[MANAGER], post, world.now + SOON, by=None, now=world.now)
    db.session.commit()
    with clock.stopped(world.now + SOON + timedelta(seconds=seconds)):
        assert opens(client, address) == (seconds < 0)


def test_such_a_photo_ends_with_the_login_and_not_with_another_one(world, client, filed, picture):
    report, first, second = filed(photo=picture()), world.bearer(MANAGER), world.bearer(MANAGER)
    ended, going = api_photos(client, report, first)[0], api_photos(client, report, second)[0]
    assert client.delete("/api/v1/sessions/current", headers=first).status_code == 204
    assert not opens(client, ended)
    assert opens(client, going)
    with clock.stopped(world.now + sessions.STAFF_IDLE + timedelta(seconds=1)):
        assert not opens(client, going)


def test_a_photo_that_is_looked_at_keeps_no_login_alive(world, client, filed, picture):
    address, _ = api_photos(client, filed(photo=picture()), world.bearer(MANAGER))
    with clock.stopped(world.now + timedelta(hours=11)):
        assert opens(client, address)
    with clock.stopped(world.now + timedelta(hours=12, seconds=1)):
        assert not opens(client, address)


def test_such_a_photo_is_no_key_for_staff_of_other_places(world, client, filed, picture, staff):
    address, _ = api_photos(client, filed(photo=picture()), world.bearer(MANAGER))
    assert staff("ys.community").get(address).status_code == 200
    assert staff("ys.lake.manager").get(address).status_code == 404


def test_the_reporters_own_address_goes_on_whoever_leaves(world, client, picture):
    photo = client.post("/api/v1/photos", data={"file": (BytesIO(picture()), "a.jpg")}).json["id"]
    answer = file(client, world, photos=[photo])
    address = client.get(f"/api/v1/reports/{answer.json['no']}", headers=owner(answer)).json["photos"][0][
        "url"
    ]
    leave(world, MANAGER)
    db.session.commit()
    assert "v=" not in address
    assert opens(client, address)


@pytest.fixture
def whistled(world, filed, picture):
    """A report for which the community has called two bodies that have no account."""
    report = filed(label="飞线充电", text="三号楼前飞线充电", photo=picture())
    fire, police = world.bodies["ys.fire"].id, world.bodies["ys.police"].id
    do(world, report, Act.WHISTLE, COMMUNITY, body_id=fire, joint=(police,))
    return report


def link_photo(client, here):
    """A photo's address on the page of a link."""
    page = page_of(client.application.test_client(), here)
    return next(one["href"] for one in page.find_all("a", href=True) if one["href"].startswith("/p/"))


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_links_somebody_made_end_with_his_post_and_the_next_one_makes_new_ones(
    world, client, staff, whistled, ending
):
    name = world.bodies["ys.police"].name
    here = link_for(staff(COMMUNITY), whistled, name)
    photo = link_photo(client, here)
    assert opens(client, photo)
    hire(world, "ys.community.next", world.bodies[COMMUNITY], Role.COMMUNITY)
    ending(world, COMMUNITY)
    db.session.commit()
    with clock.stopped(world.now + SOON):
        gone = client.application.test_client().get(here)
        assert gone.status_code == 404
        assert "请让发给您的单位重新发一个" in gone.get_data(as_text=True)
        assert not opens(client, photo)
        assert client.application.test_client().post(f"{here}/report_in").status_code in {400, 404}
        assert opens(client, link_for(staff("ys.community.next"), whistled, name))
    assert "revoke" in db.session.scalars(select(LinkUse.what)).all()
    assert "link.revoke" in db.session.scalars(select(Audit.act)).all()


def test_a_link_taken_back_ends_its_photos(world, client, staff, whistled):
    community, name = staff(COMMUNITY), world.bodies["ys.police"].name
    photo = link_photo(client, link_for(community, whistled, name))
    again = link_for(community, whistled, name)
    assert not opens(client, photo)
    photo = link_photo(client, again)
    with clock.stopped(world.now + timedelta(hours=11)):
        assert opens(client, photo)
    db.session.scalars(select(ReportLink).order_by(ReportLink.id.desc())).first().expires_at = world.now
    db.session.commit()
    assert not opens(client, photo)


def test_the_links_of_colleagues_and_of_other_offices_stay(world, client, staff, whistled):
    hire(world, "ys.community.next", world.bodies[COMMUNITY], Role.COMMUNITY)
    colleague = link_for(staff("ys.community.next"), whistled, world.bodies["ys.police"].name)
    own = link_for(staff("ys.town"), whistled, world.bodies["ys.fire"].name)
    leave(world, COMMUNITY)
    db.session.commit()
    for here in (colleague, own):
        assert opens(client, here)


def test_a_link_belongs_to_the_office_by_which_it_was_made(world, client, staff, whistled):
    both = hire(world, "ys.both", world.bodies["ys.fire"], Role.DEPARTMENT)
    second = db.session.scalar(select(Post).where(Post.body_id == world.bodies[COMMUNITY].id))
    take_post(both, second, by=None, now=world.now)
    db.session.commit()
    here = link_for(staff("ys.both"), whistled, world.bodies["ys.police"].name)
    made = db.session.scalars(select(ReportLink).order_by(ReportLink.id.desc())).first()
    assert made.made_for_body_id == world.bodies[COMMUNITY].id
    first = next(post for post in world.actor("ys.both").posts if post.role is Role.DEPARTMENT)
    give_up(both, first.post_id, None, by=None, now=world.now)
    db.session.commit()
    assert opens(client, here)
    give_up(both, second.id, None, by=None, now=world.now)
    db.session.commit()
    assert not opens(client, here)


def sent(world, by, to=MANAGER, purpose=invitations.PASSWORD):
    """An invitation that somebody has sent and nobody has used."""
    token = invitations.invite(world.people[to], purpose=purpose, by=world.people[by].id, now=world.now)
    db.session.commit()
    return token


def good(token, world, purpose=invitations.PASSWORD):
    try:
        invitations.invited(token, purpose=purpose, now=world.now)
    except NotFound:
        return False
    return True


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_invitations_somebody_sent_end_with_his_post(world, client, ending):
    first, other = sent(world, "ys.bureau"), sent(world, "ys.admin", to="ys.lake.manager")
    assert client.application.test_client().get(f"/invite/{first}").status_code == 200
    ending(world, "ys.bureau")
    db.session.commit()
    assert not good(first, world)
    assert client.application.test_client().get(f"/invite/{first}").status_code == 404
    assert good(other, world)


def test_an_invitation_stays_where_its_sender_still_looks_after_people(world):
    person = world.people["ys.bureau"]
    admin = db.session.scalar(
        select(Post).where(Post.body_id == world.bodies["ys.bureau"].id, Post.role == Role.ADMIN)
    )
    take_post(person, admin, by=None, now=world.now)
    token, own = sent(world, "ys.bureau"), sent(world, "ys.bureau", "ys.bureau", invitations.WECHAT)
    give_up(person, admin.id, None, by=None, now=world.now)
    assert good(token, world)
    assert good(own, world, invitations.WECHAT)
    give_up_all(world, "ys.bureau")
    assert not good(token, world)
