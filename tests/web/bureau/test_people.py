"""The bureau brings people in, and hands their work over when they leave."""

import pytest
from sqlalchemy import event, select

from server.accounts.models import Body, Holding, Person, StaffChange
from server.accounts.passwords import hash_password
from server.accounts.roles import STRANGER, Role
from server.core.db import db
from server.notices.models import Address, Inbox, Push
from server.reports.filing import Filing, file_report
from tests.web.bureau.forms import follow, opened, send, words
from tests.web.conftest import read
from tests.world import hire

LEAK = Filing(kind="pipe.leak", text="地下室漏水")


@pytest.fixture
def bureau(world, client):
    return world.login(client, "ys.bureau")


@pytest.fixture
def manager(world):
    return world.people["ys.hill.manager"]


def body_page(world, name):
    return f"/b/people/bodies/{world.bodies[name].id}"


def link_of(page):
    return page.find(id="link").text


def person(username):
    return db.session.scalar(select(Person).where(Person.username == username))


def test_everybody_of_the_county_is_seen_by_body_and_nobody_else(world, bureau):
    shown = words(opened(bureau, "/b/people"))
    for name in ("县住建局", "县消防大队", "测试街道", "ys.bureau", "ys.admin", "ys.town"):
        assert name in shown
    assert "st.bureau" not in shown
    below = words(opened(bureau, f"/b/people?under={world.bodies['ys.town'].id}"))
    for name in ("测试社区", "ys.community", "好邻居物业（青山花园小区）", "ys.hill.manager"):
        assert name in below
    assert words(opened(bureau, f"/b/people?under={world.bodies['st.town'].id}")).count("没有找到") == 1
    found = words(opened(bureau, "/b/people?q=lake.manager"))
    assert "安心物业（湖畔新城）" in found
    assert "好邻居" not in found


def test_the_list_takes_four_statements_at_most(bureau):
    bureau.get("/b/people")
    seen = []
    listener = lambda *given: seen.append(given[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    bureau.get("/b/people")
    event.remove(db.engine, "before_cursor_execute", listener)
    assert len([one for one in seen if "SAVEPOINT" not in one]) <= 4


def test_an_invitation_is_shown_once_and_works_once(world, bureau, app):
    response = send(
        bureau,
        body_page(world, "ys.community"),
        f"{body_page(world, 'ys.community')}/invite",
        name="新来的人",
        username="xinlai",
        phone="13800000000",
    )
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    page = read(response)
    link = link_of(page)
    assert link.startswith("http://localhost/invite/")
    assert page.find("svg", attrs={"role": "img"})
    newcomer = person("xinlai")
    assert "13800000000" not in newcomer.phone_sealed
    shown = opened(bureau, f"/b/people/{newcomer.id}")
    assert "138****0000" in words(shown)
    assert link not in str(shown)
    address = link.removeprefix("http://localhost")
    guest = app.test_client()
    accepted = send(guest, address, password="gui-lin-shan-shui", again="gui-lin-shan-shui")
    assert accepted.status_code in {302, 303}
    assert app.test_client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "ys.bureau"}, "已有人使用"),
        ({"username": "新来"}, "用户名用3到40个小写字母"),
        ({"name": " "}, "请填写姓名"),
        ({"phone": "12"}, "请填手机号或带区号的座机"),
    ],
)
def test_a_wrong_invitation_is_refused_at_the_field(world, bureau, fields, sentence):
    address = body_page(world, "ys.town")
    response = send(bureau, address, f"{address}/invite", **({"name": "甲", "username": "xinlai"} | fields))
    assert response.status_code in {409, 422}
    assert sentence in words(read(response))
    assert person("xinlai") is None


@pytest.mark.parametrize(
    ("body", "role", "works"), [("ys.bureau", "auditor", 200), ("ys.town", "admin", 422)]
)
def test_only_the_bureau_has_admins_and_auditors(world, bureau, body, role, works):
    address = body_page(world, body)
    response = send(bureau, address, f"{address}/invite", name="甲", username="xinlai", role=role)
    assert response.status_code == works


def test_a_second_invitation_stops_the_first(world, bureau, app, manager):
    home = f"/b/people/{manager.id}"
    links = [link_of(read(send(bureau, home, f"{home}/invite"))) for _ in range(2)]
    answers = [app.test_client().get(link.removeprefix("http://localhost")).status_code for link in links]
    assert answers == [404, 200]


@pytest.mark.parametrize("page", ["", "/leave"])
def test_another_countys_people_are_not_there(world, bureau, page):
    assert bureau.get(f"/b/people/{world.people['st.bureau'].id}{page}").status_code == 404
    assert bureau.get(f"/b/people/bodies/{world.bodies['st.town'].id}").status_code == 404


def test_nobody_hands_over_his_own_posts_or_takes_one(world, bureau):
    me = world.people["ys.bureau"]
    assert bureau.get(f"/b/people/{me.id}/leave").status_code == 403
    address = body_page(world, "ys.bureau")
    assert send(bureau, address, f"{address}/take", person="ys.bureau", role="admin").status_code == 403


def test_somebody_takes_a_second_post(world, bureau):
    address = body_page(world, "ys.lake")
    page = follow(bureau, send(bureau, address, f"{address}/take", person="ys.hill.manager"))
    assert words(page).count("ys.hill.manager") >= 2
    assert "ys.lake" in {
        name
        for name, body in world.bodies.items()
        if body.id in world.actor("ys.hill.manager").bodies(Role.MANAGER)
    }
    assert send(bureau, address, f"{address}/take", person="st.bureau").status_code == 422


def test_the_offices_number_is_kept(world, bureau):
    address = body_page(world, "ys.bureau")
    follow(bureau, send(bureau, address, f"{address}/phone", office="0539-0000000"))
    assert db.session.get_one(Body, world.bodies["ys.bureau"].id).phone == "0539-0000000"
    assert send(bureau, address, f"{address}/phone", office="没有").status_code == 422


