"""Terms that run out, colleagues who stand in, several posts: access, desks and pushes go with the term."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from server.accounts.holding import terms_of
from server.accounts.models import Holding, Session
from server.accounts.roles import STRANGER, Role
from server.accounts.terms import last_day, running, through
from server.core import clock
from server.core.db import db
from server.notices.channels import MemoryChannel
from server.notices.dispatch import deliver_push
from server.notices.models import Inbox, Push
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.handover import end_run_out
from server.reports.models import Event
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from tests.web.bureau.forms import follow, opened, send, words
from tests.web.staff.conftest import kind_of
from tests.world import hire

LAST = date(2026, 11, 20)
OVER = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
"""Midnight in Shanghai after the last day."""
MANAGER = "ys.hill.manager"


@pytest.fixture
def bureau(world, client):
    return world.login(client, "ys.bureau")


@pytest.fixture
def manager(world):
    return world.people[MANAGER]


def post_id(world, name=MANAGER):
    return world.actor(name).posts[0].post_id


def set_term(bureau, world, person, last=LAST, name=MANAGER):
    home = f"/b/people/{person.id}/posts/{post_id(world, name)}/term"
    return send(bureau, home, until_on=last.isoformat() if last else "")


def filed(world, number=0):
    filing = Filing(kind=kind_of("漏水"), text="地下室漏水")
    done = file_report(world.place("ys.hill"), filing, key=f"{number:032d}", by=STRANGER, now=clock.now())
    db.session.commit()
    return done


def pending(person):
    query = select(func.count(Push.id)).where(Push.person_id == person.id, Push.state == "pending")
    return db.session.scalar(query)


def desk(person, now):
    """The open reports on the desks of the posts somebody holds."""
    query = select(Inbox.report_id).join(Holding, Holding.post_id == Inbox.post_id)
    return set(db.session.scalars(query.where(Holding.person_id == person.id, running(now))))


def test_the_last_day_ends_at_midnight_in_shanghai():
    assert through(LAST) == OVER
    assert last_day(OVER) == LAST
    assert through(None) is None


def test_a_term_ends_to_the_minute_without_any_job(world, bureau, app, manager):
    follow(bureau, set_term(bureau, world, manager))
    assert "任期至2026-11-20" in words(opened(bureau, f"/b/people/{manager.id}"))
    world.now = OVER - timedelta(hours=1)
    browser = world.login(app.test_client(), MANAGER)
    bearer = world.bearer(MANAGER)
    with clock.stopped(OVER - timedelta(seconds=1)):
        assert browser.get("/m/").status_code == 200
        assert browser.get("/api/v1/feed", headers=bearer).status_code == 403
        assert browser.get("/api/v1/reports", headers=bearer).status_code == 200
    with clock.stopped(OVER):
        assert browser.get("/m/").status_code == 403
        assert world.actor(MANAGER).posts == ()
        assert browser.get("/api/v1/reports", headers=bearer).status_code == 403


def test_nothing_reaches_him_after_his_term_though_the_job_was_queued_before(world, bureau, manager):
    follow(bureau, set_term(bureau, world, manager))
    with clock.stopped(OVER - timedelta(minutes=1)):
        done = filed(world)
    push = db.session.scalar(select(Push.id).where(Push.person_id == manager.id))
    channel = MemoryChannel("wecom_app")
    with clock.stopped(OVER):
        deliver_push(push, channels={"wecom_app": channel}, now=OVER)
        assert channel.sent == []
        assert end_run_out(OVER) == 1
        db.session.commit()
        assert end_run_out(OVER) == 0
    later = OVER + timedelta(minutes=30)
    with clock.stopped(later):
        deliver_push(push, channels={"wecom_app": channel}, now=later)
    assert channel.sent == []
    assert pending(manager) == 0
    assert desk(manager, OVER) == set()
    community = world.people["ys.community"]
    assert done.report_id in desk(community, OVER)
    assert pending(community) >= 1
    ended = db.session.scalar(select(Holding.ended_at).where(Holding.person_id == manager.id))
    assert ended == OVER


def test_a_colleague_in_the_post_gets_what_was_not_sent(world, bureau, manager):
    follow(bureau, set_term(bureau, world, manager))
    with clock.stopped(OVER - timedelta(minutes=1)):
        done = filed(world)
        colleague = hire(world, "ys.hill.second", world.bodies["ys.hill"], Role.MANAGER)
        db.session.commit()
    with clock.stopped(OVER):
        end_run_out(OVER)
        db.session.commit()
    assert (pending(manager), pending(colleague)) == (0, 1)
    assert done.report_id in desk(colleague, OVER)


def test_whoever_has_no_post_left_is_logged_out(world, bureau, app, manager):
    follow(bureau, set_term(bureau, world, manager))
    world.now = OVER - timedelta(hours=1)
    world.login(app.test_client(), MANAGER)
    end_run_out(OVER)
    alive = select(func.count(Session.id)).where(Session.person_id == manager.id, Session.ended_at.is_(None))
    assert db.session.scalar(alive) == 0


def test_reports_of_an_empty_post_lie_one_level_up_even_when_their_push_had_gone(world, bureau, manager):
    reports = {filed(world, number).report_id for number in range(3)}
    db.session.execute(db.update(Push).values(state="sent"))
    db.session.commit()
    follow(bureau, set_term(bureau, world, manager))
    end_run_out(OVER)
    assert reports <= desk(world.people["ys.community"], OVER)


def test_new_reports_go_past_whoever_s_term_is_over_before_any_job_ran(world, bureau, manager):
    follow(bureau, set_term(bureau, world, manager))
    with clock.stopped(OVER):
        done = filed(world)
    assert pending(manager) == 0
    assert done.report_id in desk(world.people["ys.community"], OVER)


@pytest.mark.parametrize("last", ["2026-11-17", "morgen", "2026-13-01"])
def test_a_last_day_must_be_one_that_lies_ahead(world, bureau, manager, last):
    home = f"/b/people/{manager.id}/posts/{post_id(world)}/term"
    answer = send(bureau, home, until_on=last)
    assert answer.status_code == 422
    assert terms_of(manager.id, now=world.now)[0].until_at is None


def test_a_term_may_be_lengthened_and_opened_again(world, bureau, manager):
    for last in (LAST, LAST + timedelta(days=30), None):
        follow(bureau, set_term(bureau, world, manager, last))
        assert terms_of(manager.id, now=world.now)[0].last_on == last


def test_a_newcomer_may_have_a_last_day(world, bureau):
    address = f"/b/people/bodies/{world.bodies['ys.town'].id}"
    answer = send(bureau, address, f"{address}/invite", name="甲", username="xinlai", until_on="2026-11-20")
    assert answer.status_code == 200
    assert "至2026-11-20" in words(opened(bureau, address))
    bad = send(bureau, address, f"{address}/take", person="ys.community", take_until_on="2026-11-01")
    assert bad.status_code == 422


def stand_in(bureau, world, manager, **fields):
    home = f"/b/people/{manager.id}/posts/{post_id(world)}/stand-in"
    return send(bureau, home, **{"person": "ys.lake.manager", "until_on": LAST.isoformat()} | fields)


def test_a_colleague_stands_in_sees_both_and_acts_under_the_right_post(world, bureau, app, manager):
    done = filed(world)
    page = follow(bureau, stand_in(bureau, world, manager))
    assert "开始代班" in page.get_text()
    other = world.people["ys.lake.manager"]
    assert "替ys.hill.manager代班" in words(opened(bureau, f"/b/people/{other.id}"))
    acting = world.actor("ys.lake.manager")
    assert acting.bodies(Role.MANAGER) == {world.bodies["ys.hill"].id, world.bodies["ys.lake"].id}
    browser = world.login(app.test_client(), "ys.lake.manager")
    assert browser.get(f"/m/{done.no}").status_code == 200
    report = report_by_no(done.no)
    act_on(report, Act.ACCEPT, Deed(version=report.version), by=acting, now=clock.now())
    label = db.session.scalar(select(Event.by_label).where(Event.act == Act.ACCEPT))
    assert label == "好邻居物业（青山花园小区） 项目经理"
    with clock.stopped(OVER):
        assert world.actor("ys.lake.manager").bodies(Role.MANAGER) == {world.bodies["ys.lake"].id}
        assert world.actor(MANAGER).posts


def test_what_was_on_its_way_to_the_stand_in_goes_back(world, bureau, manager):
    follow(bureau, stand_in(bureau, world, manager))
    with clock.stopped(OVER - timedelta(minutes=1)):
        filed(world)
    other = world.people["ys.lake.manager"]
    assert (pending(manager), pending(other)) == (1, 1)
    end_run_out(OVER)
    assert (pending(manager), pending(other)) == (1, 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"until_on": ""},
        {"until_on": "2026-11-01"},
        {"person": MANAGER},
        {"person": "nobody"},
        {"person": "st.bureau"},
        {"person": ""},
    ],
)
def test_a_stand_in_needs_a_colleague_and_a_last_day(world, bureau, manager, fields):
    before = db.session.scalar(select(func.count(Holding.id)))
    assert stand_in(bureau, world, manager, **fields).status_code == 422
    assert db.session.scalar(select(func.count(Holding.id))) == before


def test_nobody_lends_himself_a_post_or_changes_his_own_term(world, bureau, manager):
    assert stand_in(bureau, world, manager, person="ys.bureau").status_code == 403
    me = world.people["ys.bureau"]
    assert bureau.get(f"/b/people/{me.id}/posts/{post_id(world, 'ys.bureau')}/term").status_code == 403


@pytest.mark.parametrize("act", ["term", "stand-in"])
def test_another_countys_terms_are_not_there(world, bureau, act):
    foreign = world.people["st.hill.manager"]
    home = f"/b/people/{foreign.id}/posts/{post_id(world, 'st.hill.manager')}/{act}"
    assert bureau.get(home).status_code == 404


def test_a_term_that_ran_out_may_begin_again_before_it_was_closed(world, bureau, manager):
    follow(bureau, set_term(bureau, world, manager))
    with clock.stopped(OVER):
        from server.accounts import people
        from server.accounts.models import Post

        post = db.session.get_one(Post, db.session.scalar(
            select(Holding.post_id).where(Holding.person_id == manager.id)
        ))  # fmt: skip
        people.take_post(manager, post, by=None, now=OVER)
        assert len(world.actor(MANAGER).posts) == 1


def test_leaving_in_the_middle_ends_access_at_once_and_leaves_nothing_behind(world, bureau, app, manager):
    browser, bearer = world.login(app.test_client(), MANAGER), world.bearer(MANAGER)
    done = filed(world)
    job = db.session.scalar(select(Push.id).where(Push.person_id == manager.id))
    assert browser.get("/m/").status_code == 200
    home = f"/b/people/{manager.id}"
    field = opened(bureau, f"{home}/leave").select_one("input[name^=heir-]")["name"]
    follow(bureau, send(bureau, f"{home}/leave", **{field: "ys.lake.manager"}))
    assert browser.get("/m/").status_code == 401
    assert browser.get(f"/api/v1/reports/{done.no}", headers=bearer).status_code in {401, 404}
    channel = MemoryChannel("wecom_app")
    deliver_push(job, channels={"wecom_app": channel}, now=clock.now())
    assert channel.sent == []
    assert (pending(manager), desk(manager, clock.now())) == (0, set())
    heir = world.people["ys.lake.manager"]
    assert pending(heir) == 1
    assert done.report_id in desk(heir, clock.now())
