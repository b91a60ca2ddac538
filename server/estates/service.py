"""Places are made, changed and given codes here."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from server.accounts.models import Body, BodyKind
from server.core.db import db
from server.core.errors import Conflict, Invalid, NotFound
from server.estates.codes import new_code
from server.estates.models import Building, EmergencyNumber, Estate, ScanCode, Spot

EDITABLE = frozenset(
    {"name", "category", "households", "area_m2", "remark", "has_committee"}
    | {"stand_kind", "stand_name", "stand_phone"}
)


def ensure_estate(community: Body, name: str, *, now: datetime, **details: Any) -> Estate:
    """An estate of a community with its code; details that are given replace what stood there."""
    if community.kind != BodyKind.COMMUNITY:
        raise Invalid("小区要放在社区下面。")
    found = db.session.scalar(select(Estate).where(Estate.community_id == community.id, Estate.name == name))
    if found is None:
        found = Estate(county_id=community.county_id, community_id=community.id, name=name, created_at=now)
        db.session.add(found)
        db.session.flush()
        issue_code(found, now=now)
    change_estate(found, **{key: value for key, value in details.items() if value is not None})
    return found


def change_estate(estate: Estate, **details: Any) -> None:
    """Change facts of an estate. Raises Conflict when the community has another estate of that name."""
    name = details.get("name")
    if name and name != estate.name:
        taken = select(Estate.id).where(Estate.community_id == estate.community_id, Estate.name == name)
        if db.session.scalar(taken):
            raise Conflict("这个社区已经有同名的小区。", fields={"name": "同名小区已存在"})
    for key in details.keys() & EDITABLE:
        setattr(estate, key, details[key])


def estate_in(county_id: str, estate_id: int) -> Estate:
    """An estate of this county. Raises NotFound for any other."""
    found = db.session.get(Estate, estate_id)
    if found is None or found.county_id != county_id:
        raise NotFound("没有找到这个小区。")
    return found


def set_buildings(estate: Estate, buildings: list[tuple[str, int]]) -> None:
    """Replace the list of buildings (name, units); a building with a spot stays."""
    kept = set(db.session.scalars(select(Spot.building_id).where(Spot.estate_id == estate.id)))
    known = {b.name: b for b in db.session.scalars(select(Building).where(Building.estate_id == estate.id))}
    for rank, (name, units) in enumerate(buildings):
        if name in known:
            known[name].units, known[name].rank = units, rank
            continue
        db.session.add(
            Building(county_id=estate.county_id, estate_id=estate.id, name=name, units=units, rank=rank)
        )
    gone = [b.id for name, b in known.items() if name not in dict(buildings) and b.id not in kept]
    if gone:
        db.session.execute(delete(Building).where(Building.id.in_(gone)))
    db.session.flush()


def set_emergency_numbers(estate: Estate, numbers: list[tuple[str, str, str]], *, now: datetime) -> None:
    """Replace the estate's own numbers (kind, label, phone); they count as confirmed today."""
    db.session.execute(delete(EmergencyNumber).where(EmergencyNumber.estate_id == estate.id))
    for rank, (kind, label, phone) in enumerate(numbers):
        db.session.add(
            EmergencyNumber(
                county_id=estate.county_id,
                estate_id=estate.id,
                kind=kind,
                label=label,
                phone=phone,
                rank=rank,
                confirmed_on=now.date(),
            )
        )
    db.session.flush()


def add_spot(estate: Estate, *, kind: str, name: str, building_id: int | None = None, now: datetime) -> Spot:
    """A spot with a code of its own."""
    spot = Spot(
        county_id=estate.county_id,
        estate_id=estate.id,
        kind=kind,
        name=name,
        building_id=building_id,
        created_at=now,
    )
    db.session.add(spot)
    db.session.flush()
    issue_code(estate, spot=spot, now=now)
    return spot


def issue_code(estate: Estate, *, spot: Spot | None = None, now: datetime) -> ScanCode:
    """A new code; codes given before go on working until they are revoked."""
    code = ScanCode(
        county_id=estate.county_id,
        code=new_code(secrets.token_bytes),
        estate_id=estate.id,
        spot_id=spot.id if spot else None,
        issued_at=now,
    )
    db.session.add(code)
    db.session.flush()
    return code


def revoke_code(county_id: str, code: str, *, now: datetime) -> None:
    """A code stops working at once, for good. Raises NotFound for a code of another county."""
    done = db.session.execute(
        update(ScanCode)
        .where(ScanCode.county_id == county_id, ScanCode.code == code, ScanCode.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ScanCode.id)
    ).first()
    if done is None:
        raise NotFound("没有找到这个码，或它已经停用。")


def reissue(estate: Estate, *, spot: Spot | None = None, now: datetime) -> ScanCode:
    """Revoke every code of the place and give it a new one; old prints say that they are void."""
    same_spot = ScanCode.spot_id.is_(None) if spot is None else ScanCode.spot_id == spot.id
    db.session.execute(
        update(ScanCode)
        .where(ScanCode.estate_id == estate.id, same_spot, ScanCode.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return issue_code(estate, spot=spot, now=now)