def file_leak(world):
    return file_report(world.place("ys.hill"), LEAK, key="k" * 32, by=STRANGER, now=world.now)


def pushes(person_id):
    return [
        row.state
        for row in db.session.execute(select(Push.state).where(Push.person_id == person_id).order_by(Push.id))
    ]


def test_who_leaves_is_out_at_once_and_the_successor_has_the_work_and_the_pushes(world, bureau, app, manager):
    filed = file_leak(world)
    old = world.login(app.test_client(), "ys.hill.manager")
    assert old.get("/m/").status_code == 200
    heir = world.people["ys.lake.manager"]
    home = f"/b/people/{manager.id}"
    page = opened(bureau, f"{home}/leave")
    assert "1件在办" in words(page)
    field = page.select_one("input[name^=heir-]")["name"]
    done = follow(bureau, send(bureau, f"{home}/leave", **{field: "ys.lake.manager"}))
    assert "1件在办留在岗位上，1条未发出的消息已转给接手的人" in words(done)
    assert old.get("/m/").status_code == 401
    assert pushes(manager.id) == ["cancelled"]
    assert pushes(heir.id) == ["pending"]
    moved = db.session.scalar(select(Push).where(Push.person_id == heir.id))
    assert (moved.report_id, moved.purpose) == (filed.report_id, "new")
    assert db.session.scalar(select(Address.ended_at).where(Address.person_id == manager.id))
    new = world.login(app.test_client(), "ys.lake.manager")
    assert f"/m/{filed.no}" in new.get("/m/").get_data(as_text=True)
    assert new.get(f"/m/{filed.no}").status_code == 200
    acts = set(db.session.scalars(select(StaffChange.act)))
    assert {"terms_ended", "disabled", "post_taken"} <= acts


def test_a_post_left_vacant_sends_what_was_waiting_one_level_up(world, bureau, manager):
    filed = file_leak(world)
    follow(bureau, send(bureau, f"/b/people/{manager.id}/leave"))
    community = world.people["ys.community"]
    assert pushes(manager.id) == ["cancelled"]
    assert "pending" in pushes(community.id)
    bodies = set(db.session.scalars(select(Inbox.body_id).where(Inbox.report_id == filed.report_id)))
    assert {world.bodies["ys.hill"].id, world.bodies["ys.community"].id} <= bodies
    assert "空缺" in words(opened(bureau, body_page(world, "ys.hill")))


def test_a_colleague_who_was_told_already_is_not_told_twice(world, bureau, manager):
    colleague = hire(world, "ys.hill.second", world.bodies["ys.hill"], Role.MANAGER)
    db.session.commit()
    file_leak(world)
    page = opened(bureau, f"/b/people/{manager.id}/leave")
    field = page.select_one("input[name^=heir-]")["name"]
    follow(bureau, send(bureau, f"/b/people/{manager.id}/leave", **{field: "ys.hill.second"}))
    assert pushes(colleague.id) == ["pending"]


def test_one_post_is_given_up_and_the_others_stay(world, bureau, app, manager):
    address = body_page(world, "ys.lake")
    follow(bureau, send(bureau, address, f"{address}/take", person="ys.hill.manager"))
    post = next(
        held.post_id
        for held in world.actor("ys.hill.manager").posts
        if held.body_id == world.bodies["ys.hill"].id
    )
    home = f"/b/people/{manager.id}/posts/{post}/end"
    done = follow(bureau, send(bureau, home, **{f"heir-{post}": "ys.lake.manager"}))
    assert "已卸任" in words(done)
    assert world.actor("ys.hill.manager").bodies(Role.MANAGER) == {world.bodies["ys.lake"].id}
    assert world.bodies["ys.hill"].id in world.actor("ys.lake.manager").bodies(Role.MANAGER)
    assert bureau.get(home).status_code == 404
    assert db.session.get_one(Person, manager.id).disabled_at is None


@pytest.mark.parametrize("heir", ["nobody", "st.bureau", "ys.hill.manager"])
def test_a_wrong_successor_changes_nothing(world, bureau, manager, heir):
    page = opened(bureau, f"/b/people/{manager.id}/leave")
    field = page.select_one("input[name^=heir-]")["name"]
    response = send(bureau, f"/b/people/{manager.id}/leave", **{field: heir})
    assert response.status_code == 422
    assert read(response).find(id=f"e-{field}").text
    assert db.session.scalar(
        select(Holding.id).where(Holding.person_id == manager.id, Holding.ended_at.is_(None))
    )


def test_who_has_left_gets_no_new_invitation(world, bureau, manager):
    manager.password_hash = hash_password("gui-lin-shan-shui", username=manager.username)
    db.session.commit()
    home = f"/b/people/{manager.id}"
    token = opened(bureau, home).find("input", attrs={"name": "csrf_token"})["value"]
    follow(bureau, send(bureau, f"{home}/leave"))
    assert bureau.post(f"{home}/invite", data={"csrf_token": token}).status_code == 409
    assert "账号停用" in words(opened(bureau, home))


def test_an_admin_sees_people_and_places_but_no_report_text(world, client, manager):
    file_leak(world)
    admin = world.login(client, "ys.admin")
    for address in ("/b/people", f"/b/people/{manager.id}", f"/b/estates/{world.estates['ys.hill'].id}"):
        assert "漏水" not in words(opened(admin, address))


@pytest.mark.parametrize("name", ["ys.bureau", "ys.town", "ys.community", "ys.hill", "ys.fire"])
def test_every_bodys_page_stands_and_parses(world, bureau, name):
    assert opened(bureau, body_page(world, name)).h1
