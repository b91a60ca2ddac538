from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from server.accounts.roles import Actor
from server.core import clock
from server.core.db import db
from server.escalation.models import FeedEntry
from server.escalation.service import sweep
from server.reports.ledger import BATCH
from server.reports.queries import Filter
from server.web.bureau.export import HEADERS, sheet
from tests.web.bureau.forms import send as fill_in
from tests.web.staff.conftest import act, page_of, send


@pytest.fixture
def bureau(staff):
    return staff("ys.bureau")


def entries_of(page):
    return [one.get_text(" ", strip=True) for one in page.select("[data-entry]")]


def test_a_safety_report_stands_on_the_feed_with_its_reason(bureau, filed):
    report = filed(label="电梯困人")
    page = page_of(bureau, "/b/")
    assert any("安全类报告" in words and "电梯困人" in words for words in entries_of(page))
    assert page.find("a", href=f"/b/{report.no}")


def test_an_overrun_reaches_the_feed_of_each_level(staff, filed, now):
    report = filed()
    with clock.stopped(now + timedelta(days=2)):
        sweep(clock.now())
        db.session.commit()
        for name in ("ys.bureau", "ys.town", "ys.community"):
            page = page_of(staff(name), "/b/")
            assert any("超时未受理" in words for words in entries_of(page)), name
            assert page.find("a", href=f"/b/{report.no}")
        assert not entries_of(page_of(staff("st.bureau"), "/b/"))


def test_polling_costs_nothing_until_something_happens(bureau, filed):
    filed(label="电梯困人")
    place = page_of(bureau, "/b/").find(attrs={"data-poll": True})
    assert int(place["data-every"]) <= 10
    unchanged = bureau.get(place["data-poll"], headers={"If-None-Match": place["data-etag"]})
    assert (unchanged.status_code, unchanged.get_data()) == (304, b"")
    second = filed(label="电梯困人")
    changed = bureau.get(place["data-poll"], headers={"If-None-Match": place["data-etag"]})
    assert changed.status_code == 200
    assert second.no in changed.get_data(as_text=True)
    assert "<html" not in changed.get_data(as_text=True)


def test_a_reminder_from_the_feed_takes_one_tap_and_comes_back_to_it(bureau, filed):
    report = filed(label="电梯困人")
    answer = send(bureau, page_of(bureau, "/b/"), f"/b/{report.no}/remind")
    assert answer.location == "/b/?done=remind"
    assert "已催办" in page_of(bureau, answer.location).find(attrs={"role": "status"}).text


def test_the_bureau_settles_an_entry_by_hand(bureau, filed):
    filed(label="电梯困人")
    entry = db.session.scalar(select(FeedEntry.id).where(FeedEntry.reason == "safety"))
    answer = send(bureau, page_of(bureau, "/b/"), f"/b/entries/{entry}/close")
    assert answer.location == "/b/?done=closed"
    for query, count in (("", 0), ("&open=no", 1), ("&open=all", 1)):
        assert len(entries_of(page_of(bureau, f"/b/?reason=safety{query}"))) == count


def test_only_the_bureau_directs_and_settles(staff, filed):
    report = filed(label="电梯困人")
    page = page_of(staff("ys.town"), "/b/")
    assert page.find("form", action=f"/b/{report.no}/remind")
    assert not page.find("a", href=f"/b/{report.no}/supervise")
    assert not page.find_all("form", action=lambda action: action and action.endswith("/close"))


@pytest.mark.parametrize(("query", "count"), [("reason=safety", 1), ("reason=reopened", 0), ("reason=x", 2)])
def test_the_feed_is_narrowed_by_reason(bureau, filed, query, count):
    filed(label="电梯困人")
    assert len(entries_of(page_of(bureau, f"/b/?{query}"))) == count


def test_the_feed_is_narrowed_by_area_and_knows_no_foreign_one(bureau, filed, world):
    filed(label="电梯困人")
    own, foreign = world.bodies["ys.town"].id, world.bodies["st.town"].id
    assert len(entries_of(page_of(bureau, f"/b/?reason=safety&area={own}"))) == 1
    assert bureau.get(f"/b/?area={foreign}").status_code == 404


def test_the_bureau_assigns_from_the_feed(bureau, filed, world):
    report = filed(label="电梯困人")
    page = page_of(bureau, "/b/")
    assert page.find("a", href=f"/b/{report.no}/transfer")
    chosen = str(world.bodies["ys.town"].id)
    assert act(bureau, "/b/", report, "transfer", body=chosen, text="请镇街牵头").status_code == 303
    assert report.handler_id == world.bodies["ys.town"].id


def rows_of(page):
    return [row["href"].removeprefix("/b/") for row in page.select("ul.cells a.cell")]


def test_the_ledger_is_searched_by_number_estate_and_words(bureau, filed):
    one, other = filed(text="楼道灯坏了", label="路灯"), filed("ys.lake", text="井盖松动", label="路面")
    assert rows_of(page_of(bureau, "/b/reports")) == [other.no, one.no]
    for words, found in ((one.no.lower(), one), ("湖畔", other), ("楼道灯", one), (f" {other.no} ", other)):
        assert rows_of(page_of(bureau, f"/b/reports?q={words}")) == [found.no]
    assert rows_of(page_of(bureau, "/b/reports?q=100%25")) == []


