"""The ledger told again from the history alone: a pure fold over events, held against the stored rows (A9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

SET = "set"
"""Under which key an event keeps what it changed of the ledger."""


@dataclass(frozen=True)
class Entry:
    """What the ledger says of one report; every change of it stands in an event."""

    state: str
    handler_id: int
    resolve_due_at: datetime
    reopen_due_at: datetime | None = None
    accepted_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    closed_as: str | None = None
    outcome: str | None = None
    score: int | None = None
    reopened_at: datetime | None = None
    reopen_count: int = 0
    hand_back_count: int = 0
    extended_at: datetime | None = None


NAMES = tuple(field.name for field in fields(Entry))
TIMES = frozenset(name for name in NAMES if name.endswith("_at"))


def kept(columns: Mapping[str, Any]) -> dict[str, Any]:
    """What an event keeps of the columns that its act changed; nothing where the ledger stays as it is."""
    found = {name: _plain(columns[name]) for name in NAMES if name in columns}
    return {SET: found} if found else {}


def replay(events: Iterable[Mapping[str, Any]]) -> Entry:
    """The ledger's line after these events' data, oldest first; the first one opens it."""
    lines = iter(events)
    entry = Entry(**_changed(next(lines)))
    for data in lines:
        entry = replace(entry, **_changed(data))
    return entry


def _changed(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in data.get(SET, {}).items()}


def entry_of(row: Any) -> Entry:
    """The same line from a stored row."""
    return Entry(**{name: getattr(row, name) for name in NAMES})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _value(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in TIMES and value is not None else value
