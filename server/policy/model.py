"""What a county's rule book says, as values that cannot change (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.core.workdays import Calendar
from server.policy.handling import (
    Committee,
    Contact,
    EvidenceRules,
    Hazard,
    NoCompany,
    Outcome,
    SecondBody,
    Whistle,
)
from server.policy.ledger import Duplicates, Goal, Hotline, Lookback, Mediation, NamedList, Rhythm
from server.policy.terms import (
    Escalation,
    Guard,
    Limits,
    Phrases,
    Posts,
    Publishing,
    QuietHours,
    Ratings,
    TimeClass,
)


class BodyRole(StrEnum):
    """What sort of body it is; each is a role of the contract."""

    BUREAU = "bureau"
    DEPARTMENT = "department"
    UTILITY = "utility"
    COURT = "court"
    CONFIDENTIAL = "confidential"


class FirstHand(StrEnum):
    """Who takes up a report first: the estate's manager, the lead body, or the one confidential body."""

    MANAGER = "manager"
    LEAD = "lead"
    CONFIDENTIAL = "confidential"


class Cadence(StrEnum):
    """How often something is disclosed; `standing` means whenever it changes."""

    STANDING = "standing"
    QUARTERLY = "quarterly"


@dataclass(frozen=True)
class Plan:
    """The document the book rests on."""

    number: str
    title: str
    issued_on: date


@dataclass(frozen=True)
class Body:
    """A department, utility or court; `post` is the duty that receives reports."""

    key: str
    name: str
    role: BodyRole
    post: str


@dataclass(frozen=True)
class Row:
    """A row of the responsibility matrix; bodies in the plan's order, the first leads."""

    number: int
    problem: str
    bodies: tuple[str, ...]
    township: bool
    township_part: str
    source: str

    @property
    def lead(self) -> str:
        """The body named first."""
        return self.bodies[0]


@dataclass(frozen=True)
class Tile:
    """A first-level choice with its picture; a quiet one is a small link, not a tile."""

    key: str
    label: str
    icon: str
    quiet: bool
    phrases: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Kind:
    """A second-level choice: what a resident taps, and all that follows from it."""

    key: str
    label: str
    tile: str
    row: int | None
    time_class: str
    first: FirstHand
    utility: str | None
    safety: tuple[str, ...]
    call_first: tuple[str, ...]
    confidential: bool
    counts: bool
    words: tuple[str, ...]
    """How residents and the hotline call it, besides its label."""
    source: str


@dataclass(frozen=True)
class Emergency:
    """Whom to call; without a phone of its own the estate's number is shown."""

    key: str
    label: str
    phone: str
    per_estate: bool


@dataclass(frozen=True)
class Disclosure:
    """Something an estate must show: quarterly ones `due_days` after the quarter, standing ones confirmed within `stale_days`."""

    key: str
    label: str
    cadence: Cadence
    due_days: int | None
    stale_days: int | None
    places: int | None
    source: str


@dataclass(frozen=True)
class BoardLine:
    """A default line of the contact board: a body and its duty in residents' words."""

    body: str
    duty: str
    source: str


@dataclass(frozen=True)
class Book:
    """One county's rules whole; `version` is the declared one with a hash of the content."""

    county_id: str
    county_name: str
    letters: str
    version: str
    in_force_from: date
    plan: Plan
    bureau: str
    levels: tuple[str, ...]
    calendar: Calendar
    quiet: QuietHours
    classes: Mapping[str, TimeClass]
    escalation: Escalation
    limits: Limits
    guard: Guard
    ratings: Ratings
    publishing: Publishing
    phrases: Phrases
    posts: Posts
    whistle: Whistle
    contact: Contact
    second_body: SecondBody
    evidence: EvidenceRules
    outcomes: Mapping[str, Outcome]
    hazard: Hazard
    duplicates: Duplicates
    lookback: Lookback
    mediation: Mediation
    hotline: Hotline
    committee: Committee
    no_company: NoCompany
    goals: Mapping[str, Goal]
    cadences: Mapping[str, Rhythm]
    lists: Mapping[str, NamedList]
    emergency: Mapping[str, Emergency]
    bodies: Mapping[str, Body]
    rows: Mapping[int, Row]
    tiles: tuple[Tile, ...]
    kinds: Mapping[str, Kind]
    disclosures: Mapping[str, Disclosure]
    board: tuple[BoardLine, ...]
    groups: tuple[str, ...]

    def kinds_of(self, tile: str) -> tuple[Kind, ...]:
        """The choices under one tile, in the book's order."""
        return tuple(kind for kind in self.kinds.values() if kind.tile == tile)
