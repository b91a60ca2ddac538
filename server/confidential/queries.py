"""Reading confidential reports: by their body's holders, or by the reporter with his own proof; nobody else, by no road."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, tuple_

from server.accounts.models import Body
from server.accounts.roles import Actor, Role
from server.confidential.compartments import county_of, inside
from server.confidential.filing import device_index
from server.confidential.messages import NOT_HERE
from server.confidential.models import SealedEvent, SealedPhoto, SealedReport
from server.confidential.photos import photos_of
from server.confidential.rules import OPEN
from server.core import paging
from server.core.db import db
from server.core.errors import NotFound
from server.core.report_no import normalise
from server.policy.loader import book_for, books
from server.policy.model import Book

MINE_MOST = 20


@dataclass(frozen=True)
class Whole:
    """A confidential report with all that hangs on it."""

    report: SealedReport
    handler: str
    events: Sequence[SealedEvent]
    photos: Sequence[SealedPhoto]


def book_of(report: SealedReport) -> Book:
    """The rule book of the county that a confidential report belongs to."""
    return book_for(county_of(report.county_id), report.book_version, report.submitted_at)


def own_report(no: str, actor: Actor) -> Whole:
    """A report of whoever proves that it is his, by its token or by his browser. Raises NotFound for everybody else."""
    number = normalise(no)
    county = next((one for one, book in books().items() if number and number[:2] == book.letters), None)
    proofs = []
    if actor.owner_hash:
        proofs.append(SealedReport.owner_hash == actor.owner_hash)
    if actor.device_hash:
        proofs.append(SealedReport.device_index == device_index(actor.device_hash))
    if county is None or not proofs:
        raise NotFound(NOT_HERE)
    with inside(county):
        found = db.session.scalar(select(SealedReport).where(SealedReport.no == number, or_(*proofs)))
        if found is None:
            raise NotFound(NOT_HERE)
        return whole(found)


def whole(report: SealedReport) -> Whole:
    """A report with its body's name, its history and its photos."""
    name = db.session.scalar(select(Body.name).where(Body.id == report.body_id)) or ""
    steps = select(SealedEvent).where(SealedEvent.report_id == report.id).order_by(SealedEvent.id)
    return Whole(report, name, list(db.session.scalars(steps)), photos_of(report.id))


def own_reports(actor: Actor) -> list[SealedReport]:
    """The newest reports of this browser, where it was let remember them."""
    if not actor.device_hash:
        return []
    mine = SealedReport.device_index == device_index(actor.device_hash)
    with inside(
        *(county for county, book in books().items() if any(k.confidential for k in book.kinds.values()))
    ):
        query = select(SealedReport).where(mine).order_by(SealedReport.id.desc()).limit(MINE_MOST)
        return list(db.session.scalars(query))


def body_report(no: str, actor: Actor) -> Whole:
    """A report of a body that the actor acts for. Raises NotFound alike for missing and foreign ones."""
    query = select(SealedReport).where(
        SealedReport.no == normalise(no), SealedReport.body_id.in_(_bodies(actor))
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(NOT_HERE)
    return whole(found)


def inbox(actor: Actor, *, over: bool, after: str | None, limit: int) -> paging.Page[SealedReport]:
    """A page of what came to the actor's bodies: what must be done, the most urgent first; or what is over."""
    cursor = paging.decode(after, (datetime.fromisoformat, int))
    state = SealedReport.state.not_in(OPEN) if over else SealedReport.state.in_(OPEN)
    query = select(SealedReport).where(SealedReport.body_id.in_(_bodies(actor)), state)
    if cursor:
        query = query.where(tuple_(SealedReport.due_at, SealedReport.id) > tuple_(*cursor))
    rows = db.session.scalars(query.order_by(SealedReport.due_at, SealedReport.id).limit(limit + 1)).all()
    return paging.page(rows, limit=limit, key=lambda row: (row.due_at, row.id))


def counts(actor: Actor) -> tuple[int, int]:
    """How many are open, how many over."""
    still = SealedReport.state.in_(OPEN)
    query = select(func.count().filter(still), func.count().filter(~still))
    row = db.session.execute(query.where(SealedReport.body_id.in_(_bodies(actor)))).one()
    return row[0], row[1]


def _bodies(actor: Actor) -> list[int]:
    """The confidential bodies whose posts the actor holds."""
    return sorted(actor.bodies(Role.CONFIDENTIAL))
