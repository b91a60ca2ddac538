"""Taking the numbers out of what a reporter typed, once nothing leads to him: the report, his steps, and whoever repeats them."""

import json
from collections.abc import Callable, Sequence

from sqlalchemy import select, update

from server.core import wire
from server.core.db import db
from server.core.masks import mask_numbers
from server.reports.models import Event, Report

TYPED = (Report.text, Report.building, Report.unit, Report.where_text)
"""What of a report people type freely."""
HIDE = "SELECT hide_words(%(step)s, %(words)s, %(reasons)s::jsonb)"
"""One of the narrow functions of `migrations/doors.sql`: the application itself may not edit history."""

Listener = Callable[[Sequence[int]], None]
_listeners: list[Listener] = []


class NotHidden(Exception):
    """A step that should have lost its numbers and did not."""


def listen(listener: Listener) -> None:
    """A higher floor repeats reporters' words; it is told of reports whose words were masked, after the words."""
    if listener not in _listeners:
        _listeners.append(listener)


def hide_numbers(report_ids: Sequence[int]) -> None:
    """Mask what the reporters of these reports typed, wherever it is kept; what leads to them is gone already."""
    _in_reports(report_ids)
    _in_steps(report_ids)
    for listener in _listeners:
        listener(report_ids)


def _in_reports(report_ids: Sequence[int]) -> None:
    for row in db.session.execute(select(Report.id, *TYPED).where(Report.id.in_(report_ids))).all():
        plain = {
            column.key: mask_numbers(words)[: getattr(column.type, "length", None)]
            for column in TYPED
            if (words := getattr(row, column.key))
        }
        changed = {name: words for name, words in plain.items() if words != getattr(row, name)}
        if changed:
            db.session.execute(update(Report).where(Report.id == row.id).values(changed))


def _in_steps(report_ids: Sequence[int]) -> None:
    query = select(Event.id, Event.text, Event.data).where(
        Event.report_id.in_(report_ids), Event.by_kind == "reporter"
    )
    db.session.flush()
    for row in db.session.execute(query).all():
        told = row.data.get("reasons")
        words, reasons = mask_numbers(row.text), told and [mask_numbers(one) for one in told]
        if (words, reasons) != (row.text, told):
            _hide(row.id, words, reasons)


def _hide(step: int, words: str, reasons: list[str] | None) -> None:
    given = {
        "step": step,
        "words": words,
        "reasons": json.dumps(reasons, ensure_ascii=False) if reasons else None,
    }
    if not wire.rows(HIDE, given)[0][0]:
        raise NotHidden(step)
