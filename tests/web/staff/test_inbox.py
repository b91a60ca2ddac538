from datetime import timedelta

import pytest
from sqlalchemy import event

from server.core import clock
from server.core.db import db
from server.core.paging import LIMIT
from server.notices.models import InboxRead
from tests.web.staff.conftest import act, page_of, send, tabs_of

SESSION = 2
"""Statements that find out who is asking: the session and its posts."""
LIST = 4


@pytest.fixture
def statements(app):
    """The statements that a block sends, without savepoints."""
    sent = []

    def note(conn, cursor, statement, *rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    event.listen(db.engines[None], "before_cursor_execute", note)
    yield sent
    event.remove(db.engines[None], "before_cursor_execute", note)


def test_a_new_report_waits_in_the_first_tab_with_what_a_glance_needs(staff, filed, picture):
    report = filed(photo=picture())
    page = page_of(staff("ys.hill.manager"), "/m/")
    assert tabs_of(page) == {"待受理": 1, "处理中": 0, "已超时": 0, "待确认": 0, "已办结": 0}
    row = page.find("a", class_="cell", href=f"/m/{report.no}")
    words = row.get_text(" ", strip=True)
    assert "漏水 · 3号楼 2单元" in words
    assert "地下室漏水" in words
    assert "楼道" not in words
    assert "还剩 2 小时" in words
    assert row.find("img")["src"].startswith("/p/")
    assert row.find("svg", class_="icon")
    assert row.find("svg", class_="shape")


def test_what_is_due_first_stands_first(staff, filed):
    slow, fast = filed(label="路灯"), filed(label="漏水")
    page = page_of(staff("ys.hill.manager"), "/m/")
    rows = [row["href"] for row in page.select("ul.cells a.cell")]
    assert rows == [f"/m/{fast.no}", f"/m/{slow.no}"]


def test_what_is_late_says_how_late(staff, filed, now):
    filed()
    with clock.stopped(now + timedelta(days=3)):
        page = page_of(staff("ys.hill.manager"), "/m/?tab=late")
    assert tabs_of(page)["已超时"] == 1
    assert "超时 2 天" in page.find(class_="tag").text


@pytest.mark.parametrize(
    ("tab", "steps"),
    [("new", []), ("doing", ["accept"]), ("waiting", ["accept", "resolve"])],
)
def test_a_report_moves_from_tab_to_tab(staff, filed, tab, steps):
    report, browser = filed(), staff("ys.hill.manager")
    for name in steps:
        more = {"outcome": "solved", "basis": "已关阀门"} if name == "resolve" else {}
        assert act(browser, "/m/", report, name, **more).status_code == 303
    rows = page_of(browser, f"/m/?tab={tab}").select("ul.cells a.cell")
    assert [row["href"] for row in rows] == [f"/m/{report.no}"]


def test_another_company_sees_nothing_of_it(staff, filed):
    report, browser = filed(), staff("ys.lake.manager")
    assert sum(tabs_of(page_of(browser, "/m/")).values()) == 0
    for address in (f"/m/{report.no}", f"/m/{report.no}/reply"):
        assert browser.get(address).status_code == 404


@pytest.mark.parametrize("name", ["st.bureau", "st.hill.manager", "st.town"])
def test_another_county_sees_nothing_of_it(staff, filed, name):
    report, browser = filed(), staff(name)
    base = "/m/" if name == "st.hill.manager" else "/b/"
    assert browser.get(f"{base}{report.no}").status_code == 404


def test_acting_on_a_foreign_report_is_not_found(staff, filed):
    report, browser = filed(), staff("ys.lake.manager")
    own = filed("ys.lake")
    page = page_of(browser, f"/m/{own.no}")
    token = page.find("input", attrs={"name": "csrf_token"})["value"]
    answer = browser.post(f"/m/{report.no}/accept", data={"csrf_token": token, "version": "1"})
    assert answer.status_code == 404


def test_the_community_handles_where_there_is_no_company(staff, filed):
    report = filed("ys.bare")
    browser = staff("ys.community")
    assert tabs_of(page_of(browser, "/m/"))["我要办的"] == 1
    assert act(browser, "/m/", report, "accept").status_code == 303


def test_opening_a_report_marks_it_as_read_once(staff, filed, world):
    report, browser = filed(), staff("ys.hill.manager")
    for _ in range(2):
        page_of(browser, f"/m/{report.no}")
    read = db.session.query(InboxRead).filter_by(report_id=report.id).all()
    assert [one.person_id for one in read] == [world.people["ys.hill.manager"].id]


@pytest.mark.parametrize("count", [1, LIMIT])
def test_the_inbox_costs_four_statements_at_any_length_beside_the_session(
    staff, filed, statements, count, picture
):
    for number in range(count):
        filed(photo=picture(number) if number < 2 else None)
    browser = staff("ys.hill.manager")
    statements.clear()
    page_of(browser, "/m/")
    assert len(statements) <= LIST + SESSION, statements


LISTS = {"/b/reports?q=漏水": LIST, "/b/counts": LIST + 3, "/b/": LIST, "/b/feed": LIST}
"""The page of counts adds up three things: reports, called departments, the hotline."""


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("count", [1, LIMIT])
def test_the_lists_of_the_bureau_cost_as_little(staff, filed, statements, address, count):
    for _ in range(count):
        filed(label="电梯困人")
    browser = staff("ys.bureau")
    statements.clear()
    assert browser.get(address).status_code == 200
    assert len(statements) <= LISTS[address] + SESSION, statements


def test_pages_follow_each_other_without_a_gap(staff, filed):
    wanted = {filed().no for _ in range(LIMIT + 3)}
    browser, found, address = staff("ys.hill.manager"), [], "/m/"
    while address:
        page = page_of(browser, address)
        found += [row["href"].removeprefix("/m/") for row in page.select("ul.cells a.cell")]
        link = page.find("a", rel="next")
        address = link["href"] if link else None
    assert len(found) == len(set(found))
    assert set(found) == wanted


@pytest.mark.parametrize("address", ["/m/?after=nonsense", "/b/reports?after=nonsense", "/b/?after=nonsense"])
def test_a_made_up_place_in_the_list_is_refused_with_a_sentence(staff, world, address):
    answer = staff("ys.bureau").get(address)
    assert answer.status_code == 422
    assert "翻页标记无效" in answer.get_data(as_text=True)


def test_the_number_of_a_report_is_taken_in_either_case(staff, filed):
    report = filed()
    assert staff("ys.hill.manager").get(f"/m/{report.no.lower()}").status_code == 200


def test_a_department_sees_what_it_is_told_of_apart_from_what_it_handles(staff, filed, world):
    from server.accounts.models import BodyKind
    from server.accounts.roles import Role
    from tests.world import hire

    report = filed(label="电梯困人")
    body = next(
        body
        for key, body in world.bodies.items()
        if key.startswith("ys.") and body.kind == BodyKind.DEPARTMENT and body.key == "market"
    )
    hire(world, "ys.market", body, Role.DEPARTMENT)
    browser = staff("ys.market")
    assert tabs_of(page_of(browser, "/m/")) == {"我要办的": 0, "我关注的": 1, "已超时": 0, "已答复": 0}
    rows = page_of(browser, "/m/?tab=watch").select("ul.works a.cell")
    assert [row["href"] for row in rows] == [f"/m/{report.no}"]
    page = page_of(browser, f"/m/{report.no}")
    assert page.find("a", href=f"/m/{report.no}/reply")
    assert not page.find("form", action=f"/m/{report.no}/accept")


def test_the_manager_of_one_estate_may_not_open_the_pages_of_the_area(staff, world):
    browser = staff("ys.hill.manager")
    for address in ("/b/", "/b/reports", "/b/counts", "/b/reports/export"):
        assert browser.get(address).status_code == 403


def test_the_navigation_shows_only_what_may_be_opened(staff, world):
    for name in ("ys.bureau", "ys.town", "ys.community", "ys.hill.manager", "ys.admin"):
        browser = staff(name)
        links = page_of(browser, "/account").select("nav.desk-nav ul a")
        assert links
        for link in links:
            assert browser.get(link["href"]).status_code in {200, 302, 308}, (name, link["href"])


def test_a_second_tap_on_the_same_button_changes_nothing(staff, filed):
    report, browser = filed(), staff("ys.hill.manager")
    page = page_of(browser, f"/m/{report.no}")
    answers = [send(browser, page, f"/m/{report.no}/accept") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(page_of(browser, f"/m/{report.no}").select(".timeline > li")) == 2
