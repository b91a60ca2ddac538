"""How a county keeps its ledger: duplicates, look-back, mediation, 12345 and the year's goals (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.policy.spans import Span
from server.policy.terms import EscalationStep, Level


class Stratum(StrEnum):
    """By what a look-back spreads its sample (A10)."""

    KIND = "kind"
    ESTATE = "estate"
    COMPANY = "company"


@dataclass(frozen=True)
class Duplicates:
    """Which open reports are shown before sending: same kind, same place, of the last days; joining and merging."""

    days: int
    shown: int
    same_spot: bool
    split_days: int
    """How long a merge can be undone."""
    unsolved_from: int
    """So many households that say it is not solved stand on the feed."""
    address_most: int
    """Joins a day of one report from one network address, by people of whom nothing else is known."""
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
    silent: tuple[EscalationStep, ...]
    """Who is told when no result has come within the span."""
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
    *("report_no", "handler", "contact_ok"),
)


class Every(StrEnum):
    """How often a county closes, reports or compares something."""

    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True)
class Rhythm:
    """Something that comes round (C10, C11, C13); `days` are days of the month where the plan names them."""

    key: str
    label: str
    every: Every
    days: tuple[int, ...]
    source: str


@dataclass(frozen=True)
class NamedList:
    """A list that a plan numbers and names, such as 五公开, 五备案 or the eight systems of 3338."""

    key: str
    label: str
    items: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Goal:
    """A goal of the plan's year (C9, C13) in whole percent: a fall against last year, or a coverage."""

    key: str
    label: str
    measure: str
    percent: int
    source: str
