"""Orders become reports, or join the report that the same person made of the same matter; nothing comes in twice."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import func, select

from server.accounts.roles import Actor
from server.companies.places import Place, place_of_estate
from server.core.crypto import vault
from server.core.db import db
from server.interop.hotline import linking
from server.interop.hotline.matching import Candidate, Match, best
from server.interop.hotline.models import HotlineOrder
from server.interop.hotline.rows import OrderRow
from server.policy.loader import books
from server.reports.filing import Filing, file_report
from server.reports.latecomers import flag_latecomers
from server.reports.models import Report
from server.reports.origins import HOTLINE, Origin, order_label
from server.reports.workflow import VOIDED, WITHDRAWN

CHUNK = 250
"""Orders of one transaction."""
LOCK = 58_371_326
"""The class of the advisory locks by which one county takes in one chunk at a time."""
Known = dict[tuple[int, str], list[Candidate]]
"""Reports by estate and phone."""


@dataclass(frozen=True)
class Taken:
    """What a table has brought."""

    new: int = 0
    joined: int = 0
    """Joined to a report that was there."""
    unsure: int = 0
    """Of the new ones: perhaps the same matter as another report."""
    known: int = 0
    urged: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        """Both together."""
        return Taken(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def sentence(self) -> str:
        """The result in words."""
        words = f"新增 {self.new} 件，并入已有报告 {self.joined} 件，以前导入过 {self.known} 件，催办督办 {self.urged} 次。"
        return words + (f"有 {self.unsure} 件可能和已有报告是同一件事，请核对。" if self.unsure else "")


def take_in(county_id: str, rows: Sequence[OrderRow], *, history: bool, now: datetime) -> Taken:
    """Take one chunk of orders in, in the running transaction; with `history` they count and nothing else happens."""
    db.session.execute(select(func.pg_advisory_xact_lock(LOCK, int(county_id))))
    there = _orders(county_id, rows)
    chunk = _Chunk(county_id, _candidates(rows), now)
    taken = Taken()
    for row in rows:
        if row.number in there:
            taken += Taken(known=1, urged=_urge_again(there[row.number], row, now=now))
        elif history:
            db.session.add(_order(county_id, row, history=True, now=now))
            taken += Taken(new=1)
        else:
            taken += chunk.take(row)
    db.session.flush()
    flag_latecomers(chunk.filed, now=now)
    return taken


class _Chunk:
    """What is looked up once for the orders of one chunk."""

    def __init__(self, county_id: str, known: Known, now: datetime) -> None:
        self.county_id, self.known, self.now = county_id, known, now
        self.filed: list[int] = []
        self.window = timedelta(days=books()[county_id].duplicates.days)
        self.place = cache(self._place)

    def _place(self, estate_id: int) -> Place:
        return place_of_estate(self.county_id, estate_id)

    def take(self, row: OrderRow) -> Taken:
        """One order: joined to the report that it repeats, else a report of its own."""
        theirs = self.known[row.estate_id or 0, row.phone or ""] if row.phone else []
        match, one = best(row.kind or "", row.received_at, theirs, window=self.window)
        order = _order(self.county_id, row, now=self.now)
        if one is not None and match is Match.SAME:
            report = db.session.get_one(Report, one.report_id)
            order.report_id, order.joined = report.id, True
            linking.join(report, row, now=self.now)
        else:
            order.report_id = self._file(row)
            self.filed.append(order.report_id)
            order.maybe_id = one.report_id if one else None
            theirs.append(Candidate(order.report_id, row.kind or "", row.received_at, None))
        urged = self._urged(order, row)
        db.session.add(order)
        joined = match is Match.SAME
        return Taken(new=not joined, joined=joined, unsure=match is Match.UNSURE, urged=urged)

    def _file(self, row: OrderRow) -> int:
        filing = Filing(
            kind=row.kind or "",
            text=row.words,
            where=row.address or None,
            phone=row.phone,
            contact_ok=row.contact_ok and row.phone is not None,
        )
        origin = Origin(HOTLINE, order_label(row.number), row.received_at, row.due_at)
        key = vault().lasting(f"{self.county_id}:{row.number}", purpose="hotline")
        place = self.place(row.estate_id or 0)
        return file_report(place, filing, key=key, by=Actor(), now=self.now, origin=origin).report_id

    def _urged(self, order: HotlineOrder, row: OrderRow) -> int:
        if not (row.urged_at or row.supervised_at):
            return 0
        return linking.urge(order, db.session.get_one(Report, order.report_id), row, now=self.now)


def _orders(county_id: str, rows: Sequence[OrderRow]) -> dict[str, HotlineOrder]:
    numbers = [row.number for row in rows]
    query = select(HotlineOrder).where(HotlineOrder.county_id == county_id, HotlineOrder.number.in_(numbers))
    return {order.number: order for order in db.session.scalars(query)}


def _urge_again(order: HotlineOrder, row: OrderRow, *, now: datetime) -> int:
    report = db.session.get(Report, order.report_id) if order.report_id else None
    return linking.urge(order, report, row, now=now) if row.urged_at or row.supervised_at else 0


def _order(county_id: str, row: OrderRow, *, history: bool = False, now: datetime) -> HotlineOrder:
    return HotlineOrder(
        county_id=county_id,
        number=row.number,
        received_at=row.received_at,
        due_at=row.due_at,
        category=row.category,
        kind=row.kind,
        counts=row.counts,
        estate_id=row.estate_id,
        township_id=row.township_id,
        joined=False,
        history=history,
        urged_at=row.urged_at if history else None,
        supervised_at=row.supervised_at if history else None,
        created_at=now,
    )


def _candidates(rows: Sequence[OrderRow]) -> Known:
    """The reports of these callers at these estates, looked up by the blind index of the phone."""
    safe, found = vault(), defaultdict[tuple[int, str], list[Candidate]](list)
    phones = {one: row.phone for row in rows if row.phone for one in safe.blinds(row.phone, purpose="phone")}
    estates = {row.estate_id for row in rows if row.phone and row.estate_id}
    query = select(
        Report.id, Report.kind, Report.submitted_at, Report.closed_at, Report.state, Report.estate_id,
        Report.phone_index, Report.merged_into_id,
    ).where(Report.estate_id.in_(estates), Report.phone_index.in_(phones))  # fmt: skip
    for row in db.session.execute(query) if phones else ():
        void = row.state in {VOIDED, WITHDRAWN} or row.merged_into_id is not None
        one = Candidate(row.id, row.kind, row.submitted_at, row.closed_at, void)
        found[row.estate_id, phones[row.phone_index or ""]].append(one)
    return found
