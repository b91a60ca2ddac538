"""The goal's figures (C9): orders by day and township, totals as the hotline published them, and what never got there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from server.accounts.bodies import list_bodies
from server.accounts.models import BodyKind
from server.core import audit, clock
from server.core.db import db
from server.core.errors import Invalid
from server.core.workdays import ZONE
from server.interop.hotline.goal import DECEMBER, Gauge, compare
from server.interop.hotline.models import HotlineMonth
from server.policy.ledger import Goal
from server.policy.loader import books

MEASURE = "hotline_fall"
ACT = "hotline.month"
SOURCE_MOST, COUNT_MOST = 200, 1_000_000
WHOLE_COUNTY = None
BY_DAY = """
SELECT o.township_id, (o.received_at AT TIME ZONE 'Asia/Shanghai')::date, count(*)
FROM hotline_order o LEFT JOIN report r ON r.id = o.report_id
WHERE o.county_id = %(county)s AND o.counts AND o.received_at >= %(since)s AND o.received_at < %(until)s
  AND (r.id IS NULL OR r.state <> 'void') GROUP BY 1, 2
"""
"""Every order is one complaint there as here, but those that the bureau found to be void (semantics.md)."""
SOLVED_BEFORE = """
SELECT r.township_id, count(*) FROM report r
WHERE r.county_id = %(county)s AND r.submitted_at >= %(since)s AND r.submitted_at < %(until)s
  AND r.counts AND r.source = 'product' AND r.state = 'closed' AND r.closed_as = 'confirmed'
  AND NOT EXISTS (SELECT 1 FROM hotline_order o WHERE o.report_id = r.id OR o.maybe_id = r.id)
GROUP BY 1
"""


@dataclass(frozen=True)
class Line:
    """The county's gauge, or a township's."""

    township_id: int | None
    name: str
    gauge: Gauge
    solved_before: int
    """Reports that were solved here, confirmed by their reporter, and never became an order."""
    typed: tuple[int, ...]
    """The months of last year for which a published total stands."""


@dataclass(frozen=True)
class Month:
    """A published total."""

    name: str
    year: int
    month: int
    count: int
    source: str


def goal_of(county_id: str) -> Goal | None:
    """The book's goal for the hotline's orders, where its plan sets one."""
    return next((goal for goal in books()[county_id].goals.values() if goal.measure == MEASURE), None)


def gauges(county_id: str, *, townships: frozenset[int] | None = None, now: datetime) -> list[Line]:
    """The county, then its townships by name; `townships` narrows to these. Nothing where the book has no goal."""
    goal = goal_of(county_id)
    if goal is None:
        return []
    today = clock.today(now)
    this, last = _by_day(county_id, today.year), _by_day(county_id, today.year - 1)
    typed, solved = _typed(county_id, today.year - 1), _solved_before(county_id, today)
    names: list[tuple[int | None, str]] = [
        (body.id, body.name) for body in list_bodies(county_id, BodyKind.TOWNSHIP)
    ]
    if townships is None:
        names.insert(0, (WHOLE_COUNTY, "全县"))
    wanted = [one for one in names if townships is None or one[0] in townships]
    return [
        Line(
            place,
            name,
            compare(this[place], last[place], typed[place], today=today, fall_percent=goal.percent),
            solved[place],
            tuple(sorted(typed[place])),
        )
        for place, name in wanted
    ]


def type_month(
    county_id: str,
    township_id: int | None,
    *,
    year: int,
    month: int,
    count: int,
    source: str,
    by: int | None,
    now: datetime,
) -> None:
    """Enter a published total, or correct it; who did is kept. Raises Invalid field by field."""
    _check(county_id, township_id, year=year, month=month, count=count, source=source, now=now)
    row = {"count": count, "source": source, "by_person_id": by, "at": now}
    key = {"county_id": county_id, "township_id": township_id, "year": year, "month": month}
    query = insert(HotlineMonth).values(**key, **row)
    db.session.execute(
        query.on_conflict_do_update(constraint="uq_hotline_month_county_id_township_id_year_month", set_=row)
    )
    facts = {"month": f"{year}-{month:02d}", "count": str(count), "township": str(township_id or "")}
    audit.record(county_id, ACT, person_id=by, about="hotline", reason=source, facts=facts, now=now)


def months(county_id: str) -> list[Month]:
    """The totals that were entered, the newest month first."""
    names = {body.id: body.name for body in list_bodies(county_id, BodyKind.TOWNSHIP)}
    query = select(HotlineMonth).where(HotlineMonth.county_id == county_id)
    rows = db.session.scalars(
        query.order_by(HotlineMonth.year.desc(), HotlineMonth.month.desc(), HotlineMonth.id)
    )
    return [
        Month(names.get(row.township_id or 0, "全县"), row.year, row.month, row.count, row.source)
        for row in rows
    ]


def _check(
    county_id: str, township_id: int | None, *, year: int, month: int, count: int, source: str, now: datetime
) -> None:
    today, wrong = clock.today(now), dict[str, str]()
    if not 1 <= month <= DECEMBER or not today.year - 2 <= year < today.year:
        wrong["month"] = f"请填 {today.year - 2} 到 {today.year - 1} 年的月份，例如 {today.year - 1}-03"
    if not 0 <= count <= COUNT_MOST:
        wrong["count"] = f"请填 0 到 {COUNT_MOST} 的整数"
    if not source or len(source) > SOURCE_MOST:
        wrong["source"] = f"请写明数字出自哪里，最多 {SOURCE_MOST} 个字"
    if township_id is not None and township_id not in {
        body.id for body in list_bodies(county_id, BodyKind.TOWNSHIP)
    }:
        wrong["township"] = "请从列表里选择镇街"
    if wrong:
        raise Invalid("有内容需要修改。", fields=wrong)


Days = Mapping[int | None, Mapping[date, int]]


def _by_day(county_id: str, year: int) -> Days:
    given = {
        "county": county_id,
        "since": _midnight(date(year, 1, 1)),
        "until": _midnight(date(year + 1, 1, 1)),
    }
    found: dict[int | None, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for township, on, count in db.session.connection().exec_driver_sql(BY_DAY, given):
        found[WHOLE_COUNTY][on] += count
        if township is not None:
            found[township][on] += count
    return found


def _typed(county_id: str, year: int) -> Mapping[int | None, Mapping[int, int]]:
    query = select(HotlineMonth).where(HotlineMonth.county_id == county_id, HotlineMonth.year == year)
    found: dict[int | None, dict[int, int]] = defaultdict(dict)
    for row in db.session.scalars(query):
        found[row.township_id][row.month] = row.count
    return found


def _solved_before(county_id: str, today: date) -> Mapping[int | None, int]:
    given = {"county": county_id, "since": _midnight(date(today.year, 1, 1)), "until": _midnight(today)}
    found: dict[int | None, int] = defaultdict(int)
    for township, count in db.session.connection().exec_driver_sql(SOLVED_BEFORE, given):
        found[township] += count
        found[WHOLE_COUNTY] += count
    return found


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=ZONE)
