"""Saving the rows of the estates' table (山政办发〔2020〕9号 附件5); running it twice changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from server.accounts.bodies import ensure_bodies, ensure_place_body
from server.accounts.models import Body, BodyKind
from server.companies.models import Company
from server.companies.service import current_project, ensure_company, serve
from server.companies.since import NoDay, parse_since
from server.core.db import db
from server.core.errors import Invalid, TooLarge
from server.estates.building_lines import units_of
from server.estates.history import Did, note
from server.estates.import_columns import Column
from server.estates.import_rules import EstateRow, Fault
from server.estates.models import Building, Estate
from server.estates.service import ensure_estate, set_buildings
from server.estates.sheet import Sheet, read_estates
from server.policy.loader import books

SELF_MANAGED = "自主管理"
MOST = 1000
"""Estates of one file; a county has some hundreds, and a page should not keep anybody waiting."""


@dataclass(frozen=True)
class Imported:
    """What a file brought, each estate by community and name."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The result in words."""
        return (
            f"新增 {len(self.new)} 个小区，更新 {len(self.changed)} 个，没有变化 {len(self.unchanged)} 个。"
        )


def read_table(data: bytes, *, township: str = "") -> Sheet:
    """The rows of a file that can be saved, and every fault of the others. Raises Invalid or TooLarge for all of it."""
    sheet = read_estates(data, township=township)
    if len(sheet.rows) > MOST:
        raise TooLarge(f"一次最多导入 {MOST} 个小区，这份表有 {len(sheet.rows)} 个，请按镇街分成几份。")
    late = [fault for row in sheet.rows if (fault := _since_fault(row))]
    bad = {fault.row for fault in late}
    return replace(
        sheet,
        rows=tuple(row for row in sheet.rows if row.row not in bad),
        faults=tuple(sorted([*sheet.faults, *late], key=lambda fault: fault.row)),
    )


def _since_fault(row: EstateRow) -> Fault | None:
    try:
        parse_since(row.since)
    except NoDay as wrong:
        return Fault.at(row.row, Column.SINCE, str(wrong))
    return None


def save_rows(county_id: str, rows: Iterable[EstateRow], *, by: int | None, now: datetime) -> Imported:
    """Make or change the estates of a table; an empty cell leaves what stood there. Raises Invalid without a book."""
    if county_id not in books():
        raise Invalid(f"没有区划代码为 {county_id} 的规则书。", fields={"county": "区划代码不对"})
    bureau = ensure_bodies(books()[county_id], now=now)
    found: dict[Did | None, list[str]] = {Did.ADDED: [], Did.CHANGED: [], None: []}
    for row in rows:
        found[_save(bureau, row, by=by, now=now)].append(f"{row.community} {row.name}")
    result = Imported(tuple(found[Did.ADDED]), tuple(found[Did.CHANGED]), tuple(found[None]))
    if result.new or result.changed:
        note(county_id, Did.IMPORTED, result.sentence, by=by, now=now)
    return result


def rehearse(county_id: str, rows: Iterable[EstateRow], *, now: datetime) -> Imported:
    """What saving the rows would bring; nothing stays."""
    trial = db.session.begin_nested()
    try:
        return save_rows(county_id, rows, by=None, now=now)
    finally:
        trial.rollback()


def _save(bureau: Body, row: EstateRow, *, by: int | None, now: datetime) -> Did | None:
    """Save one estate; says whether it was added or changed, None for neither."""
    township = ensure_place_body(bureau, BodyKind.TOWNSHIP, row.township, now=now)
    community = ensure_place_body(township, BodyKind.COMMUNITY, row.community, now=now)
    known = db.session.scalar(
        select(Estate).where(Estate.community_id == community.id, Estate.name == row.name)
    )
    before = _picture(known) if known else None
    estate = ensure_estate(
        community,
        row.name,
        now=now,
        category=row.category or None,
        households=row.households,
        area_m2=round(row.area) if row.area is not None else None,
        remark=row.note or None,
    )
    if row.buildings:
        set_buildings(estate, [(one.name, units_of(one)) for one in row.buildings])
    _save_company(estate, row, now=now)
    if before == _picture(estate):
        return None
    did = Did.CHANGED if known else Did.ADDED
    note(estate.county_id, did, f"表格第 {row.row} 行", estate_id=estate.id, by=by, now=now)
    return did


def _save_company(estate: Estate, row: EstateRow, *, now: datetime) -> None:
    """The company in charge; people who manage their estate themselves are a firm of that one estate."""
    standing = current_project(estate.id)
    name = row.company
    if not name and ("自" in row.nature or (row.manager and standing is None)):
        name = f"{estate.name}{SELF_MANAGED}"
    if not name and standing is None:
        return
    company = (
        ensure_company(estate.county_id, name, now=now)
        if name or standing is None
        else db.session.get_one(Company, standing.company_id)
    )
    serve(
        estate,
        company,
        now=now,
        nature=row.nature or None,
        services=row.service or None,
        manager_name=row.manager or None,
        manager_phone=row.phone or None,
        since_on=parse_since(row.since),
    )


def _picture(estate: Estate) -> tuple[Any, ...]:
    """Everything that a row can change, for telling whether it did."""
    db.session.flush()
    buildings = db.session.execute(
        select(Building.name, Building.units).where(Building.estate_id == estate.id).order_by(Building.rank)
    )
    project = current_project(estate.id)
    served = project and (
        project.company_id,
        project.nature,
        project.services,
        project.manager_name,
        project.manager_phone,
        project.since_on,
    )
    return (
        estate.category,
        estate.households,
        estate.area_m2,
        estate.remark,
        tuple(map(tuple, buildings)),
        served,
    )
