"""Hung codes are looked after: what is due, what was found, what is no code of ours, and who may say so."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.companies import patrol
from server.core.db import db
from server.core.errors import NotFound
from server.estates.checks import CodeCheck, Found, Look
from server.estates.service import reissue
from server.photos.models import Photo
from server.photos.service import discard_unused
from tests.web.conftest import picture, read, submit  # noqa: F401 - a fixture

DAY = timedelta(days=1)


@pytest.fixture
def worker(world, client):
    """The community's worker, with her phone."""
    return world.login(client, "ys.community")


def looks():
    return list(db.session.scalars(select(CodeCheck).order_by(CodeCheck.id)))


def test_the_list_shows_the_area_s_codes_and_what_is_overdue(world, worker):
    page = read(worker.get("/patrol"))
    assert "青山花园小区" in page.text
    assert "山亭花园" not in page.text
    found = patrol.overdue_count(world.actor("ys.community"), days=90, now=world.now + 91 * DAY)
    assert found == 3
    assert patrol.overdue_count(world.actor("ys.community"), days=90, now=world.now + 89 * DAY) == 0


def test_a_code_is_confirmed_with_a_photo_that_stays(world, worker, picture):  # noqa: F811
    code = world.code("ys.hill")
    page = read(worker.get(f"/patrol/look?code={code.lower()}"))
    assert "青山花园小区" in page.text
    done = submit(worker, page.main, found="right", files=[picture()])
    assert (done.status_code, done.location) == (303, "/patrol?done=ok")
    (look,) = looks()
    assert (look.found, look.text, look.estate_id) == ("right", code, world.estates["ys.hill"].id)
    discard_unused(now=world.now + 30 * DAY)
    assert db.session.get(Photo, look.photo_id).purpose == "check"
    assert "位置正确" in read(worker.get("/patrol")).text


def test_without_a_photo_or_a_choice_the_form_comes_back(world, worker, picture):  # noqa: F811
    page = read(worker.get(f"/patrol/look?code={world.code('ys.hill')}"))
    refused = submit(worker, page.main, found="moved", where="现在贴在北门")
    assert refused.status_code == 422
    assert "拍一张现场照片" in read(refused).text
    assert read(refused).find(id="f-where")["value"] == "现在贴在北门"
    refused = submit(worker, page.main, files=[picture()])
    assert refused.status_code == 422
    assert looks() == []


def test_a_look_makes_a_code_due_again_only_after_the_book_s_days(world, app):
    worker, missing = world.actor("ys.community"), Look(Found.MISSING)
    patrol.check_code(worker, world.code("ys.hill"), missing, estate_id=None, now=world.now + 30 * DAY)
    assert patrol.overdue_count(worker, days=90, now=world.now + 91 * DAY) == 2
    assert patrol.overdue_count(worker, days=90, now=world.now + 121 * DAY) == 3


@pytest.mark.parametrize(("found", "todo"), [("moved", "贴回原处"), ("missing", "换发新码")])
def test_what_is_wrong_is_listed_until_it_is_right_or_reissued(world, client, picture, found, todo):  # noqa: F811
    worker, code = world.login(client, "ys.community"), world.code("ys.hill")
    page = read(worker.get(f"/patrol/look?code={code}"))
    submit(worker, page.main, found=found, where="北门", files=[picture()])
    bureau = world.login(client, "ys.bureau")
    listed = read(bureau.get("/patrol/faults")).text
    assert code in listed
    assert todo in listed
    if found == "missing":
        reissue(world.estates["ys.hill"], now=world.now)
    else:
        submit(bureau, page.main, found="right", files=[picture(1)])
    assert code not in read(bureau.get("/patrol/faults")).text


def test_an_unknown_code_is_entered_as_a_fake_and_cleared(world, worker, picture):  # noqa: F811
    page = read(worker.get("/patrol/look?code=https://evil.example/qr"))
    assert "登记假码" in page.text
    refused = submit(worker, page.main)
    assert refused.status_code == 422
    for word in ("请选择在哪个小区发现的", "请写明贴在什么位置", "请拍一张现场照片"):
        assert word in read(refused).text
    home = str(world.estates["ys.hill"].id)
    submit(worker, page.main, estate=home, where="3号楼电梯", files=[picture()])
    listed = read(worker.get("/patrol/faults"))
    assert "https://evil.example/qr" in listed.text
    assert submit(worker, listed.main).status_code == 303
    assert "evil" not in read(worker.get("/patrol/faults")).text
    assert [look.found for look in looks()] == ["fake", "removed"]


def test_a_true_code_is_no_fake_and_a_foreign_or_revoked_one_is(world, app):
    old = world.code("ys.hill")
    reissue(world.estates["ys.hill"], now=world.now)
    worker = world.actor("ys.community")
    assert patrol.standing(worker, world.code("ys.hill")).ours
    assert patrol.standing(worker, old).revoked
    assert patrol.standing(worker, world.code("st.hill")).code_id is None
    assert not patrol.standing(worker, world.code("st.hill")).ours


def test_nobody_enters_anything_for_another_area(world, app):
    look = Look(Found.FAKE, "门口", None)
    theirs = world.estates["st.hill"].id
    with pytest.raises(NotFound):
        patrol.check_code(
            world.actor("ys.community"), "x", Look(Found.REMOVED, look.where), estate_id=theirs, now=world.now
        )
    with pytest.raises(NotFound):
        patrol.clear_fake(world.actor("ys.community"), 1, now=world.now)


@pytest.mark.parametrize("address", ["/patrol", "/patrol/look?code=x", "/patrol/faults", "/b/flags"])
def test_property_staff_do_not_get_in(world, client, address):
    assert world.login(client, "ys.hill.manager").get(address).status_code in {403, 404}


def test_whoever_scans_while_logged_in_is_offered_the_look(world, client):
    code = world.code("ys.hill")
    assert "巡查" not in client.get(f"/e/{code}/mine").text
    assert f"/patrol/look?code={code}" in world.login(client, "ys.community").get(f"/e/{code}/mine").text


@pytest.mark.parametrize(
    ("field", "typed"),
    [("where", "北门" * 41), ("where", "北门\0外"), ("code", "HTTP://X/" * 10), ("code", "假\x1b码")],
)
def test_words_that_cannot_be_kept_whole_come_back_as_they_were_typed(world, worker, picture, field, typed):  # noqa: F811
    page = read(worker.get("/patrol/look?code=http://evil.example/1"))
    given = {
        "code": "http://evil.example/1",
        "where": "3号楼门口",
        "estate": str(world.estates["ys.hill"].id),
    }
    refused = submit(worker, page.main, files=[picture()], **(given | {field: typed}))
    assert refused.status_code == 422
    shown = read(refused)
    assert shown.select_one(f"a[href='#f-{field}']")
    assert shown.find(id=f"f-{field}")["value"] == typed.replace("\0", "\ufffd").replace("\x1b", "\ufffd")
    other = "where" if field == "code" else "code"
    assert shown.find(id=f"f-{other}")["value"] == given[other]
    assert shown.select_one("input[name=photos]"), "the photo stays too"
    assert looks() == []


def test_a_direction_that_nobody_sees_is_not_kept(world, worker, picture):  # noqa: F811
    page = read(worker.get("/patrol/look?code=http://evil.example/1"))
    estate = str(world.estates["ys.hill"].id)
    sent = submit(worker, page.main, files=[picture()], where="北\u202e门", estate=estate)
    assert sent.status_code == 303
    assert looks()[0].where_text == "北门"
