"""The duty that looks at every new report once: is it staff's own, a duplicate, one of many by one person?"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from server.accounts.devices import StaffDevice
from server.accounts.models import Holding, Post, Resident
from server.core.arrays import among
from server.core.crypto import vault
from server.core.db import db
from server.notices.models import Address
from server.policy.loader import books
from server.reports.fairness import Flag, Seen, judge
from server.reports.flag_marks import move, reached
from server.reports.flags import raise_flags
from server.reports.models import Report

NAME = "fair_reports_2"
"""The mark's; when it was `fair_reports` nobody looked at 12345's orders: under a new name all is looked at once more."""
LAG = timedelta(minutes=1)
"""Younger reports wait for the next round: one that was sent a little earlier may be committed a little later."""
MOST = 200
"""Reports of one round: each brings along what its people reported in two months, all in memory at once."""
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
LOOK_BACK = timedelta(days=62)
"""Reaches over any month, and further than a book's days of repeats."""
LEAD = aliased(Report)
LEAD_CLOSED = select(LEAD.closed_at).where(LEAD.id == Report.merged_into_id).scalar_subquery()
"""A report that was merged is open as long as the one that it is handled with."""
OVER_AT = func.least(Holding.ended_at, Holding.until_at).label("over_at")
"""When a term was over: by its own end, even where the duty that ends terms came a little later."""
COLUMNS = (
    Report.id, Report.county_id, Report.estate_id, Report.kind, Report.submitted_at, Report.closed_at,
    Report.spot_id, Report.building, Report.unit, Report.where_text,
    Report.resident_id, Report.device_hash, Report.phone_index,
    Report.project_body_id, Report.community_id, Report.township_id,
    Report.merged_into_id, LEAD_CLOSED.label("lead_closed_at"),
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A member of staff's term in a body."""

    body_id: int
    since_at: datetime
    ended_at: datetime | None

    def covers(self, row: Any) -> bool:
        """Whether it was the person's duty to look after the report's estate when it was filed.

        The bureau looks after the whole county, where its people live too: their own reports stay.
        """
        mine = self.body_id in {row.project_body_id, row.community_id, row.township_id}
        held = self.since_at <= row.submitted_at and (
            self.ended_at is None or self.ended_at > row.submitted_at
        )
        return mine and held


def flag_reports(now: datetime) -> int:
    """One round: look at the next reports and flag them; how many there were while more may wait, else none."""
    since, until = reached(NAME) or BEGINNING, now - LAG
    cut = db.session.scalar(
        select(Report.submitted_at)
        .where(Report.submitted_at > since, Report.submitted_at <= until)
        .order_by(Report.submitted_at)
        .offset(MOST - 1)
        .limit(1)
    )
    until = cut or until
    rows = db.session.execute(
        select(*COLUMNS)
        .where(Report.submitted_at > since, Report.submitted_at <= until, Report.counts)
        .order_by(Report.submitted_at, Report.id)
    ).all()
    raise_flags(flags_of_rows(rows), now=now)
    move(NAME, max(since, until))
    return len(rows) if cut else 0


def flags_of_rows(rows: Sequence[Any]) -> Iterator[tuple[str, int, Flag, str]]:
    """What is noticed about reports (`COLUMNS`, the earliest first): the same however they are cut into rounds."""
    if not rows:
        return
    earlier, terms = _earlier(rows), _terms(rows)
    for row in rows:
        guard = books()[row.county_id].guard
        before = [other for other in earlier[row.estate_id, person(row)] if _is_before(other, row)]
        staff = any(term.covers(row) for term in terms.get(row.id, ()))
        flags = judge(seen(row), [seen(other) for other in before], staff=staff, guard=guard)
        for flag, why in flags.items():
            yield row.county_id, row.id, flag, why


def _is_before(other: Any, row: Any) -> bool:
    recent = other.submitted_at > row.submitted_at - LOOK_BACK
    return recent and (other.submitted_at, other.id) < (row.submitted_at, row.id)


def person(row: Any) -> str | None:
    """By what one person is known again: the WeChat identity, else the browser, else the phone that was left."""
    marks = {"resident": row.resident_id, "device": row.device_hash, "phone": row.phone_index}
    return next((f"{name}:{mark}" for name, mark in marks.items() if mark is not None), None)


def seen(row: Any) -> Seen:
    """The report as the rules look at it."""
    spot = (row.spot_id, row.building, row.unit, row.where_text)
    ended_at = row.closed_at if row.merged_into_id is None else row.lead_closed_at
    return Seen(row.id, row.kind, spot, row.submitted_at, ended_at)


def by_same_people(rows: Sequence[Any]) -> ColumnElement[bool]:
    """The condition for complaints at the estates of these that share a mark with one of them."""
    marks = (Report.resident_id, Report.device_hash, Report.phone_index)
    same = [among(column, {getattr(row, column.key) for row in rows} - {None}) for column in marks]
    return and_(among(Report.estate_id, {row.estate_id for row in rows}), Report.counts, or_(*same))


def _earlier(rows: Sequence[Any]) -> dict[tuple[int, str | None], list[Any]]:
    """Reports of the same people at the same estates, by estate and person; people unknown have none."""
    found = db.session.execute(
        select(*COLUMNS).where(
            by_same_people(rows),
            Report.submitted_at > rows[0].submitted_at - LOOK_BACK,
            Report.submitted_at <= rows[-1].submitted_at,
        )
    )
    grouped: dict[tuple[int, str | None], list[Any]] = defaultdict(list)
    for row in found:
        if person(row) is not None:
            grouped[row.estate_id, person(row)].append(row)
    return grouped


def _terms(rows: Sequence[Any]) -> dict[int, list[Term]]:
    """The terms of whoever filed a report and is staff, known by his browser or by his bound WeChat."""
    by_device = _people_of_devices({row.device_hash for row in rows} - {None})
    by_resident = _people_of_residents({row.resident_id for row in rows} - {None})
    people = {row.id: by_device[row.device_hash] | by_resident[row.resident_id] for row in rows}
    wanted = set().union(*people.values())
    if not wanted:
        return {}
    terms = defaultdict(list)
    query = select(Holding.person_id, Post.body_id, Holding.since_at, OVER_AT)
    for held in db.session.execute(
        query.join(Post, Post.id == Holding.post_id).where(among(Holding.person_id, wanted))
    ):
        terms[held.person_id].append(Term(held.body_id, held.since_at, held.over_at))
    return {report: [term for one in who for term in terms[one]] for report, who in people.items() if who}


def _people_of_devices(devices: set[str]) -> dict[str | None, set[int]]:
    found: dict[str | None, set[int]] = defaultdict(set)
    query = select(StaffDevice.device_hash, StaffDevice.person_id).where(
        among(StaffDevice.device_hash, devices)
    )
    for device, one in db.session.execute(query):
        found[device].add(one)
    return found


def _people_of_residents(residents: set[int]) -> dict[int | None, set[int]]:
    """Staff whose bound WeChat is the very identity that filed; both are kept sealed, so they meet here alone."""
    found: dict[int | None, set[int]] = defaultdict(set)
    if not residents:
        return found
    safe = vault()
    rows = db.session.execute(select(Resident.openid_index, Resident.id).where(among(Resident.id, residents)))
    known = {row.openid_index: row.id for row in rows}
    bound = select(Address.target_sealed, Address.person_id).where(
        Address.person_id.is_not(None), Address.channel.not_like("wecom%")
    )
    for sealed, one in db.session.execute(bound):
        prints = safe.blinds(safe.open(sealed), purpose="openid")
        resident = next((known[one] for one in prints if one in known), None)
        if resident is not None and one is not None:
            found[resident].add(one)
    return found
