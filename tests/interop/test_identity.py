"""That a reporter rang 12345 too, and where its callers live, is for the offices alone (A3, A11)."""

from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from server.core.db import db
from server.core.mask_home import without_home
from server.interop.hotline.answers import export_answers
from server.interop.hotline.taking import Taken
from server.interop.hotline.unsure import say_same, unsure_orders
from server.notices.models import Push
from server.reports.composing import compose_push
from server.reports.eyes import MASKED, TYPED
from server.reports.links import read_key
from server.reports.models import Report
from tests.estates.tables import as_csv
from tests.interop.damages import COUNTY, HEADS
from tests.interop.test_one_ledger import answer, dirt, events, file_of, filed
from tests.interop.test_taking import bring

NUMBER, PHONE = "YS202600000001", "13900000001"
ADDRESS = "测试街道青山花园小区3号楼2单元1703室"


def seen(client, world, name, no):
    """All that somebody is told of a report: its page, its call, the list."""
    base = "/b/" if name in {"ys.bureau", "ys.community"} else "/m/"
    desk, bearer = world.login(client.application.test_client(), name), world.bearer(name)
    whole = client.get(f"/api/v1/reports/{no}", headers=bearer)
    assert whole.status_code == 200
    pages = [desk.get(f"{base}{no}"), desk.get(base), client.get("/api/v1/reports", headers=bearer)]
    return "\n".join(page.get_data(as_text=True) for page in [whole, *pages]), whole.json


def pushed(world, name):
    """What is sent to somebody's phone."""
    person = world.people[name].id
    pushes = db.session.scalars(select(Push).where(Push.person_id == person)).all()
    return [repr(compose_push(push)) for push in pushes]


@pytest.fixture
def joined(world, now):
    """A report of the product's own, whose reporter rang the hotline about it too and had it urged."""
    mine = filed(world, now - timedelta(days=5))
    before = pushed(world, "ys.hill.manager")
    urged = dirt(1, 联系电话=PHONE, 催办时间="2026-11-17 09:00", 办结时限="2026-11-18 18:00")
    assert bring(file_of(urged), now)[1] == Taken(joined=1, urged=1)
    db.session.commit()
    return mine, before


def test_the_company_does_not_learn_that_a_reporter_rang_the_hotline_too(client, world, joined):
    mine, before = joined
    assert [act for act, _, _ in events(mine)] == ["submit", "remind", "remind"]
    text, whole = seen(client, world, "ys.hill.manager", mine.no)
    assert "12345" not in text
    assert NUMBER not in text
    assert [step["act"] for step in whole["events"]] == ["submit"]
    assert pushed(world, "ys.hill.manager") == before
    page = client.application.test_client().get(f"/r/{mine.no}?k={read_key(mine.no)}").get_data(as_text=True)
    assert "12345 工单" not in page
    assert "催办" not in page


def test_the_offices_learn_it_with_the_orders_number(client, world, joined):
    mine, _ = joined
    for name in ("ys.bureau", "ys.community"):
        text, whole = seen(client, world, name, mine.no)
        assert f"12345 工单 {NUMBER}" in text
        assert [step["act"] for step in whole["events"]] == ["submit", "remind", "remind"]
    told = select(func.count()).select_from(Push).where(Push.report_id == mine.id, Push.purpose == "remind")
    community = told.where(Push.person_id == world.people["ys.community"].id)
    assert db.session.scalar(community) == 2


def test_of_a_report_that_came_from_the_hotline_the_company_reads_no_number(client, world, now):
    bring(file_of(dirt(1, 催办时间="2026-11-17 09:00")), now)
    db.session.commit()
    (report,) = db.session.scalars(select(Report))
    text, whole = seen(client, world, "ys.hill.manager", report.no)
    assert [(step["act"], step["by"]) for step in whole["events"]] == [
        ("submit", "12345"),
        ("remind", "12345"),
    ]
    assert NUMBER not in text
    link = client.application.test_client().get(f"/r/{report.no}?k={read_key(report.no)}")
    assert NUMBER not in link.get_data(as_text=True)
    text, _ = seen(client, world, "ys.bureau", report.no)
    assert NUMBER in text


def test_a_second_order_on_a_hotlines_report_is_not_told_to_the_company_either(client, world, now):
    bring(file_of(dirt(1, 联系电话=PHONE)), now)
    assert bring(file_of(dirt(2, 联系电话=PHONE)), now)[1].joined == 1
    db.session.commit()
    (report,) = db.session.scalars(select(Report))
    text, whole = seen(client, world, "ys.hill.manager", report.no)
    assert [step["act"] for step in whole["events"]] == ["submit"]
    assert "YS202600000002" not in text


