"""Flags on reports: raised by the worker, shown to the bureau alone, dismissed with a reason; never edited."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, aliased, mapped_column

from server.accounts.roles import Actor, Role
from server.core import audit, paging
from server.core.db import Base, Row, db
from server.core.errors import Conflict, Invalid, NotFound
from server.core.masks import mask_numbers
from server.core.text import taken
from server.estates.models import Estate
from server.reports.fairness import LISTED, Flag
from server.reports.models import Report


class ReportFlag(Base, Row):
    """One flag on one report, or with `dismisses` the bureau's decision that it means nothing."""

    __tablename__ = "report_flag"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    flag: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    dismisses: Mapped[int | None] = mapped_column(ForeignKey("report_flag.id"), unique=True)
    by_person_id: Mapped[int | None] = mapped_column(BigInteger)
    """Who dismissed it."""
    __table_args__ = (
        Index("uq_report_flag", "report_id", "flag", unique=True, postgresql_where=text("dismisses IS NULL")),
        Index("ix_report_flag_county", "county_id", "id"),
    )


WHY_MOST = 200
RAISE = text("""
INSERT INTO report_flag (county_id, report_id, flag, why, at)
SELECT f.county, f.report, f.flag, f.why, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS f(county text, report bigint, flag text, why text)
ON CONFLICT DO NOTHING RETURNING id
""")
TITLES = {
    Flag.STAFF_OWN: "工作人员自报",
    Flag.DUPLICATE: "同一人重复上报",
    Flag.AGAIN: "同一人再次上报",
    Flag.MANY: "同一人上报很多",
    Flag.BULK: "集中办结",
    Flag.CANNED: "答复雷同",
}


DONE = aliased(ReportFlag)
COLUMNS = (
    ReportFlag.id,
    ReportFlag.report_id,
    ReportFlag.flag,
    ReportFlag.why,
    ReportFlag.at,
    Report.no,
    Report.kind,
    Report.county_id,
    Estate.name.label("estate"),
    DONE.why.label("dismissed"),
    DONE.at.label("dismissed_at"),
)


def raise_flags(found: Iterable[tuple[str, int, Flag, str]], *, now: datetime) -> int:
    """Write flags as (county, report, flag, why); one that stands already stays as it is. How many are new."""
    rows = [
        {"county": county, "report": report, "flag": flag, "why": why} for county, report, flag, why in found
    ]
    if not rows:
        return 0
    return len(db.session.execute(RAISE, {"rows": json.dumps(rows), "now": now}).all())


def _flags(by: Actor) -> Any:
    """The flags of the county for its bureau. Raises NotFound for everybody else: to them there are none."""
    if Role.BUREAU not in by.roles:
        raise NotFound("没有这个页面。")
    return (
        select(*COLUMNS)
        .join(Report, Report.id == ReportFlag.report_id)
        .join(Estate, Estate.id == Report.estate_id)
        .outerjoin(DONE, DONE.dismisses == ReportFlag.id)
        .where(
            ReportFlag.county_id == by.county_id,
            ReportFlag.dismisses.is_(None),
            ReportFlag.flag.in_([flag.value for flag in LISTED]),
        )
        .order_by(ReportFlag.id.desc())
    )


def flags_page(by: Actor, *, flag: Flag | None = None, after: str | None, limit: int) -> paging.Page[Any]:
    """The flags of the bureau's county that nobody has dismissed, the newest first."""
    query = _flags(by).where(DONE.id.is_(None))
    cursor = paging.decode(after, (int,))
    if flag:
        query = query.where(ReportFlag.flag == flag)
    if cursor:
        query = query.where(ReportFlag.id < cursor[0])
    rows = list(db.session.execute(query.limit(limit + 1)))
    return paging.page(rows, limit=limit, key=lambda row: (row.id,))


def flags_of(report_id: int, by: Actor) -> list[Any]:
    """The flags of one report, dismissed ones with the reason; empty for everybody but the bureau."""
    if Role.BUREAU not in by.roles:
        return []
    return list(db.session.execute(_flags(by).where(ReportFlag.report_id == report_id)))


def dismiss(flag_id: int, *, by: Actor, why: str, now: datetime) -> str:
    """The bureau decides that a flag means nothing, and says why; the report counts again. Gives its number.

    Raises NotFound for another county's flag, Invalid without a reason, Conflict when it was dismissed before.
    """
    row = db.session.execute(_flags(by).where(ReportFlag.id == flag_id)).one_or_none()
    if row is None:
        raise NotFound("没有找到这个标记。")
    words = taken(why, field="why", most=WHY_MOST)
    if not words:
        raise Invalid("请写明为什么撤销标记。", fields={"why": "请写明理由"})
    if row.dismissed is not None:
        raise Conflict("这个标记已经撤销过了。")
    decided = {
        "county_id": row.county_id,
        "report_id": row.report_id,
        "flag": row.flag,
        "why": words,
        "at": now,
        "dismisses": flag_id,
        "by_person_id": by.person_id,
    }
    db.session.execute(insert(ReportFlag).values(decided).on_conflict_do_nothing())
    about = f"report:{row.no}"
    audit.record(
        row.county_id,
        "flag.dismiss",
        person_id=by.person_id,
        about=about,
        reason=mask_numbers(words),
        facts={"flag": row.flag},
        now=now,
    )
    return str(row.no)
