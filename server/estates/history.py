"""What was done to places, by whom and when; written beside every change."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from server.accounts.models import Person
from server.core.db import db
from server.estates.models import PlaceChange

SHOWN = 20


class Did(StrEnum):
    """What can be done to a place."""

    ADDED = "added"
    CHANGED = "changed"
    BUILDINGS = "buildings"
    COMPANY = "company"
    NUMBERS = "numbers"
    SPOT_ADDED = "spot_added"
    SPOT_CLOSED = "spot_closed"
    CODE_RENEWED = "code_renewed"
    CODE_STOPPED = "code_stopped"
    IMPORTED = "imported"


WORDS = {
    Did.ADDED: "新增小区",
    Did.CHANGED: "修改小区资料",
    Did.BUILDINGS: "修改楼栋",
    Did.COMPANY: "修改物业",
    Did.NUMBERS: "修改应急电话",
    Did.SPOT_ADDED: "新增点位",
    Did.SPOT_CLOSED: "停用点位",
    Did.CODE_RENEWED: "换发二维码",
    Did.CODE_STOPPED: "停用二维码",
    Did.IMPORTED: "表格导入",
}


def note(
    county_id: str, did: Did, detail: str, *, estate_id: int | None = None, by: int | None, now: datetime
) -> None:
    """Write down a change; `estate_id` is empty where it concerns many."""
    db.session.add(
        PlaceChange(
            county_id=county_id, at=now, by_person_id=by, act=did, estate_id=estate_id, detail=detail[:400]
        )
    )


def changes_of(estate_id: int, *, most: int = SHOWN) -> Sequence[Row[*tuple[Any, ...]]]:
    """The latest changes of an estate: at, act, detail, and who did it; one statement."""
    return db.session.execute(
        select(PlaceChange.at, PlaceChange.act, PlaceChange.detail, Person.name)
        .outerjoin(Person, Person.id == PlaceChange.by_person_id)
        .where(PlaceChange.estate_id == estate_id)
        .order_by(PlaceChange.id.desc())
        .limit(most)
    ).all()
