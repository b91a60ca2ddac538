"""The pages of a confidential report: its sender's, its body's, and the same 404 for everybody else."""

import pytest

from server.confidential.models import SealedReport
from server.core.db import db
from tests.confidential.stage import OFFICIAL, open_desks, told
from tests.photos.pictures import encoded, flag
from tests.web.conftest import read, submit

WORDS = "某干部收了好处"


@pytest.fixture
def desks(world):
    open_desks(world)
    db.session.commit()
    return world


def file(client, world, **more):
    page = read(client.get(f"/e/{world.code('ys.hill')}/report"))
    fields = {"tile": "accuse", "kind": OFFICIAL, "text": WORDS} | more
    return submit(client, page, **fields)


def look_up(client, no, code):
    form = read(client.get("/find")).select_one("details form")
    token = form.find("input", {"name": "csrf_token"})["value"]
    return client.post("/find", data={"csrf_token": token, "number": no, "code": code})


def other(app):
    """Somebody else's browser."""
    return app.test_client()


def test_without_a_body_that_can_read_the_page_gives_the_phone(client, world):
    page = read(client.get(f"/e/{world.code('ys.hill')}/report"))
    assert page.select_one("#accuse a[href='tel:12388']")
    assert not page.find(id="tile-accuse")
    assert file(client, world).status_code == 422


def test_the_form_says_who_can_read_it(client, desks):
    page = read(client.get(f"/e/{desks.code('ys.hill')}/report"))
    said = page.find(id="accuse").get_text()
    assert "只送县纪委监委" in said
    assert "维护系统的人有办法打开" in said
    assert not page.select("#accuse p:-soup-contains('请直接打电话，不要')")


def test_its_sender_sees_how_it_stands_and_nobody_else_that_it_is(client, app, desks):
    sent = file(client, desks)
    assert sent.status_code == 303
    page = read(client.get(sent.location))
    assert "已送到县纪委监委" in page.get_text()
    assert WORDS not in page.get_text()
    no = db.session.scalar(db.select(SealedReport.no))
    assert no in read(client.get("/my")).get_text()
    stranger = other(app)
    unknown = stranger.get("/r/YS261118-22222")
    for way in (f"/r/{no}", sent.location, f"/r/{no}/add"):
        hidden = stranger.get(way)
        assert hidden.status_code == 404
    assert stranger.get(f"/r/{no}").data.replace(no.encode(), b"") == unknown.data.replace(
        b"YS261118-22222", b""
    )
    for name in ("ys.bureau", "ys.hill.manager", "ys.sealed"):
        assert desks.login(other(app), name).get(f"/r/{no}").status_code == 404


def test_whoever_wants_no_trace_gets_a_code_once_and_comes_back_with_it(client, app, desks):
    sent = file(client, desks, no_trace="1")
    page = read(client.get(sent.location))
    code = page.select_one("code").text
    assert client.get_cookie("device") is None
    assert db.session.scalar(db.select(SealedReport.device_index)) is None
    assert "没有提交过" in read(client.get("/my")).get_text()
    no = db.session.scalar(db.select(SealedReport.no))
    later = other(app)
    found = look_up(later, no, code)
    assert found.location == f"/r/{no}"
    assert later.get(found.location).status_code == 200
    submit(later, read(later.get(found.location)), leave="1")
    assert later.get(f"/r/{no}").status_code == 404
    wrong = look_up(later, no, code[:-1] + "-")
    assert wrong.status_code == 422


def test_body_and_sender_talk_and_a_stale_act_is_refused(client, app, desks):
    way = file(client, desks).location.split("?")[0]
    no = way.rsplit("/", 1)[1]
    desk = desks.login(other(app), "ys.sealed")
    assert no in read(desk.get("/c/")).get_text()
    page = read(desk.get(f"/c/{no}"))
    assert WORDS in page.get_text()
    assert "青山花园小区" in page.get_text()

    def act(name, page, **fields):
        form = next(f for f in page.find_all("form") if no in str(f))
        token = form.find("input", {"name": "csrf_token"})["value"]
        version = form.find("input", {"name": "version"})["value"]
        return desk.post(f"/c/{no}/{name}", data={"csrf_token": token, "version": version} | fields)

    assert act("accept", page).status_code == 303
    stale = act("accept", page)
    assert stale.status_code == 409
    page = read(desk.get(f"/c/{no}"))
    assert act("ask", page).status_code == 422
    assert act("ask", page, text="什么时候的事？").status_code == 303
    mine = read(client.get(way))
    assert "什么时候的事？" in mine.get_text()
    answered = submit(client, read(client.get(f"{way}/answer")), text="上个月")
    assert answered.status_code == 303
    page = read(desk.get(f"/c/{no}"))
    assert "上个月" in page.get_text()
    assert act("close", page, text="已立案，谢谢。").status_code == 303
    assert "已立案，谢谢。" in read(client.get(way)).get_text()
    assert read(client.get(f"{way}/withdraw")).find("form", method="post") is None


def test_photos_are_sealed_and_their_plain_copies_are_gone(client, app, desks):
    page = read(client.get(f"/e/{desks.code('ys.hill')}/report"))
    sent = submit(
        client, page, files=[encoded(flag((480, 320)), quality=90)], tile="accuse", kind=OFFICIAL, text=WORDS
    )
    assert sent.status_code == 303
    no = sent.location.split("?")[0].rsplit("/", 1)[1]
    desk = desks.login(other(app), "ys.sealed")
    shown = read(desk.get(f"/c/{no}")).select_one("figure img")["src"]
    assert shown.startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize("name", ["ys.bureau", "ys.admin", "ys.hill.manager", "ys.community", "ys.town"])
def test_no_other_role_enters_the_room(client, desks, name):
    desks.login(client, name)
    assert [client.get(way).status_code for way in ("/c/", "/c/key", "/c/YS261118-22222")] == [403] * 3


def test_another_countys_body_finds_nothing(client, app, desks):
    no = file(client, desks).location.split("?")[0].rsplit("/", 1)[1]
    for name in ("st.sealed", "ys.police_sealed"):
        desk = desks.login(other(app), name)
        assert desk.get(f"/c/{no}").status_code == 404
        assert no not in desk.get("/c/").get_data(as_text=True)


def test_whoever_holds_a_confidential_post_begins_there_and_goes_nowhere_else(client, desks):
    desks.login(client, "ys.sealed")
    assert client.get("/login").location == "/c/"
    page = read(client.get("/c/"))
    assert [link["href"] for link in page.select("nav a")][:2] == ["/c/", "/c/key"]
    assert [client.get(way).status_code for way in ("/b/", "/m/", "/b/reports", "/b/people")] == [403] * 4
    assert client.get("/account").status_code == 200


def test_whoever_asks_for_neighbours_of_an_accusation_is_answered_as_for_a_kind_that_does_not_exist(
    client, world
):
    open_desks(world)
    told(client, world)
    answers = {
        client.get(
            f"/e/{world.code('ys.hill')}/similar", query_string={"kind": kind, "building": "3号楼"}
        ).text
        for kind in (OFFICIAL, "no.such", "")
    }
    assert answers == {""}
