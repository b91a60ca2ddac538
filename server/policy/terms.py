"""A rule book's terms: how long, who is told next, how often, in which words (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from server.policy.spans import Span


class Level(StrEnum):
    """Levels above the manager that are told when a clock runs out."""

    COMMUNITY = "community"
    TOWNSHIP = "township"
    BUREAU = "bureau"


@dataclass(frozen=True)
class TimeClass:
    """How long there is, from submission, to accept and to resolve."""

    key: str
    label: str
    accept: Span
    resolve: Span
    extension_by: Level
    source: str


@dataclass(frozen=True)
class EscalationStep:
    """A level to tell, so long after the step before it (the first: after the deadline)."""

    level: Level
    after: Span


@dataclass(frozen=True)
class Escalation:
    """Who is told when a clock has run out, by time class; `other` serves the classes not named."""

    accept: Mapping[str, tuple[EscalationStep, ...]]
    resolve: Mapping[str, tuple[EscalationStep, ...]]


@dataclass(frozen=True)
class Limits:
    """The book's figures about coming back, putting off, handing back, staying silent, and keeping contact data."""

    reopen_clock_percent: int
    reopen_times: int
    extension_percent: int
    extension_times: int
    hand_back_to_bureau_at: int
    unconfirmed_after: Span
    contact_days: int
    """How long after the close a report still leads to its reporter."""


@dataclass(frozen=True)
class QuietHours:
    """Local hours in which only pushes of the spared time classes go out."""

    start: time
    end: time
    spares: tuple[str, ...]


@dataclass(frozen=True)
class Publishing:
    """Who lets the public see what residents wrote: always a person, unless a passed check may release a text."""

    release_on_pass: bool
    by_community: bool
    review_within: Span
    """How soon a piece should be looked at."""


@dataclass(frozen=True)
class Ratings:
    """Stars: from which the resident is satisfied, up to which unhappy, and reasons to tap."""

    best: int
    satisfied_from: int
    unhappy_to: int
    good: tuple[str, ...]
    bad: tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """Sentences to tap instead of typing."""

    resident: tuple[str, ...]
    reopen: tuple[str, ...]
    withdraw: tuple[str, ...]
    accept: tuple[str, ...]
    reply: tuple[str, ...]
    ask: tuple[str, ...]
    resolve: tuple[str, ...]
    extend: tuple[str, ...]
    hand_back: tuple[str, ...]


@dataclass(frozen=True)
class Posts:
    """Names of the posts (duties) that inbox rows belong to."""

    manager: str
    community: str
    township: str


@dataclass(frozen=True)
class Guard:
    """The book's figures against flooding and unfair counting, and how often hung codes are looked at."""

    short_minutes: int
    """The shorter window of one sender: `short_most` reports within it, `day_most` within a day."""
    short_most: int
    day_most: int
    address_hour_most: int
    """Reports an hour from one network address by senders of whom nothing else is known."""
    estate_hour_most: int
    """Reports an hour to one estate by such senders; never for what is urgent or a matter of safety."""
    repeat_days: int
    repeat_from: int
    """From which report of one person on one estate within `repeat_days` on it is flagged."""
    bulk_minutes: int
    bulk_from: int
    """So many resolutions by one person within `bulk_minutes` are doubted."""
    patrol_days: int
    """After how long without a look a hung code is overdue."""
