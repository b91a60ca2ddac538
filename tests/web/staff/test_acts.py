from datetime import timedelta

import pytest
from sqlalchemy import select

from server.core import clock
from server.core.clock import local
from server.core.db import db
from server.notices.models import Push
from server.photos.models import Photo
from server.policy.loader import books
from server.reports.facts import extension_range
from server.reports.models import Event
from tests.photos.pictures import encoded, flag
from tests.web.conftest import read
from tests.web.staff.conftest import act, page_of, send


@pytest.fixture
def manager(staff):
    return staff("ys.hill.manager")


def words_of(answer_or_page):
    return answer_or_page.get_text(" ", strip=True)


def test_accepting_takes_one_tap_and_says_so(manager, filed):
    report = filed()
    answer = act(manager, "/m/", report, "accept")
    assert answer.location == f"/m/{report.no}?done=accept"
    page = page_of(manager, answer.location)
    assert "已受理" in page.find(attrs={"role": "status"}).text
    assert report.state == "accepted"


def test_a_reply_carries_words_photos_and_the_day_it_will_be_done(manager, filed, picture):
    report = filed()
    answer = act(manager, "/m/", report, "reply", photos=[picture()], text="已订配件", until="2026-11-20")
    assert answer.status_code == 303
    step = page_of(manager, f"/m/{report.no}").select(".timeline > li")[-1]
    assert "已订配件" in step.text
    assert "预计完成：11月20日" in step.text
    assert len(step.find_all("img")) == 1


def test_a_photo_survives_an_error_in_another_field(manager, filed, picture):
    report = filed()
    answer = act(manager, "/m/", report, "resolve", photos=[picture()], text="换了阀门")
    assert answer.status_code == 422
    page = read(answer)
    assert page.find(id="e-outcome").text == "请选择处理结果。"
    assert page.find(id="f-text").text == "换了阀门"
    kept = page.find("input", attrs={"name": "photos"})["value"]
    again = send(manager, page, f"/m/{report.no}/resolve", outcome="solved")
    assert again.status_code == 303
    photo = db.session.get(Photo, kept)
    assert (photo.report_id, photo.purpose) == (report.id, "after")


def test_a_photo_can_be_taken_back_after_an_error(manager, filed, picture):
    report = filed()
    page = read(act(manager, "/m/", report, "resolve", photos=[picture(0), picture(1)]))
    first = page.find("input", attrs={"name": "photos"})["value"]
    send(manager, page, f"/m/{report.no}/resolve", outcome="solved", drop=first)
    assert db.session.get(Photo, first).report_id is None


def test_what_is_no_photo_is_named_and_the_words_stay(manager, filed):
    report = filed()
    answer = act(manager, "/m/", report, "reply", photos=[b"no picture"], text="请看照片")
    assert answer.status_code == 422
    page = read(answer)
    assert page.find(id="e-photos").text.startswith("0.jpg：")
    assert page.find(id="f-text").text == "请看照片"


@pytest.mark.parametrize(
    ("fields", "status", "missing"),
    [
        ({"outcome": "solved"}, 422, "photos"),
        ({"outcome": "partly"}, 422, "photos"),
        ({"outcome": "not_solvable", "basis": "须业主共同决定，民法典第278条"}, 303, None),
        ({"outcome": "nonsense", "basis": "x"}, 422, "outcome"),
    ],
)
def test_a_resolution_needs_a_photo_or_a_reason(manager, filed, fields, status, missing):
    report = filed()
    answer = act(manager, "/m/", report, "resolve", **fields)
    assert answer.status_code == status
    if missing:
        assert read(answer).find(id=f"e-{missing}").text


def test_what_is_not_solved_needs_its_reason_beside_the_photo(manager, filed, picture):
    report = filed()
    answer = act(manager, "/m/", report, "resolve", photos=[picture()], outcome="partly")
    assert answer.status_code == 422
    page = read(answer)
    assert page.find(id="e-basis").text
    assert page.find("input", attrs={"name": "photos"}), "the photo is still there"
    assert report.state == "submitted"


