"""Changes to places as the bureau makes them, each written down."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from server.core import audit
from server.core.db import db
from server.core.errors import Invalid, NotFound
from server.estates.codes import printed
from server.estates.history import Did, note
from server.estates.models import Building, Estate, ScanCode, Spot
from server.estates.service import (
    add_spot,
    reissue,
    revoke_code,
    set_buildings,
    set_emergency_numbers,
)


class SpotKind(StrEnum):
    """What sort of place inside an estate carries a code of its own."""

    LIFT = "lift"
    GATE = "gate"
    PUMP_ROOM = "pump_room"
    CHARGING = "charging"
    OTHER = "other"


SPOT_WORDS = {
    SpotKind.LIFT: "电梯",
    SpotKind.GATE: "大门",
    SpotKind.PUMP_ROOM: "水泵房",
    SpotKind.CHARGING: "充电棚",
    SpotKind.OTHER: "其他",
}


def edit_buildings(
    estate: Estate, buildings: list[tuple[str, int]], *, by: int | None, now: datetime
) -> list[str]:
    """Replace the list of buildings; gives the names that stay because a spot hangs there."""
    set_buildings(estate, buildings)
    wanted = {name for name, _ in buildings}
    stayed = db.session.scalars(
        select(Building.name).where(Building.estate_id == estate.id, Building.name.not_in(wanted))
    )
    note(estate.county_id, Did.BUILDINGS, f"共 {len(buildings)} 栋", estate_id=estate.id, by=by, now=now)
    return list(stayed)


def edit_numbers(
    estate: Estate, numbers: Sequence[tuple[str, str, str]], *, by: int | None, now: datetime
) -> None:
    """Replace the emergency numbers (kind, label, phone)."""
    set_emergency_numbers(estate, list(numbers), now=now)
    words = "、".join(f"{label} {phone}" for _, label, phone in numbers) or "清空"
    note(estate.county_id, Did.NUMBERS, words, estate_id=estate.id, by=by, now=now)


def open_spot(
    estate: Estate, *, kind: str, name: str, building_id: int | None, by: int | None, now: datetime
) -> Spot:
    """A spot with its code. Raises Invalid for an unknown kind, another estate's building, or a name in use."""
    if kind not in set(SpotKind):
        raise Invalid("请选择点位种类。", fields={"kind": "请选择点位种类"})
    if building_id is not None:
        home = db.session.scalar(select(Building.estate_id).where(Building.id == building_id))
        if home != estate.id:
            raise Invalid("没有找到这栋楼。", fields={"building": "请从列表里选择楼栋"})
    taken = select(Spot.id).where(
        Spot.estate_id == estate.id,
        Spot.name == name,
        Spot.building_id.is_not_distinct_from(building_id),
        Spot.closed_at.is_(None),
    )
    if db.session.scalar(taken):
        raise Invalid("这里已经有同名的点位。", fields={"spot": "同名点位已存在，请换个名称"})
    spot = add_spot(estate, kind=kind, name=name, building_id=building_id, now=now)
    note(estate.county_id, Did.SPOT_ADDED, name, estate_id=estate.id, by=by, now=now)
    return spot


def close_spot(estate: Estate, spot_id: int, *, by: int | None, now: datetime) -> None:
    """A spot is no more: its codes stop at once, its reports stay."""
    spot = spot_of(estate, spot_id)
    spot.closed_at = now
    db.session.execute(
        update(ScanCode)
        .where(ScanCode.spot_id == spot.id, ScanCode.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    note(estate.county_id, Did.SPOT_CLOSED, spot.name, estate_id=estate.id, by=by, now=now)
    _answer_for("code.revoke", estate, {"spot": spot.name}, by=by, now=now)


def spot_of(estate: Estate, spot_id: int) -> Spot:
    """An open spot of this estate. Raises NotFound for any other."""
    spot = db.session.get(Spot, spot_id)
    if spot is None or spot.estate_id != estate.id or spot.closed_at is not None:
        raise NotFound("没有找到这个点位。")
    return spot


def renew_code(estate: Estate, spot: Spot | None, *, by: int | None, now: datetime) -> ScanCode:
    """A new code for the estate or a spot; every older one of the place stops at once."""
    code = reissue(estate, spot=spot, now=now)
    where = spot.name if spot else "小区"
    detail = f"{where}：新码 {printed(code.code)}"
    note(estate.county_id, Did.CODE_RENEWED, detail, estate_id=estate.id, by=by, now=now)
    _answer_for("code.reissue", estate, {"spot": where, "code": printed(code.code)}, by=by, now=now)
    return code


def stop_code(estate: Estate, code: str, *, by: int | None, now: datetime) -> None:
    """One code of this estate stops at once, for good. Raises NotFound for any other."""
    home = db.session.scalar(select(ScanCode.estate_id).where(ScanCode.code == code))
    if home != estate.id:
        raise NotFound("没有找到这个码，或它已经停用。")
    revoke_code(estate.county_id, code, now=now)
    note(estate.county_id, Did.CODE_STOPPED, printed(code), estate_id=estate.id, by=by, now=now)
    _answer_for("code.revoke", estate, {"code": printed(code)}, by=by, now=now)


def _answer_for(act: str, estate: Estate, facts: dict[str, str], *, by: int | None, now: datetime) -> None:
    audit.record(estate.county_id, act, person_id=by, about=f"estate:{estate.id}", facts=facts, now=now)
