"""12345 and the product hold one ledger: one matter is one report, urging is passed on, answers go back, goals add up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from server.accounts.roles import Actor
from server.core import clock
from server.core.audit import Audit
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Invalid, NotFound, TooMany
from server.core.tokens import fingerprint
from server.estates.workbook import read_tables
from server.interop.hotline import gauge
from server.interop.hotline.answers import export_answers, waiting_answers
from server.interop.hotline.memory import explain_estate, explain_kind
from server.interop.hotline.models import HotlineOrder
from server.interop.hotline.unsure import say_same, say_two, unsure_orders
from server.notices.models import Push
from server.photos.service import keep_photo
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.exporting import A_DAY
from server.reports.filing import Filing, file_report
from server.reports.models import Event, Report
from server.reports.workflow import Act
from tests.estates.tables import as_csv, as_xls
from tests.interop.damages import COUNTY, HEADS, order
from tests.interop.test_taking import bring
from tests.photos.pictures import encoded, flag

RESIDENT = Actor(device_hash=fingerprint("a-resident"))
DIRT = {"诉求类别": "环境卫生", "诉求内容": "楼道很脏，请处理", "标题": "卫生", "小区": "青山花园小区"}


def file_of(*orders, encoding="gb18030"):
    rows = [[cells.get(head, "") for head in HEADS] for cells in orders]
    return as_csv([HEADS, *rows], encoding)


def dirt(i=1, **own):
    return order(i) | DIRT | own


def filed(world, now, kind="clean.cleaning", phone="13900000001"):
    place = world.place("ys.hill")
    done = file_report(
        place, Filing(kind=kind, text="楼道很脏", phone=phone), key=f"{kind}{phone}", by=RESIDENT, now=now
    )
    return db.session.get_one(Report, done.report_id)


def answer(report, world, now, text="已打扫干净"):
    manager = world.actor("ys.hill.manager")
    act_on(report, Act.ACCEPT, Deed(version=report.version), by=manager, now=now)
    photo = keep_photo(encoded(flag((640, 480 + report.id % 100))), now=now)[0].id
    deed = Deed(version=report.version, text=text, outcome="solved", photos=(photo,))
    act_on(report, Act.RESOLVE, deed, by=manager, now=now)


def events(report):
    query = (
        select(Event.act, Event.by_label, Event.text).where(Event.report_id == report.id).order_by(Event.id)
    )
    return [tuple(row) for row in db.session.execute(query)]


def test_an_order_is_a_report_with_its_own_time_and_the_stricter_deadline(world, now):
    soon, late = "2026-11-18 12:00", "2027-01-30 12:00"
    bring(file_of(dirt(1, 办结时限=soon, 联系电话="13900000001（赵测试）"), dirt(2, 办结时限=late)), now)
    first, second = db.session.scalars(select(Report).order_by(Report.id))
    assert first.submitted_at == datetime(2026, 11, 12, 1, 59, tzinfo=UTC)
    assert (first.source, first.state, first.kind) == ("hotline", "submitted", "clean.cleaning")
    assert first.resolve_due_at == datetime(2026, 11, 18, 4, tzinfo=UTC)
    assert second.resolve_due_at < datetime(2026, 11, 30, tzinfo=UTC)
    assert first.handler_id == world.bodies["ys.hill"].id
    assert vault().open(first.phone_sealed) == "13900000001"
    assert "13900000001" not in str(first.text) + str(events(first))
    assert events(first)[0][:2] == ("submit", "12345 工单 YS202600000001")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_resident_who_used_both_has_one_report(world, now, encoding):
    mine = filed(world, now - timedelta(days=5))
    before = mine.resolve_due_at
    due = f"{clock.local(now + timedelta(hours=3)):%Y-%m-%d %H:%M}"
    pushes = db.session.scalar(select(func.count()).select_from(Push))
    _, taken = bring(file_of(dirt(1, 联系电话="139-0000-0001", 办结时限=due), encoding=encoding), now)
    assert (taken.new, taken.joined) == (0, 1)
    assert db.session.scalars(select(Report.id)).all() == [mine.id]
    db.session.refresh(mine)
    assert mine.resolve_due_at == now + timedelta(hours=3) < before
    assert events(mine)[-1][:2] == ("remind", "12345 工单 YS202600000001")
    assert db.session.scalar(select(func.count()).select_from(Push)) > pushes
    assert db.session.scalars(select(HotlineOrder)).one().report_id == mine.id


def test_where_it_is_not_sure_the_bureau_says_whether_it_is_one_matter(world, now):
    mine = filed(world, now - timedelta(days=7))
    _, taken = bring(file_of(dirt(5), dirt(2, 联系电话="13900000001", 诉求类别="垃圾清运")), now)
    assert (taken.new, taken.unsure) == (2, 1)
    (asked,) = unsure_orders(COUNTY)
    assert asked.other_no == mine.no
    with pytest.raises(NotFound):
        say_two("370406", asked.id)
    say_same(COUNTY, asked.id, by=world.actor("ys.bureau"), now=now)
    first = db.session.scalar(select(HotlineOrder).where(HotlineOrder.id == asked.id))
    assert (first.report_id, first.joined) == (mine.id, True)
    assert unsure_orders(COUNTY) == []
    with pytest.raises(NotFound):
        say_two(COUNTY, asked.id)


def test_urging_is_told_once_and_again_only_when_it_is_new(world, now):
    bring(file_of(dirt(1)), now)
    (report,) = db.session.scalars(select(Report))
    urged = dirt(1, 催办时间="2026-11-17 09:00")
    heads = [*HEADS, "督办时间"]
    rows = [
        [cells.get(head, "") for head in heads] for cells in (urged, dirt(1, 督办时间="2026-11-17 15:00"))
    ]
    table = as_csv([heads, *rows])
    assert bring(table, now)[1].urged == 2
    assert bring(table, now)[1].urged == 0
    assert [act for act, _, _ in events(report)] == ["submit", "remind", "supervise"]
    assert "督办（11月17日 15:00）" in events(report)[-1][2]
    told = set(db.session.scalars(select(Push.purpose).where(Push.report_id == report.id)))
    assert {"remind", "supervise"} <= told


def test_names_that_the_bureau_explains_are_known_from_then_on(world, now):
    odd = dirt(1, 小区="老纺织厂家属院", 诉求类别="其它杂项", 诉求内容="说不清", 标题="不知道", 地址="")
    reading, taken = bring(file_of(odd), now)
    assert (taken.new, reading.sheet.bad) == (0, 1)
    assert list(reading.sheet.unknown_estates) == ["老纺织厂家属院"]
    assert list(reading.sheet.unknown_kinds) == ["其它杂项"]
    estate = world.estates["ys.lake"].id
    explain_estate(COUNTY, "老纺织厂家属院", estate, by=None, now=now)
    explain_kind(COUNTY, "其它杂项", "clean.waste", by=None, now=now)
    explain_kind(COUNTY, "其它杂项", "clean.cleaning", by=None, now=now)
    assert bring(file_of(odd), now)[1].new == 1
    assert db.session.execute(select(Report.estate_id, Report.kind)).one() == (estate, "clean.cleaning")


def test_answers_go_back_in_the_hotlines_columns_and_only_once(world, now):
    bring(as_xls([HEADS, *[[dirt(i).get(head, "") for head in HEADS] for i in (1, 2)]]), now)
    first, second = db.session.scalars(select(Report).order_by(Report.id))
    answer(first, world, now, text="=1+1 已打扫干净")
    bureau = world.actor("ys.bureau")
    with pytest.raises(Invalid):
        export_answers(COUNTY, form="csv", every=False, reason="", by=bureau, now=now)
    assert waiting_answers(COUNTY) == 1
    later = now + timedelta(minutes=5)
    given = {"reason": "回传热线", "by": bureau, "now": later}
    done = export_answers(COUNTY, form="csv", every=False, **given)
    lines = done.data.decode("utf-8-sig").splitlines()
    assert (done.rows, len(lines)) == (1, 2)
    assert lines[0].startswith('"工单编号","受理时间"')
    assert '"YS202600000001"' in lines[1]
    assert '"\'=1+1 已打扫干净"' in lines[1]
    assert first.no in lines[1]
    assert "139000" not in lines[1]
    assert export_answers(COUNTY, form="csv", every=False, **given).rows == 0
    answer(second, world, later + timedelta(hours=1))
    sheet = export_answers(COUNTY, form="xlsx", every=True, **given)
    assert sheet.rows == 2
    assert {row[5] for row in read_tables(sheet.data)[0][1:]} == {"=1+1 已打扫干净", "已打扫干净"}
    assert db.session.scalar(select(func.count()).where(Audit.act == "hotline.export")) == 3
    for _ in range(A_DAY - 3):
        export_answers(COUNTY, form="csv", every=True, **given)
    with pytest.raises(TooMany):
        export_answers(COUNTY, form="csv", every=True, **given)


def test_old_orders_count_and_do_nothing_else(world, now):
    old = [dirt(i, 受理时间=f"2025-03-{i:02d} 09:00", 办结时限="") for i in range(1, 11)]
    _, taken = bring(file_of(*old), now, history=True)
    assert taken.new == 10
    assert bring(file_of(*old), now, history=True)[1].known == 10
    for model in (Report, Push):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    bring(file_of(*[dirt(i) for i in range(20, 26)]), now)
    solved = filed(world, now - timedelta(days=9), kind="clean.waste", phone="13812345678")
    answer(solved, world, now - timedelta(days=8))
    act_on(solved, Act.CONFIRM, Deed(version=solved.version), by=RESIDENT, now=now - timedelta(days=7))
    county, town = gauge.gauges(COUNTY, now=now)
    assert (county.gauge.this, county.gauge.last, county.gauge.met) == (6, 10, True)
    assert (town.name, town.gauge.percent, county.solved_before, town.solved_before) == ("测试街道", 60, 1, 1)
    given = {"by": None, "now": now, "source": "12345 月报"}
    gauge.type_month(COUNTY, None, year=2025, month=3, count=3, **given)
    gauge.type_month(COUNTY, None, year=2025, month=3, count=8, **given)
    county, town = gauge.gauges(COUNTY, now=now)
    assert (county.gauge.last, county.gauge.met, town.gauge.last, county.typed) == (8, False, 10, (3,))
    assert [row.count for row in gauge.months(COUNTY)] == [8]
    for wrong in ({"year": 2026, "month": 3}, {"year": 2025, "month": 13}):
        with pytest.raises(Invalid):
            gauge.type_month(COUNTY, None, count=1, **wrong, **given)
    assert gauge.gauges("370406", now=now) == []
