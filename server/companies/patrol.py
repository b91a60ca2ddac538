"""Looking after hung codes: which hang where, when they were last seen, what was wrong (threats B1 to B4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from server.accounts.roles import Actor
from server.core import paging
from server.core.db import db
from server.core.errors import Invalid, NotFound
from server.core.text import taken
from server.estates.checks import CodeCheck, Found, Look
from server.estates.codes import normalise
from server.estates.models import Building, Estate, ScanCode, Spot
from server.estates.sight import visible_estates
from server.photos.service import keep_for_check

TEXT_MOST, WHERE_MOST = 80, 80
NEEDS_PHOTO = frozenset(Found) - {Found.MISSING, Found.REMOVED}
LAST = (
    select(CodeCheck.found, CodeCheck.at)
    .where(CodeCheck.code_id == ScanCode.id)
    .order_by(CodeCheck.id.desc())
    .limit(1)
    .lateral()
)
SEEN = func.coalesce(LAST.c.at, ScanCode.issued_at)
"""A code that nobody has looked at yet counts from its printing."""


@dataclass(frozen=True)
class Standing:
    """What a typed or scanned code is to whoever is on patrol."""

    text: str
    code_id: int | None = None
    estate_id: int | None = None
    estate: str = ""
    spot: str = ""
    revoked: bool = False

    @property
    def ours(self) -> bool:
        """Whether it is a working code of the area."""
        return self.code_id is not None and not self.revoked


def hung_codes(actor: Actor, *, after: str | None, limit: int) -> paging.Page[Any]:
    """The working codes of the area, the one unseen for longest first."""
    query = (
        select(
            ScanCode.id,
            ScanCode.code,
            Estate.name.label("estate"),
            Spot.name.label("spot"),
            Building.name.label("building"),
            LAST.c.found,
            LAST.c.at,
            SEEN.label("seen_at"),
        )
        .join(Estate, Estate.id == ScanCode.estate_id)
        .outerjoin(Spot, Spot.id == ScanCode.spot_id)
        .outerjoin(Building, Building.id == Spot.building_id)
        .outerjoin(LAST, true())
        .where(visible_estates(actor), ScanCode.revoked_at.is_(None))
        .order_by(SEEN, ScanCode.id)
    )
    cursor = paging.decode(after, (datetime.fromisoformat, int))
    if cursor:
        query = query.where(tuple_(SEEN, ScanCode.id) > cursor)
    rows = list(db.session.execute(query.limit(limit + 1)))
    return paging.page(rows, limit=limit, key=lambda row: (row.seen_at, row.id))


def overdue_count(actor: Actor, *, days: int, now: datetime) -> int:
    """How many codes of the area nobody has looked at for so many days."""
    query = (
        select(func.count())
        .select_from(ScanCode)
        .join(Estate, Estate.id == ScanCode.estate_id)
        .outerjoin(LAST, true())
        .where(visible_estates(actor), ScanCode.revoked_at.is_(None), now - timedelta(days=days) > SEEN)
    )
    return int(db.session.scalar(query) or 0)


def standing(actor: Actor, text: str) -> Standing:
    """What the text on a wall is: a working code here, a revoked one, or (also another area's) none of ours."""
    code = normalise(text)
    row = None
    if code:
        row = db.session.execute(
            select(ScanCode.id, ScanCode.estate_id, ScanCode.revoked_at, Estate.name, Spot.name.label("spot"))
            .join(Estate, Estate.id == ScanCode.estate_id)
            .outerjoin(Spot, Spot.id == ScanCode.spot_id)
            .where(visible_estates(actor), ScanCode.code == code)
        ).one_or_none()
    if row is None:
        return Standing(text.strip())
    gone = row.revoked_at is not None
    return Standing(code or "", row.id, row.estate_id, row.name, row.spot or "", revoked=gone)


def check_code(actor: Actor, text: str, look: Look, *, estate_id: int | None, now: datetime) -> CodeCheck:
    """Write down how a code was found. Raises Invalid with the field, NotFound for an estate out of sight."""
    what = standing(actor, taken(text, field="code", most=TEXT_MOST))
    where_text = taken(look.where, field="where", most=WHERE_MOST)
    faults = _faults(what, look, estate_id)
    if faults:
        raise Invalid("；".join(faults.values()), fields=faults)
    where = what.estate_id if what.ours else estate_id
    county = db.session.scalar(select(Estate.county_id).where(visible_estates(actor), Estate.id == where))
    if county is None or where is None:
        raise NotFound("没有找到这个小区。")
    if look.photo_id:
        keep_for_check(look.photo_id, county)
    row = CodeCheck(
        county_id=county,
        at=now,
        by_person_id=actor.person_id or 0,
        code_id=what.code_id if what.ours else None,
        text=what.text,
        estate_id=where,
        found=look.found,
        where_text=where_text,
        photo_id=look.photo_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _faults(what: Standing, look: Look, estate_id: int | None) -> dict[str, str]:
    faults = {}
    if not what.text:
        faults["code"] = "请填写码下面的编号；没有编号的写上它打开的网址或“无编号”。"
    if what.ours == (look.found in {Found.FAKE, Found.REMOVED}):
        faults["found"] = "这是有效的码，请选它的情况。" if what.ours else "这不是有效的码，只能登记为假码。"
    if not what.ours and not estate_id:
        faults["estate"] = "请选择在哪个小区发现的。"
    if not what.ours and look.found is Found.FAKE and not look.where:
        faults["where"] = "请写明贴在什么位置。"
    if look.found in NEEDS_PHOTO and not look.photo_id:
        faults["photos"] = "请拍一张现场照片。"
    return faults


def open_faults(actor: Actor, *, after: str | None, limit: int) -> paging.Page[Any]:
    """What was last found wrong and is not put right yet, the newest first."""
    later = aliased(CodeCheck)
    same = or_(
        later.code_id == CodeCheck.code_id,
        and_(
            CodeCheck.code_id.is_(None),
            later.code_id.is_(None),
            later.text == CodeCheck.text,
            later.estate_id == CodeCheck.estate_id,
        ),
    )
    query = (
        select(
            CodeCheck.id,
            CodeCheck.at,
            CodeCheck.text,
            CodeCheck.found,
            CodeCheck.where_text,
            CodeCheck.photo_id,
            CodeCheck.estate_id,
            Estate.name.label("estate"),
            Spot.name.label("spot"),
        )
        .join(Estate, Estate.id == CodeCheck.estate_id)
        .outerjoin(ScanCode, ScanCode.id == CodeCheck.code_id)
        .outerjoin(Spot, Spot.id == ScanCode.spot_id)
        .where(
            visible_estates(actor),
            CodeCheck.found.not_in((Found.RIGHT, Found.REMOVED)),
            ScanCode.revoked_at.is_(None),
            ~select(later.id).where(later.id > CodeCheck.id, same).exists(),
        )
        .order_by(CodeCheck.id.desc())
    )
    cursor = paging.decode(after, (int,))
    if cursor:
        query = query.where(CodeCheck.id < cursor[0])
    rows = list(db.session.execute(query.limit(limit + 1)))
    return paging.page(rows, limit=limit, key=lambda row: (row.id,))


def clear_fake(actor: Actor, check_id: int, *, now: datetime) -> None:
    """A forged sticker was taken off the wall. Raises NotFound for what is no fake in the area."""
    row = db.session.scalar(
        select(CodeCheck)
        .join(Estate, Estate.id == CodeCheck.estate_id)
        .where(visible_estates(actor), CodeCheck.id == check_id, CodeCheck.found == Found.FAKE)
    )
    if row is None:
        raise NotFound("没有找到这条记录。")
    check_code(actor, row.text, Look(Found.REMOVED), estate_id=row.estate_id, now=now)