def test_asking_for_more_time_shows_the_latest_and_holds_to_it(manager, filed):
    report = filed()
    page = page_of(manager, f"/m/{report.no}/extend")
    field = page.find(id="f-until")
    assert "最晚可以延到" in page.find(id="h-until").text
    latest = extension_range(report, books()[report.county_id])[1]
    assert field["max"] == f"{local(latest):%Y-%m-%dT%H:%M}"
    late = f"{local(latest + timedelta(hours=1)):%Y-%m-%dT%H:%M}"
    answer = send(manager, page, f"/m/{report.no}/extend", until=late, text="等配件")
    assert answer.status_code == 422
    assert read(answer).find(id="e-until").text.startswith("最晚")
    assert send(manager, page, f"/m/{report.no}/extend", until=field["max"], text="等配件").status_code == 303


@pytest.mark.parametrize("until", ["", "yesterday", "2026-13-45T00:00"])
def test_a_deadline_that_is_none_is_refused_at_its_field(manager, filed, until):
    report = filed()
    answer = act(manager, "/m/", report, "extend", until=until, text="等配件")
    assert answer.status_code == 422
    assert read(answer).find(id="e-until").text


def test_the_bureau_grants_what_was_asked(manager, staff, filed):
    report = filed()
    field = page_of(manager, f"/m/{report.no}/extend").find(id="f-until")
    act(manager, "/m/", report, "extend", until=field["max"], text="等配件")
    bureau = staff("ys.bureau")
    assert "申请延期到" in page_of(bureau, f"/b/{report.no}").find(class_="note").text
    before = report.resolve_due_at
    assert act(bureau, "/b/", report, "grant").status_code == 303
    assert report.resolve_due_at > before


def test_passing_on_offers_whom_the_book_names_and_nobody_else(manager, filed, world):
    report = filed()
    page = page_of(manager, f"/m/{report.no}/transfer")
    offered = {int(field["value"]) for field in page.find_all("input", attrs={"name": "body"})}
    assert world.bodies["ys.community"].id in offered
    assert world.bodies["ys.town"].id in offered
    assert world.bodies["ys.hill"].id not in offered, "whoever handles it already"
    foreign = (world.bodies["st.town"].id, world.bodies["ys.lake"].id)
    assert not offered & set(foreign)
    for body in foreign:
        answer = send(manager, page, f"/m/{report.no}/transfer", body=str(body), text="应由他办")
        assert answer.status_code == 422
        assert read(answer).find(id="e-body").text
    chosen = str(world.bodies["ys.town"].id)
    assert send(manager, page, f"/m/{report.no}/transfer", body=chosen, text="应由镇街办").status_code == 303
    assert report.handler_id == world.bodies["ys.town"].id
    assert "→ 测试街道" in words_of(page_of(manager, f"/m/{report.no}"))


def test_handing_back_goes_one_level_up(manager, filed, world):
    report = filed()
    assert act(manager, "/m/", report, "hand_back", text="不在服务范围").status_code == 303
    assert report.handler_id == world.bodies["ys.community"].id
    page = page_of(manager, f"/m/{report.no}")
    assert not page.find("form", action=f"/m/{report.no}/accept")


def test_the_clock_goes_on_while_nobody_accepts(manager, filed, now):
    report = filed()
    before = report.resolve_due_at
    act(manager, "/m/", report, "hand_back", text="不在服务范围")
    assert report.resolve_due_at == before


def test_a_stale_form_comes_back_with_the_new_state_and_every_word(manager, staff, filed):
    report = filed()
    page = page_of(manager, f"/m/{report.no}/reply")
    act(staff("ys.bureau"), "/b/", report, "supervise", text="请立即处理")
    answer = send(manager, page, f"/m/{report.no}/reply", text="马上去")
    assert answer.status_code == 409
    fresh = read(answer)
    assert "督办" in fresh.find(class_="note").text
    assert fresh.find(id="f-text").text == "马上去"
    assert send(manager, fresh, f"/m/{report.no}/reply").status_code == 303


def test_what_can_no_longer_be_done_shows_the_report_and_what_was_typed(manager, filed):
    report = filed()
    page = page_of(manager, f"/m/{report.no}/reply")
    act(manager, "/m/", report, "resolve", outcome="solved", basis="已关阀门")
    answer = send(manager, page, f"/m/{report.no}/reply", text="马上去看")
    assert answer.status_code == 409
    shown = words_of(read(answer))
    assert "马上去看" in shown
    assert "待确认" in shown
    assert manager.get(f"/m/{report.no}/reply").location == f"/m/{report.no}?done=not_now"