def test_the_ledger_is_narrowed_by_state_and_estate(bureau, staff, filed, world):
    one, other = filed(), filed("ys.lake")
    act(staff("ys.hill.manager"), "/m/", one, "accept")
    assert rows_of(page_of(bureau, "/b/reports?state=accepted")) == [one.no]
    assert rows_of(page_of(bureau, f"/b/reports?estate={world.estates['ys.lake'].id}")) == [other.no]
    assert len(rows_of(page_of(bureau, "/b/reports?state=nonsense&estate=nonsense"))) == 2


@pytest.mark.parametrize("name", ["ys.town", "ys.community"])
def test_lower_levels_see_the_ledger_of_their_area_but_take_nothing_away(staff, filed, name):
    report, browser = filed(), staff(name)
    page = page_of(browser, "/b/reports")
    assert rows_of(page) == [report.no]
    assert not page.find("a", href=lambda href: href and "export" in href)
    assert browser.get("/b/reports/export").status_code == 403


def test_the_file_holds_what_the_list_shows(bureau, filed):
    report = filed()
    filed("ys.lake")
    answer = fill_in(bureau, "/b/reports/export?q=%E9%9D%92%E5%B1%B1", reason="月度汇总")
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()
    assert tuple(rows[0]) == HEADERS
    assert [row[0] for row in rows[1:]] == [report.no]
    assert rows[1][1] == "青山花园小区"


def test_a_file_that_would_be_too_long_says_so(world, filed, now):
    for _ in range(4):
        filed()
    body, count = sheet(world.actor("ys.bureau"), Filter(), now=now, most=3)
    rows = CalamineWorkbook.from_filelike(BytesIO(body)).get_sheet_by_index(0).to_python()
    assert (len(rows), count) == (5, 3)
    assert rows[-1][0].startswith("只导出了最新的 3 件")
    assert BATCH > 3


def test_nobody_without_a_post_exports_a_row(world, filed, now):
    filed()
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet(Actor(), Filter(), now=now)[0])).get_sheet_by_index(0)
    assert len(rows.to_python()) == 1


def test_counts_are_plain_and_drawn_with_their_table(bureau, staff, filed, now):
    one = filed()
    filed(), filed("ys.lake")
    act(staff("ys.hill.manager"), "/m/", one, "resolve", outcome="solved", basis="已关阀门")
    with clock.stopped(now + timedelta(hours=11)):
        page = page_of(bureau, "/b/counts")
    assert page.find("figure", class_="chart").svg
    table = page.find("figure", class_="chart").find_next("table")
    rows = {row["小区"]: row for row in counted(table)}
    names = ("在办", "其中超时", "确认解决", "到期未确认", "全部")
    assert [rows["青山花园小区"][name] for name in names] == ["1", "1", "0", "0", "2"]
    assert [rows["湖畔新城"][name] for name in names] == ["1", "1", "0", "0", "1"]
    assert [rows["合计"][name] for name in names] == ["2", "2", "0", "0", "3"]


def counted(table):
    """The rows of a table, its sums last, each by the words of its columns."""
    heads = [cell.text.strip() for cell in table.thead.find_all("th")]
    lines = [*table.tbody.find_all("tr"), *table.tfoot.find_all("tr")]
    return [
        dict(zip(heads, [cell.text.strip() for cell in row.find_all("td")], strict=True)) for row in lines
    ]


def test_counts_of_a_month_leave_the_others_out(bureau, filed):
    filed()
    for month, total in (("2026-11", "1"), ("2026-10", "0"), ("nonsense", "1")):
        page = page_of(bureau, f"/b/counts?month={month}")
        table = page.find("figure", class_="chart")
        table = table.find_next("table") if table else page.find("table")
        assert counted(table)[-1]["全部"] == total


def test_counts_of_a_community_are_of_its_own_estates(staff, world):
    table = page_of(staff("ys.community"), "/b/counts").table
    assert {row.td.text.strip() for row in table.tbody.find_all("tr")} == {
        "青山花园小区",
        "湖畔新城",
        "无物业小区",
    }


@pytest.mark.parametrize(
    ("odd", "status"),
    [("9" * 900, 200), ("-1", 200), ("１", 200), ("1e5", 200), ("9" * 5000, 414), ("%00", 422)],
)
def test_odd_numbers_in_an_address_narrow_nothing_or_are_refused(bureau, filed, odd, status):
    filed(label="电梯困人")
    for address in (f"/b/reports?estate={odd}", f"/b/?area={odd}", f"/b/counts?month={odd}"):
        assert bureau.get(address).status_code == status


@pytest.mark.parametrize("address", ["/help/manager", "/help/community", "/help/department", "/help/bureau"])
def test_help_is_there_for_everybody(client, world, address):
    assert page_of(client, address).h1.text


def test_estates_are_not_taken_for_a_report(bureau):
    assert bureau.get("/b/estates").status_code in {200, 308}
    assert bureau.get("/b/nothing").status_code == 404
