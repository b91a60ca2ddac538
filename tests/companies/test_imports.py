"""Estates out of tables: saved once, changed when the table changed, refused in words."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

import server.estates
from server.accounts.models import Body, BodyKind
from server.companies.imports import read_table, rehearse, save_rows
from server.companies.places import place_of_estate
from server.core.db import db
from server.core.errors import HouseError, Invalid
from server.estates.models import Building, Estate, PlaceChange, ScanCode
from tests.estates.tables import HEADS, as_csv, as_xlsx, line

SEED = Path(server.estates.__file__).parent / "seed"
YISHUI, SHANTING = "371323", "370406"


def rows(*lines, write=as_csv):
    return read_table(write([HEADS, *lines])).rows


def count(model, **where):
    return db.session.scalar(select(func.count()).select_from(model).filter_by(**where))


def estate(name):
    return db.session.scalar(select(Estate).where(Estate.name == name))


@pytest.fixture
def saved(app, now):
    def save(given, county=SHANTING):
        return save_rows(county, given, by=None, now=now)

    return save


@pytest.mark.parametrize(("seed", "county", "many"), [("shanting", SHANTING, 41), ("yishui", YISHUI, 8)])
def test_a_seed_is_saved_whole_and_a_second_time_changes_nothing(saved, seed, county, many):
    sheet = read_table((SEED / f"{seed}.csv").read_bytes())
    assert not sheet.faults
    first = saved(sheet.rows, county)
    assert (len(first.new), len(first.changed), len(first.unchanged)) == (many, 0, 0)
    tables = (Estate, Body, Building, ScanCode, PlaceChange)
    before = [count(table) for table in tables]
    second = saved(sheet.rows, county)
    assert (len(second.new), len(second.changed), len(second.unchanged)) == (0, 0, many)
    assert [count(table) for table in tables] == before
    assert count(ScanCode, revoked_at=None) == count(Estate) == many


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_every_column_of_a_row_arrives_where_residents_see_it(saved, write):
    full = line(
        类别="2",
        入驻物业管理企业名称="示例物业",
        物业管理性质="外聘物业公司",
        入驻时间="2019年10月",
        服务内容="保洁",
        物业负责人="负责人甲",
        联系电话="0632-0000001",
        备注="附件3",
        户数="860",
        建筑面积="92000.5",
        楼栋="1号楼(2单元),2-3号楼(2-3单元),4号楼",
    )
    saved(rows(full, write=write))
    found = estate("梅花园")
    assert (found.category, found.households, found.area_m2, found.remark) == ("2", 860, 92000, "附件3")
    place = place_of_estate(SHANTING, found.id)
    assert (place.township_name, place.community_name) == ("山城街道", "梅园社区")
    assert (place.company_name, place.manager_name, place.manager_phone) == (
        "示例物业",
        "负责人甲",
        "0632-0000001",
    )
    assert (place.services, place.managed_since.isoformat()) == ("保洁", "2019-10-01")
    buildings = db.session.execute(select(Building.name, Building.units).order_by(Building.rank)).all()
    assert [tuple(one) for one in buildings] == [("1号楼", 2), ("2号楼", 3), ("3号楼", 3), ("4号楼", 0)]


def test_a_changed_row_updates_and_an_empty_cell_leaves_what_stood_there(saved):
    saved(rows(line(户数="300", 备注="旧"), line("龙珠百合")))
    again = saved(rows(line(户数="320"), line("龙珠百合")))
    assert (again.new, again.changed, again.unchanged) == ((), ("梅园社区 梅花园",), ("梅园社区 龙珠百合",))
    assert (estate("梅花园").households, estate("梅花园").remark) == (320, "旧")


def test_another_company_in_the_table_takes_over_and_the_old_service_ends(saved):
    saved(rows(line(入驻物业管理企业名称="甲物业")))
    result = saved(rows(line(入驻物业管理企业名称="乙物业")))
    assert result.changed
    assert place_of_estate(SHANTING, estate("梅花园").id).company_name == "乙物业"
    assert saved(rows(line(物业负责人="负责人乙"))).changed
    place = place_of_estate(SHANTING, estate("梅花园").id)
    assert (place.company_name, place.manager_name) == ("乙物业", "负责人乙")


@pytest.mark.parametrize("own", [{"物业管理性质": "自主管理"}, {"物业负责人": "负责人丙"}])
def test_an_estate_that_manages_itself_is_its_own_firm(saved, own):
    saved(rows(line(**own), line("龙珠百合", **own)))
    names = {place_of_estate(SHANTING, estate(name).id).company_name for name in ("梅花园", "龙珠百合")}
    assert names == {"梅花园自主管理", "龙珠百合自主管理"}


def test_without_a_company_the_community_stands_in(saved):
    saved(rows(line()))
    place = place_of_estate(SHANTING, estate("梅花园").id)
    assert place.project_id is None
    assert place.handler_id == place.community_id


def test_the_longest_names_fit(saved):
    saved(rows(line("长" * 60, 入驻物业管理企业名称="企" * 100, 物业负责人="负" * 60, 服务内容="服" * 500)))
    body = db.session.scalar(select(Body).where(Body.kind == BodyKind.PROJECT))
    assert body.name == f"{'企' * 100}（{'长' * 60}）"


def test_a_rehearsal_counts_and_keeps_nothing(app, now):
    result = rehearse(SHANTING, rows(line(), line("龙珠百合")), now=now)
    assert len(result.new) == 2
    assert count(Estate) == count(Body) == count(PlaceChange) == 0


@pytest.mark.parametrize(
    ("since", "kept"),
    [("2019年10月", True), ("2019.5", True), ("2020-05-01", True), ("去年", False), ("2019年13月", False)],
)
def test_since_must_be_a_day_month_or_year(since, kept):
    sheet = read_table(as_csv([HEADS, line(入驻时间=since), line("龙珠百合")]))
    assert len(sheet.rows) == 1 + kept
    assert [fault.sentence for fault in sheet.faults] == (
        [] if kept else [f"第 2 行 入驻时间：应为年月，例如“2019年10月”，现为“{since}”"]
    )


def test_a_damaged_file_is_refused_as_a_whole():
    broken = as_xlsx([HEADS, line()])[:900]
    with pytest.raises(HouseError):
        read_table(broken)


def test_more_estates_than_a_page_can_wait_for_are_refused_with_the_limit():
    with pytest.raises(HouseError, match="最多导入 1000 个小区，这份表有 1001 个"):
        read_table(as_csv([HEADS, *(line(f"小区{number}") for number in range(1001))]))


def test_a_county_without_a_rule_book_is_refused(saved):
    with pytest.raises(Invalid, match="999999"):
        saved(rows(line()), "999999")


def test_changes_are_written_down_with_the_estate(saved):
    saved(rows(line()))
    acts = db.session.execute(select(PlaceChange.act, PlaceChange.estate_id).order_by(PlaceChange.id)).all()
    assert [tuple(one) for one in acts] == [("added", estate("梅花园").id), ("imported", None)]
