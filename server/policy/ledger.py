"""How a county keeps its ledger: duplicates, look-back, mediation, 12345 and the year's goals (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.policy.spans import Span
from server.policy.terms import Level


class Stratum(StrEnum):
    """By what a look-back spreads its sample (A10)."""

    KIND = "kind"
    ESTATE = "estate"
    COMPANY = "company"


@dataclass(frozen=True)
class Duplicates:
    """Which open reports are shown before sending: same kind, same place, of the last days."""

    days: int
    shown: int
    same_spot: bool
    source: str


@dataclass(frozen=True)
class Lookback:
    """How a look-back (A10) draws its sample of closed reports: a share, at least so many of each stratum."""

    share_percent: int
    least: int
    strata: tuple[Stratum, ...]
    closed_days: int
    """How far back a report may have been closed."""
    within: Span
    """How long inspectors have."""
    source: str


@dataclass(frozen=True)
class Mediation:
    """To whom disputes are referred (A12)."""

    body: str
    centre: str
    consent: bool
    """Whether the reporter must agree first."""
    within: Span
    source: str


@dataclass(frozen=True)
class Hotline:
    """12345 work orders (A11): which headings a column may have, and the export's columns in order."""

    columns: Mapping[str, tuple[str, ...]]
    """Field → headings it is known by; the fields are `HOTLINE_FIELDS`."""
    required: tuple[str, ...]
    export: Mapping[str, str]
    """Heading → field, in the order of the hotline's own table."""
    categories: Mapping[str, str]
    """The hotline's own category words → kind."""
    urge_to: tuple[Level, ...]
    source: str


HOTLINE_FIELDS = (
    *("number", "received_at", "due_at", "title", "content", "category", "community", "estate", "address"),
    *("caller", "phone", "status", "urged_at", "supervised_at", "answer", "answered_at", "outcome", "score"),
    *("report_no", "handler"),
)


@dataclass(frozen=True)
class Goal:
    """A goal of the plan's year (C9, C13) in whole percent: a fall against last year, or a coverage."""

    key: str
    label: str
    measure: str
    percent: int
    source: str
