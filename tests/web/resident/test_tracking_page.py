from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts.roles import STRANGER, Actor
from server.core import clock
from server.core.db import db
from server.core.tokens import fingerprint
from server.photos.service import keep_photo
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.links import read_key
from server.reports.models import Report
from server.reports.workflow import Act
from tests.web.conftest import read, submit

DEVICE = "d" * 43


@pytest.fixture
def report(world):
    """A leak with a phone number, reported from the browser that `mine` is."""
    filing = Filing(kind="pipe.leak", text="地下室漏水", phone="13800138000")
    by = Actor(device_hash=fingerprint(DEVICE))
    filed = file_report(world.place("ys.hill"), filing, key="k" * 32, by=by, now=world.now)
    return db.session.get(Report, filed.report_id)


@pytest.fixture
def mine(client, report):
    """The reporter's own browser."""
    client.set_cookie("device", DEVICE)
    return client


def link(report):
    return f"/r/{report.no}?k={read_key(report.no)}"


def staff(world, report, act, **deed):
    given = Deed(version=report.version, **deed)
    act_on(report, act, given, by=world.actor("ys.hill.manager"), now=clock.now())


def solve(world, report):
    staff(world, report, Act.RESOLVE, text="修好了", basis="换了管子", outcome="solved")


def buttons(page):
    return [a.text.strip() for a in page.main.find_all("a", class_="btn") if a["href"].startswith("/r/")]


def test_the_bare_link_reads_and_cannot_act(client, report):
    page = read(client.get(link(report)))
    assert report.no in page.text
    assert "地下室漏水" not in page.text
    assert buttons(page) == []
    assert "只读链接" in page.text


@pytest.mark.parametrize("address", ["/r/{no}", "/r/{no}?k=0000", "/r/YS261118-22222?k=0000", "/r/nonsense"])
def test_without_the_links_key_a_report_looks_like_one_that_is_not_there(client, report, address):
    answer = client.get(address.format(no=report.no))
    assert answer.status_code == 404
    assert "没有找到" in read(answer).text


def test_a_reader_of_the_link_can_do_nothing(client, report):
    token = read(client.get("/find")).find("input", attrs={"name": "csrf_token"})["value"]
    given = {"csrf_token": token, "version": report.version, "text": "x", "score": "1"}
    for act in Act:
        assert client.get(f"/r/{report.no}/{act}").status_code == 404
        assert client.post(f"/r/{report.no}/{act}", data=given).status_code == 404
    assert report.version == 1


def test_the_phone_is_on_no_page(mine, report):
    for address in (link(report), f"/r/{report.no}/add", "/my"):
        text = mine.get(address).get_data(as_text=True)
        assert "13800138000" not in text
        assert "138****" not in text


def test_the_reporter_sees_what_he_may_do(mine, world, report):
    assert buttons(read(mine.get(f"/r/{report.no}"))) == ["补充", "撤回"]
    solve(world, report)
    page = read(mine.get(f"/r/{report.no}"))
    assert buttons(page) == ["评价", "补充", "已解决", "没解决"]
    assert "处理结果：已解决" in page.text


def test_staff_with_the_reporters_browser_does_not_get_the_reporters_acts_from_a_post(client, world, report):
    world.login(client, "ys.hill.manager")
    assert buttons(read(client.get(link(report)))) == []


def test_photos_stand_as_before_and_after(mine, world, report, picture):
    submit(mine, read(mine.get(f"/r/{report.no}/add")), files=[picture(1)])
    photo, _ = keep_photo(picture(2), now=world.now)
    staff(world, report, Act.RESOLVE, text="修好了", photos=(photo.id,))
    page = read(mine.get(f"/r/{report.no}"))
    assert [title.text for title in page.main.find_all("h2")][:1] == ["处理后"]
    assert len(page.find(class_="timeline").find_all("img")) == 2


def test_a_question_is_answered(mine, world, report):
    staff(world, report, Act.ASK, text="几号楼？")
    page = read(mine.get(f"/r/{report.no}"))
    assert "几号楼？" in page.find(class_="note").text
    form = read(mine.get(f"/r/{report.no}/answer"))
    answer = submit(mine, form, text="三号楼")
    assert answer.status_code == 303
    assert "三号楼" in read(mine.get(answer.location)).find(class_="timeline").text
    assert report.asked_at is None


def test_a_photo_is_added(mine, report, picture):
    form = read(mine.get(f"/r/{report.no}/add"))
    answer = submit(mine, form, files=[picture()])
    steps = read(mine.get(answer.location)).find(class_="timeline")
    assert len(steps.find_all("img")) == 1


def test_adding_nothing_is_asked_again_and_a_photo_is_not_lost(mine, report, picture):
    form = read(mine.get(f"/r/{report.no}/add"))
    empty = submit(mine, form)
    assert empty.status_code == 422
    page = read(submit(mine, form, files=[picture()], text="字" * 501))
    assert page.find("input", attrs={"name": "photos"})


def test_reminding_is_offered_once_when_overdue(mine, report):
    assert mine.get(f"/r/{report.no}/remind").status_code == 409
    with clock.stopped(report.due_at + timedelta(hours=1)):
        page = read(mine.get(f"/r/{report.no}"))
        assert "催办" in buttons(page)
        assert "超时 1 小时" in page.text
        submit(mine, read(mine.get(f"/r/{report.no}/remind")))
        assert "催办" not in buttons(read(mine.get(f"/r/{report.no}")))


