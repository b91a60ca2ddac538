"""The places of the demonstration: both seed tables, numbers to call, buildings, spots."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

import server.estates
from server.accounts.models import Body
from server.cli.demo.cast import MENGCHENG, QITAI, SHANTING, YISHUI, body_named
from server.companies.imports import read_table, save_rows
from server.core.db import db
from server.estates.editing import SpotKind, edit_numbers, open_spot
from server.estates.models import Building, EmergencyNumber, Estate, Spot

SEED = Path(server.estates.__file__).parent / "seed"
TABLES = (
    (YISHUI, "yishui.csv"),
    (SHANTING, "shanting.csv"),
    (MENGCHENG, "mengcheng.csv"),
    (QITAI, "qitai.csv"),
)
PHONES = {
    (YISHUI, "housing"): "0539-0000100",
    (YISHUI, "沂城街道"): "0539-0000101",
    (YISHUI, "龙家圈街道"): "0539-0000102",
    (YISHUI, "示范一社区"): "0539-0000111",
    (YISHUI, "示范二社区"): "0539-0000112",
    (SHANTING, "housing"): "0632-0000100",
    (SHANTING, "山城街道"): "0632-0000101",
    (MENGCHENG, "housing"): "0558-0000100",
    (QITAI, "housing"): "0994-0000100",
}
NUMBERS = (
    ("lift_firm", "电梯维保单位", "0539-0000201"),
    ("gas", "燃气抢修", "0539-0000202"),
    ("heat", "供暖服务", "0539-0000203"),
)
SPOTS = (
    ("东皋新城", SpotKind.LIFT, "2单元电梯", "3号楼"),
    ("沂水源花园", SpotKind.GATE, "南门", None),
    ("沂水源花园", SpotKind.LIFT, "1单元电梯", "12号楼"),
)


def ensure_places(*, now: datetime) -> None:
    """Estates, office numbers, emergency numbers and spots are there; nothing is done twice."""
    for county, name in TABLES:
        save_rows(county, read_table((SEED / name).read_bytes()).rows, by=None, now=now)
    for (county, named), phone in PHONES.items():
        body: Body = body_named(county, named)
        body.phone = body.phone or phone
    for estate in db.session.scalars(select(Estate).where(Estate.county_id == YISHUI).order_by(Estate.id)):
        numbered = select(EmergencyNumber.id).where(EmergencyNumber.estate_id == estate.id)
        if not db.session.scalar(numbered.limit(1)):
            edit_numbers(estate, NUMBERS, by=None, now=now)
    for named, kind, spot, building in SPOTS:
        _ensure_spot(estate_named(YISHUI, named), kind, spot, building, now=now)


def estate_named(county: str, name: str) -> Estate:
    """An estate of the demonstration."""
    return db.session.scalars(select(Estate).where(Estate.county_id == county, Estate.name == name)).one()


def _ensure_spot(estate: Estate, kind: SpotKind, name: str, building: str | None, *, now: datetime) -> None:
    known = select(Spot.id).where(Spot.estate_id == estate.id, Spot.name == name)
    if db.session.scalar(known):
        return
    where = select(Building.id).where(Building.estate_id == estate.id, Building.name == building)
    open_spot(
        estate,
        kind=kind,
        name=name,
        building_id=db.session.scalar(where) if building else None,
        by=None,
        now=now,
    )
