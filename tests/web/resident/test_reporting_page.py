import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from server.core.db import db
from server.estates.service import set_buildings, set_emergency_numbers
from server.photos.models import Photo
from server.policy.loader import books
from server.reports.models import Event, Report
from tests.web.conftest import read, submit

LEAK = {"tile": "pipe", "kind": "pipe.leak"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def at(world):
    """The address of the form."""
    return f"/e/{world.code('ys.hill')}/report"


@pytest.fixture
def form(client, at):
    """The empty form."""
    return read(client.get(at))


def only_report():
    return db.session.scalars(select(Report)).one()


def test_every_kind_is_offered_but_the_confidential_ones(form):
    offered = {field["value"] for field in form.find_all("input", attrs={"name": "kind"})}
    kinds = books()["371323"].kinds.values()
    assert offered == {kind.key for kind in kinds if not kind.confidential}
    assert len(form.find_all("input", attrs={"name": "tile"})) == 12


def test_accusing_somebody_is_a_quiet_line_with_the_phone(form):
    quiet = form.find("details")
    assert quiet.summary.text == "举报"
    assert {link["href"] for link in quiet.find_all("a")} == {"tel:12388", "tel:110"}


def test_danger_shows_whom_to_call_first(client, world, at):
    numbers = [("lift_firm", "电梯维保", "0539-2000001")]
    set_emergency_numbers(world.estates["ys.hill"], numbers, now=world.now)
    trapped = read(client.get(at)).find(id="kind-lift.trapped").find_next("div", class_="first")
    assert [link["href"] for link in trapped.find_all("a")] == ["tel:0539-2000001", "tel:119"]


def test_each_choice_says_who_handles_it_and_how_fast(form):
    leak = form.find(id="kind-pipe.leak").find_next("div", class_="first").text
    assert "由好邻居物业办理，2小时内受理，24小时内答复" in leak
    law = form.find(id="kind-other.mediation").find_next("div", class_="first").text
    assert "由县人民法院办理" in law


def test_who_sees_what_is_said_before_photo_and_phone_are_taken(form):
    order = [str(tag.get("name") or tag.get("href")) for tag in form.main.find_all(["input", "a"])]
    assert order.index("/privacy") < order.index("photo") < order.index("phone")


def test_a_report_is_sent_and_leads_to_its_tracking_page(client, form, at):
    answer = submit(client, form, at=at, text="地下室漏水", **LEAK)
    assert answer.status_code == 303
    report = only_report()
    assert (report.kind, report.text, report.phone_sealed) == ("pipe.leak", "地下室漏水", None)
    page = read(client.get(answer.location))
    assert "已提交" in page.find(role="status").text
    assert report.no in page.text
    assert "11月18日（周三）12:00前受理，11月19日（周四）10:00前答复" in page.text


def test_the_browser_gets_a_cookie_that_no_script_reads_when_it_first_files(client, form, at):
    assert client.get_cookie("device") is None
    submit(client, form, at=at, **LEAK)
    cookie = client.get_cookie("device")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    first = cookie.value
    submit(client, read(client.get(at)), at=at, **LEAK)
    assert client.get_cookie("device").value == first
    assert db.session.scalar(select(func.count(func.distinct(Report.device_hash)))) == 1


def test_over_https_the_cookie_is_for_this_host_alone(app, client, form, at):
    given = app.extensions["settings"]
    app.extensions["settings"] = replace(given, public_base_url="https://localhost")
    try:
        submit(client, form, at=at, **LEAK)
    finally:
        app.extensions["settings"] = given
    cookie = client.get_cookie("__Host-device")
    assert (cookie.secure, cookie.path, cookie.http_only) == (True, "/", True)


def test_photos_survive_an_error_in_another_field(client, form, at, picture):
    refused = submit(client, form, at=at, files=[picture(1), picture(2)], text="灯不亮", phone="12")
    assert refused.status_code == 422
    page = read(refused)
    assert [link["href"] for link in page.find(id="errors").find_all("a")] == ["#f-kind", "#f-phone"]
    assert page.find("textarea", attrs={"name": "text"}).text.strip() == "灯不亮"
    kept = page.find_all("input", attrs={"name": "photos"})
    assert len(kept) == 2
    assert client.get(page.find("figure").img["src"]).mimetype == "image/jpeg"
    sent = submit(client, page, at=at, phone="", **LEAK)
    assert sent.status_code == 303
    used = db.session.scalars(select(Photo.id).where(Photo.report_id == only_report().id)).all()
    assert set(used) == {field["value"] for field in kept}


def test_a_photo_that_is_none_is_named_and_the_others_stay(client, form, at, picture):
    page = read(submit(client, form, at=at, files=[picture(), b"no picture"], **LEAK))
    assert page.find(id="e-photos").text
    assert len(page.find_all("input", attrs={"name": "photos"})) == 1


def test_a_kept_photo_can_be_dropped(client, form, at, picture):
    page = read(submit(client, form, at=at, files=[picture(1), picture(2)]))
    first = page.find("input", attrs={"name": "photos"})["value"]
    submit(client, page, at=at, drop=first, **LEAK)
    assert db.session.scalar(select(Photo.report_id).where(Photo.id == first)) is None


def test_a_tenth_photo_is_not_taken(client, form, at, picture):
    page = read(submit(client, form, at=at, files=[picture(number) for number in range(10)], **LEAK))
    assert "最多 9 张" in page.find(id="e-photos").text
    assert len(page.find_all("input", attrs={"name": "photos"})) == 9


def test_no_link_is_made_for_a_photo_of_another_report(client, form, at, picture):
    submit(client, form, at=at, files=[picture()], **LEAK)
    taken = db.session.scalar(select(Photo.id))
    page = read(submit(client, read(client.get(at)), at=at, phone="12", photos=taken))
    assert taken not in str(page)


def test_the_same_form_sent_twice_is_one_report(client, form, at, picture):
    first = submit(client, form, at=at, files=[picture()], text="漏水", **LEAK)
    second = submit(client, form, at=at, files=[picture()], text="漏水", **LEAK)
    assert second.status_code == 303
    assert only_report().no in first.location
    assert only_report().no in second.location
    assert "没有重复提交" in read(client.get(second.location)).text


def test_whose_first_answer_was_lost_still_owns_the_report(app, client, form, at):
    sent = submit(client, form, at=at, text="漏水", **LEAK)
    client.delete_cookie("device")
    assert "您打开的是只读链接" in read(client.get(sent.location)).text
    again = submit(client, form, at=at, text="漏水", **LEAK)
    assert "您打开的是只读链接" not in read(client.get(again.location)).text


def test_another_text_under_the_same_key_is_asked_about_and_can_be_sent_as_new(client, form, at):
    submit(client, form, at=at, text="漏水", **LEAK)
    answer = submit(client, form, at=at, text="又漏水了", **LEAK)
    assert answer.status_code == 409
    page = read(answer)
    first = only_report().no
    assert f"已作为 {first} 提交过，要作为新的一件再提交吗？" in page.find(id="errors").text
    assert page.find("textarea", attrs={"name": "text"}).text.strip() == "又漏水了"
    assert page.find("a", href=re.compile(f"^/r/{first}"))
    assert submit(client, page, at=at).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Report)) == 2