def test_confirming_with_stars_and_reasons_closes(mine, world, report):
    solve(world, report)
    form = read(mine.get(f"/r/{report.no}/confirm"))
    answer = submit(mine, form, score="5", reasons=["处理得快", "自己编的"])
    assert (report.state, report.score) == ("closed", 5)
    text = read(mine.get(answer.location)).text
    assert "评分 5 星，处理得快" in text
    assert "自己编的" not in text


def test_rating_needs_stars(mine, world, report):
    solve(world, report)
    form = read(mine.get(f"/r/{report.no}/rate"))
    refused = submit(mine, form, text="还行")
    assert refused.status_code == 422
    page = read(refused)
    assert page.find("a", href="#f-score")
    assert submit(mine, page, score="4").status_code == 303


@pytest.mark.parametrize("act", ["reopen", "withdraw"])
def test_a_reason_is_needed_and_a_tapped_one_is_enough(mine, world, report, act):
    if act == "reopen":
        solve(world, report)
    form = read(mine.get(f"/r/{report.no}/{act}"))
    assert submit(mine, form).status_code == 422
    reason = form.find("input", attrs={"name": "why"})["value"]
    answer = submit(mine, form, why=reason)
    assert answer.status_code == 303
    assert reason in read(mine.get(answer.location)).find(class_="timeline").text
    assert report.state == {"reopen": "accepted", "withdraw": "withdrawn"}[act]


def test_a_stale_form_shows_the_present_state_and_keeps_the_words(mine, world, report):
    form = read(mine.get(f"/r/{report.no}/add"))
    staff(world, report, Act.ACCEPT)
    stale = submit(mine, form, text="水更大了")
    assert stale.status_code == 409
    page = read(stale)
    assert "处理中" in page.find(id="errors").text
    assert page.find("textarea").text.strip() == "水更大了"
    assert submit(mine, page).status_code == 303


def test_an_act_that_is_over_says_so_and_shows_the_words(mine, world, report):
    form = read(mine.get(f"/r/{report.no}/withdraw"))
    solve(world, report)
    late = submit(mine, form, text="不用修了")
    assert late.status_code == 409
    page = read(late)
    assert "不用修了" in page.main.text
    assert not page.find("form")


def test_what_offices_tell_each_other_is_not_shown(client, world, report):
    supervise = Deed(version=report.version, text="马上去看，今晚报我")
    act_on(report, Act.SUPERVISE, supervise, by=world.actor("ys.bureau"), now=world.now)
    steps = read(client.get(link(report))).find(class_="timeline").text
    assert "督办" in steps
    assert "今晚报我" not in steps


def test_my_reports_are_those_of_this_browser_even_for_staff(mine, world, report):
    file_report(world.place("ys.hill"), Filing(kind="gate.broken"), key="x" * 32, by=STRANGER, now=world.now)
    world.login(mine, "ys.bureau")
    page = read(mine.get("/my"))
    assert [a["href"] for a in page.main.find_all("a", class_="cell")] == [f"/r/{report.no}"]


def test_the_landings_own_part_shows_reports_of_this_estate(mine, world, report):
    here, there = (read(mine.get(f"/e/{world.code(name)}/mine")) for name in ("ys.hill", "ys.lake"))
    assert here.find("a", href=f"/r/{report.no}")
    assert not there.find("a", href=f"/r/{report.no}")


@pytest.mark.parametrize(
    ("who", "to"),
    [("ys.hill.manager", "/m/"), ("ys.bureau", "/b/"), ("ys.community", "/b/"), ("ys.town", "/b/")],
)
def test_a_push_leads_staff_to_their_desk(client, world, report, who, to):
    world.login(client, who)
    assert client.get(f"/go/{report.no}").location == f"{to}{report.no}"


def test_a_push_leads_nobody_else_anywhere(client, world, report):
    assert client.get(f"/go/{report.no}").status_code == 401
    assert client.get("/go/YS261118-22222").status_code == 401
    world.login(client, "ys.lake.manager")
    assert client.get(f"/go/{report.no}").status_code == 404


def test_after_login_the_push_goes_on(client, report):
    page = read(client.get(f"/go/{report.no}"))
    assert page.find("a", href=f"/login?next=%2Fgo%2F{report.no}")


def test_photos_are_served_to_holders_of_a_fresh_signed_address_alone(mine, report, picture):
    submit(mine, read(mine.get(f"/r/{report.no}/add")), files=[picture()])
    address = read(mine.get(f"/r/{report.no}")).find("figure").a["href"]
    answer = mine.get(address)
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"].startswith("private, max-age=")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert mine.get(address.replace("/1600", "/320")).status_code == 403
    assert mine.get(address.split("?")[0]).status_code == 403
    with clock.stopped(clock.now() + timedelta(hours=13)):
        assert mine.get(address).status_code == 403


@pytest.mark.parametrize("address", ["/help", "/privacy", "/find", "/my", "/nowhere"])
def test_the_quiet_pages_are_sound(client, world, address):
    page = read(client.get(address))
    assert len(page.find_all("h1")) == 1


def test_a_list_and_a_report_cost_the_same_however_much_there_is(mine, world, report):
    from tests.statements import recorded

    with recorded() as one:
        mine.get("/my")
    by = Actor(device_hash=fingerprint(DEVICE))
    for number in range(5):
        filing = Filing(kind="gate.broken", text=str(number))
        file_report(world.place("ys.hill"), filing, key=f"{number}" * 32, by=by, now=world.now)
    with recorded() as many:
        mine.get("/my")
    assert len(many) == len(one) <= 5 + 2, (
        "one for what was joined; two open and shut the confidential compartments"
    )
    assert db.session.scalar(select(Report.no).where(Report.id == report.id)) == report.no
