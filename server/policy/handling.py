"""How a county handles what the estate does not settle by itself: whistle, evidence, hazards (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.policy.spans import Span
from server.policy.terms import EscalationStep, Level

OTHER = "other"


class Caller(StrEnum):
    """Who may whistle (A7)."""

    MANAGER = "manager"
    COMMUNITY = "community"
    TOWNSHIP = "township"
    BUREAU = "bureau"


class Proof(StrEnum):
    """What a resolution can show; `measure` is a measure with its deadline and responsible person (A13)."""

    PHOTO = "photo"
    WORDS = "words"
    MEASURE = "measure"


class Stand(StrEnum):
    """Who stands where the manager would in an estate without a company (A14)."""

    TOWNSHIP_COMPANY = "township_company"
    COMMUNITY = "community"
    COMMITTEE = "committee"


@dataclass(frozen=True)
class Patience:
    """How long may pass by time class (`other` serves the classes not named), and who is told of silence."""

    within: Mapping[str, Span]
    silent: tuple[EscalationStep, ...]

    def span(self, class_key: str) -> Span:
        """The span of a time class."""
        return self.within.get(class_key, self.within[OTHER])


@dataclass(frozen=True)
class Whistle:
    """Calling a department in: its name in the plan, who may call whom, until when it must report in and answer."""

    name: str
    by: tuple[Caller, ...]
    bodies: tuple[str, ...]
    """Who may be called, in the plan's order."""
    township: bool
    """Whether the estate's own township may be called as well (8+N)."""
    report_in: Patience
    answer_percent: int
    """The share of the time class's resolve span that a called body has from the whistle."""
    answer_silent: tuple[EscalationStep, ...]
    link_days: int
    """How long the link of a body without an account works."""
    source: str


@dataclass(frozen=True)
class Contact:
    """The community contacts the reporter at once (A8), where the county orders it."""

    ordered: bool
    patience: Patience
    source: str


@dataclass(frozen=True)
class SecondBody:
    """The community checks the company's answer before the reporter is asked; no word within the span: he is asked."""

    asked: bool
    by: Level
    classes: tuple[str, ...]
    """For which time classes; empty means for all."""
    within: Span
    source: str

    def checks(self, class_key: str) -> bool:
        """Whether answers to reports of this time class are checked."""
        return self.asked and (not self.classes or class_key in self.classes)


@dataclass(frozen=True)
class Evidence:
    """What a resolution must show: all of the first, and at least one of the second."""

    all_of: tuple[Proof, ...]
    any_of: tuple[Proof, ...]
    words_least: int
    """Words count from so many characters on."""
    source: str

    def lacks(self, given: frozenset[Proof]) -> tuple[Proof, ...]:
        """What is still missing; of the second list its first, where none of it is there."""
        missing = tuple(proof for proof in self.all_of if proof not in given)
        if self.any_of and not given & set(self.any_of):
            return tuple(dict.fromkeys((*missing, self.any_of[0])))
        return missing


@dataclass(frozen=True)
class EvidenceRules:
    """Evidence by kind, else by tile, else the rule for all others; and when a canned answer is flagged."""

    other: Evidence
    tiles: Mapping[str, Evidence]
    kinds: Mapping[str, Evidence]
    same_words_from: int
    """From how many resolutions in the same words on they are flagged."""
    same_words_days: int
    same_words_percent: int
    """How many percent two answers must share to be the same words."""

    def of(self, kind_key: str) -> Evidence:
        """The rule for a kind such as `lift.stopped`."""
        tile = kind_key.partition(".")[0]
        return self.kinds.get(kind_key) or self.tiles.get(tile) or self.other


@dataclass(frozen=True)
class Outcome:
    """One way a report can end, in residents' words."""

    key: str
    label: str
    basis: bool
    """Whether a legal basis must be named."""
    next_step: str
    """What happens next, told to the reporter; empty where nothing does."""
    solved: bool
    """Whether it counts as solved."""
    source: str


@dataclass(frozen=True)
class Hazard:
    """Dangers (A13): their kinds, until when a measure with deadline and person is named, when one looks again."""

    kinds: tuple[str, ...]
    phone_first: tuple[str, ...]
    """Kinds for which the phone is shown first, and its being shown recorded."""
    measure_within: Span
    longest_days: int
    """The furthest deadline that a measure may set itself."""
    reinspect_after: Span
    reinspect_by: Level
    filed_with: tuple[str, ...]
    """Bodies that get the measure, deadline and person for their files."""
    source: str


@dataclass(frozen=True)
class Committee:
    """Estates without an owners' committee (A14): who acts for it, and in what."""

    by: Level
    powers: tuple[str, ...]
    announced: bool
    """Whether the residents must be told that somebody acts for the committee."""
    source: str


@dataclass(frozen=True)
class NoCompany:
    """Estates without a property company (A14): who may stand in the manager's place; the first is the default."""

    stands: tuple[Stand, ...]
    source: str