def test_a_choice_left_ticked_under_another_tile_is_asked_again(client, form, at):
    page = read(submit(client, form, at=at, tile="lift", kind="pipe.leak"))
    assert page.find(id="e-kind").text
    assert page.find(id="tile-lift").has_attr("checked")


@pytest.mark.parametrize("kind", ["", "no.such", "accuse.official", "accuse.crime"])
def test_a_kind_that_is_not_offered_is_not_taken(client, form, at, kind):
    assert submit(client, form, at=at, kind=kind, tile=None).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"building": "2号楼", "unit": "2单元"}, ""),
        ({"building": "", "unit": ""}, ""),
        ({"building": "1号楼", "unit": "2单元"}, "unit"),
        ({"building": "9号楼"}, "building"),
        ({"building": "", "unit": "1单元"}, "building"),
        ({"where": "车" * 81}, "where"),
        ({"text": "字" * 501}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"phone": "123"}, "phone"),
        ({"phone": "1380013 8000"}, ""),
    ],
)
def test_each_field_is_judged_by_itself(client, world, at, given, wrong):
    set_buildings(world.estates["ys.hill"], [("1号楼", 1), ("2号楼", 3)])
    form = read(client.get(at))
    answer = submit(client, form, at=at, **(LEAK | given))
    assert answer.status_code == (422 if wrong else 303)
    if wrong:
        assert read(answer).find(id=f"e-{wrong}").text


def test_a_script_gets_plain_answers(client, form, at):
    made = submit(client, form, at=at, headers=JSON, text="漏水", **LEAK)
    assert made.status_code == 201
    again = submit(client, form, at=at, headers=JSON, text="漏水", **LEAK)
    assert (again.status_code, again.json["no"]) == (200, made.json["no"])
    assert client.get(made.json["location"]).status_code == 200
    other = submit(client, form, at=at, headers=JSON, text="别的", **LEAK)
    assert other.status_code == 409
    assert made.json["no"] in other.json["message"]
    wrong = submit(client, form, at=at, headers=JSON, phone="1", **LEAK)
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["phone"])


def test_a_community_worker_files_for_somebody_who_phones(client, world, at):
    world.login(client, "ys.community")
    page = read(client.get(f"{at}?for=caller"))
    assert page.h1.text == "代居民登记"
    answer = submit(client, page, at=at, phone="13800138000", **LEAK)
    assert answer.status_code == 303
    report = only_report()
    assert report.filed_by == world.people["ys.community"].id
    assert (report.device_hash, client.get_cookie("device")) == (None, None)
    event = db.session.scalars(select(Event).where(Event.report_id == report.id)).one()
    assert event.by_kind == "staff"
    assert "由工作人员代为登记" in read(client.get(answer.location)).text


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("ys.hill.manager", 403), ("st.bureau", 403)])
def test_nobody_else_files_for_callers(client, world, at, who, status):
    if who:
        world.login(client, who)
    answer = client.get(f"{at}?for=caller")
    assert answer.status_code == status
    read(answer)


def test_the_form_of_an_unknown_code_does_not_exist(client, world):
    assert client.get("/e/000000000000/report").status_code == 404