def test_two_reports_that_the_bureau_joins_name_no_order_to_the_company(client, world, now):
    mine = filed(world, now - timedelta(days=7))
    bring(file_of(dirt(2, 联系电话=PHONE, 诉求类别="垃圾清运")), now)
    (asked,) = unsure_orders(COUNTY)
    say_same(COUNTY, asked.id, by=world.actor("ys.bureau"), now=now)
    later = now + timedelta(hours=1)
    bring(as_csv([[*HEADS], [dirt(2, 催办时间="2026-11-18 11:30").get(head, "") for head in HEADS]]), later)
    db.session.commit()
    text, whole = seen(client, world, "ys.hill.manager", mine.no)
    assert [step["act"] for step in whole["events"]] == ["submit", "merge"]
    assert "YS202600000002" not in text
    assert "12345" not in str(whole)
    other, _ = seen(client, world, "ys.hill.manager", asked.no)
    assert "YS202600000002" not in other


def test_what_older_histories_say_of_an_order_loses_its_number_too():
    assert MASKED.words(f"12345 工单 {NUMBER} 是同一件事") == "12345 是同一件事"
    assert TYPED.words(f"12345 工单 {NUMBER} 是同一件事") == f"12345 工单 {NUMBER} 是同一件事"


def test_of_a_callers_address_the_company_reads_the_building(client, world, now):
    bring(file_of(dirt(1, 地址=f"钱试验 {ADDRESS}")), now)
    db.session.commit()
    (report,) = db.session.scalars(select(Report))
    text, whole = seen(client, world, "ys.hill.manager", report.no)
    assert whole["where"]["text"] == "3号楼"
    assert "1703" not in text
    sent = pushed(world, "ys.hill.manager")
    assert sent
    assert not [one for one in sent if "1703" in one]
    text, whole = seen(client, world, "ys.bureau", report.no)
    assert "1703" in whole["where"]["text"]
    assert "钱试验" not in text
    desk = world.login(client.application.test_client(), "ys.bureau")
    assert "1703" not in desk.get("/b/ledger/print").get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (ADDRESS, "3号楼"),
        ("湖畔新城三号楼二单元五零一", "三号楼"),
        ("12号院3栋501", "12号院 3栋"),
        ("3#2-501", "3#"),
        ("3-2-501", ""),
        ("3-2-501#", ""),
        ("２单元５０１室", ""),
        ("五零一", ""),
        ("A座1501", "A座"),
        ("王女士家", ""),
        ("东户", ""),
        ("测试街道青山花园北门", "测试街道青山花园北门"),
        ("", ""),
    ],
)
def test_an_address_is_shown_as_far_as_its_building(address, shown):
    assert without_home(address) == shown


@pytest.mark.parametrize(
    ("head", "cell", "agreed"),
    [
        ("", "", False),
        ("是否同意接听电话", "是", True),
        ("是否同意接听电话", "同 意", False),
        ("同意接听电话", "同意", True),
        ("同意接听电话", "否", False),
        ("同意接听电话", "", False),
        ("是否接听电话", "是", False),
    ],
)
def test_nobody_is_rung_unless_the_table_says_that_he_agreed(world, now, head, cell, agreed):
    heads = [*HEADS, head] if head else HEADS
    cells = [*[dirt(1, 联系电话=PHONE).get(one, "") for one in HEADS], *([cell] if head else [])]
    bring(as_csv([heads, cells]), now)
    (report,) = db.session.scalars(select(Report))
    assert report.phone_sealed is not None
    assert report.contact_ok is agreed


def test_answers_go_back_without_the_numbers_that_somebody_wrote(world, now):
    bring(file_of(dirt(1)), now)
    (report,) = db.session.scalars(select(Report))
    answer(report, world, now, text="已打扫，和业主13911112222确认过")
    given = {"reason": "回传热线", "by": world.actor("ys.bureau"), "now": now}
    done = export_answers(COUNTY, form="xlsx", every=True, **given)
    rows = CalamineWorkbook.from_filelike(BytesIO(done.data)).get_sheet_by_index(0).to_python()
    row = dict(zip(*rows, strict=True))
    assert row["办理情况"] == "已打扫，和业主〔号码已隐去〕确认过"
    assert row["工单编号"] == NUMBER
