"""Answers for the hotline in its own columns, as XLSX or CSV; taken away with a reason, counted, written down (A11).

The file goes to another office: what was typed stands in it masked, as in every file of reports.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from server.accounts.models import Body
from server.accounts.roles import Actor
from server.core.clock import local
from server.core.db import db
from server.core.spreadsheet import Cell, clean, write_xlsx
from server.estates.models import Estate
from server.interop.hotline.models import HotlineOrder
from server.policy.loader import books
from server.policy.model import Book
from server.reports.exporting import HOTLINE, answer_for, check_export
from server.reports.eyes import MASKED
from server.reports.models import Event, Report
from server.reports.words import OUTCOMES, STAFF_STATES
from server.reports.workflow import Act

MOST = 20_000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""How a text begins that Excel would take for a formula in a CSV."""


@dataclass(frozen=True)
class Answers:
    """A file of answers and how many orders are in it."""

    data: bytes
    rows: int


def export_answers(
    county_id: str, *, form: str, every: bool, reason: str, by: Actor, now: datetime
) -> Answers:
    """The answered orders since the last export, or every one; the next export begins here. Raises as `check_export`."""
    check_export(by, reason=reason, now=now)
    book = books()[county_id]
    found = _rows(county_id, every=every)
    heads, cells = tuple(book.hotline.export), [_cells(row, book) for row in found]
    data = as_csv(heads, cells) if form == "csv" else write_xlsx(heads, cells, title="12345 答复")
    _mark(found, now=now)
    facts = {"rows": str(len(found)), "form": form, "all": "yes" if every else "no"}
    answer_for(HOTLINE, by, about="hotline", reason=reason, facts=facts, now=now)
    return Answers(data, len(found))


def waiting_answers(county_id: str) -> int:
    """How many orders were answered since the last export."""
    query = select(func.count()).select_from(HotlineOrder).join(Report, Report.id == HotlineOrder.report_id)
    return db.session.scalar(query.where(HotlineOrder.county_id == county_id, _answered(every=False))) or 0


def as_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A CSV that Excel opens as text: with a mark of its encoding, and nothing that begins like a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(heads)
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{local(cell):%Y-%m-%d %H:%M}"
    text = clean(str(cell))
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA) else text


def _answered(*, every: bool) -> Any:
    done = and_(HotlineOrder.history.is_(False), Report.resolved_at.is_not(None))
    new = or_(HotlineOrder.exported_at.is_(None), HotlineOrder.exported_at < Report.resolved_at)
    return done if every else and_(done, new)


def _rows(county_id: str, *, every: bool) -> list[Any]:
    """The orders with their reports, the estate, who handles it, and what the last answer said."""
    answer = (
        select(Event.text)
        .where(Event.report_id == Report.id, Event.act == Act.RESOLVE)
        .order_by(Event.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            HotlineOrder.id, HotlineOrder.number, HotlineOrder.received_at, HotlineOrder.due_at,
            HotlineOrder.category, HotlineOrder.urged_at, HotlineOrder.supervised_at,
            Report.no, Report.state, Report.outcome, Report.resolved_at, Report.score, Report.text,
            Report.where_text, Report.source, Estate.name.label("estate"), Body.name.label("handler"), answer.label("answer"),
        )
        .join(Report, Report.id == HotlineOrder.report_id)
        .join(Estate, Estate.id == Report.estate_id)
        .join(Body, Body.id == Report.handler_id)
        .where(HotlineOrder.county_id == county_id, _answered(every=every))
    )  # fmt: skip
    return list(db.session.execute(query.order_by(HotlineOrder.received_at, HotlineOrder.id).limit(MOST)))


VALUES: Mapping[str, Callable[[Any], Cell]] = {
    "number": lambda row: row.number,
    "received_at": lambda row: row.received_at,
    "due_at": lambda row: row.due_at,
    "category": lambda row: row.category,
    "urged_at": lambda row: row.urged_at,
    "supervised_at": lambda row: row.supervised_at,
    "content": lambda row: MASKED.words(row.text),
    "address": MASKED.where,
    "estate": lambda row: row.estate,
    "handler": lambda row: row.handler,
    "status": lambda row: STAFF_STATES.get(row.state, row.state),
    "outcome": lambda row: OUTCOMES.get(row.outcome or "", ""),
    "answer": lambda row: MASKED.words(row.answer),
    "answered_at": lambda row: row.resolved_at,
    "score": lambda row: row.score,
    "report_no": lambda row: row.no,
}
"""What stands in a column of the hotline; who phoned is not among it."""


def _cells(row: Any, book: Book) -> tuple[Cell, ...]:
    return tuple(VALUES[field](row) if field in VALUES else None for field in book.hotline.export.values())


def _mark(rows: Sequence[Any], *, now: datetime) -> None:
    for ids in _batches([row.id for row in rows]):
        db.session.execute(update(HotlineOrder).where(HotlineOrder.id.in_(ids)).values(exported_at=now))


def _batches(ids: list[int], size: int = 1000) -> Iterator[list[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