def test_an_answer_lost_on_the_way_does_not_make_a_second_step(manager, filed):
    report = filed()
    page = page_of(manager, f"/m/{report.no}/reply")
    headers = {"Accept": "application/json"}
    answers = [send(manager, page, f"/m/{report.no}/reply", text="马上去", headers=headers) for _ in range(2)]
    assert [answer.json for answer in answers] == [{"location": f"/m/{report.no}?done=reply"}] * 2
    acts = db.session.scalars(select(Event.act).where(Event.report_id == report.id)).all()
    assert acts == ["submit", "reply"]


def test_a_script_gets_the_errors_as_fields(manager, filed):
    report = filed()
    page = page_of(manager, f"/m/{report.no}/reply")
    answer = send(manager, page, f"/m/{report.no}/reply", text="", headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json["errors"] == {"text": "请写一句说明。"}


def test_a_script_with_a_stale_form_is_led_to_a_fresh_one(manager, staff, filed):
    report = filed()
    page = page_of(manager, f"/m/{report.no}/reply")
    act(staff("ys.bureau"), "/b/", report, "supervise", text="请立即处理")
    headers = {"Accept": "application/json"}
    answer = send(manager, page, f"/m/{report.no}/reply", text="马上去", headers=headers)
    assert (answer.status_code, answer.json["location"]) == (409, f"/m/{report.no}/reply")


@pytest.mark.parametrize("name", ["confirm", "rate", "withdraw", "close", "submit", "nonsense"])
def test_what_is_the_reporters_own_is_no_page_of_the_staff(manager, filed, name):
    report = filed()
    assert manager.get(f"/m/{report.no}/{name}").status_code == 404


def test_a_part_that_may_not_do_an_act_is_told_so(manager, filed):
    report = filed()
    page = page_of(manager, f"/m/{report.no}")
    token = page.find("input", attrs={"name": "csrf_token"})["value"]
    data = {"csrf_token": token, "version": "1", "text": "请处理"}
    answer = manager.post(f"/m/{report.no}/supervise", data=data)
    assert answer.status_code == 409
    assert report.version == 1


def test_without_the_forms_token_nothing_happens(manager, filed):
    report = filed()
    assert manager.post(f"/m/{report.no}/accept", data={"version": "1"}).status_code == 400
    assert report.state == "submitted"


def test_words_with_markup_stay_words(manager, filed):
    report = filed(text="<script>alert(1)</script>")
    act(manager, "/m/", report, "reply", text="<b>看过了</b>")
    text = manager.get(f"/m/{report.no}").get_data(as_text=True)
    assert "<script>alert" not in text
    assert "<b>看过了" not in text
    assert "&lt;b&gt;看过了" in text


def test_a_supervision_is_pushed_to_the_handler(staff, filed, world):
    report = filed()
    assert act(staff("ys.bureau"), "/b/", report, "supervise", text="请立即处理").status_code == 303
    pushed = db.session.scalars(select(Push.person_id).where(Push.purpose == "supervise")).all()
    assert world.people["ys.hill.manager"].id in pushed


def test_clocks_say_what_was_kept_and_what_was_not(manager, staff, filed, now, world):
    report = filed()
    act(manager, "/m/", report, "accept")
    with clock.stopped(now + timedelta(days=3)):
        late = staff("ys.hill.manager")
        act(late, "/m/", report, "resolve", outcome="solved", basis="已关阀门")
        page = page_of(late, f"/m/{report.no}")
    shown = [words_of(one) for one in page.select("li.cell") if "时限" in one.text]
    assert shown[0].endswith("按时")
    assert "晚了 2 天" in shown[1]


def test_big_photos_many_times_are_bounded(manager, filed):
    report = filed()
    photos = [encoded(flag((200 + 8 * number, 160))) for number in range(10)]
    answer = act(manager, "/m/", report, "reply", photos=photos, text="很多照片")
    assert answer.status_code == 422
    page = read(answer)
    assert "最多 9 张" in page.find(id="e-photos").text
    assert len(page.find_all("input", attrs={"name": "photos"})) == 9


@pytest.mark.parametrize("version", ["", "x", "9" * 5000, "0", "-1"])
def test_a_form_whose_version_was_meddled_with_changes_nothing(manager, filed, version):
    report = filed()
    page = page_of(manager, f"/m/{report.no}/reply")
    answer = send(manager, page, f"/m/{report.no}/reply", text="好的\x00", version=version)
    assert answer.status_code == 422
    assert read(answer).find(id="f-text").text == "好的\ufffd"
    assert report.version == 1
