"""What must be disclosed, and whether it is current, due, stale or missing on a day (奇政办发〔2023〕28号 三（一）3); pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from server.disclosures.quarters import Quarter, last_finished, parse_quarter
from server.policy.model import Book, Cadence
from server.policy.model import Disclosure as Rule

SHOWN_QUARTERS = 4


class Kind(StrEnum):
    """What is entered here, a revision at a time."""

    CHARGES = "charges"
    INCOME = "income"
    CONTACTS = "contacts"


BOOK_KEYS = {Kind.CHARGES: "charges", Kind.INCOME: "public_income", Kind.CONTACTS: "contact_board"}
"""What the rule books call each kind."""
LABELS = {Kind.CHARGES: "收费项目和标准", Kind.INCOME: "公共收益", Kind.CONTACTS: "联系公示牌"}
"""What people call each kind where a page has no room for the book's own words."""


class State(StrEnum):
    """How a disclosure stands today."""

    CURRENT = "current"
    DUE = "due"
    """Not there yet, and not late either."""
    STALE = "stale"
    MISSING = "missing"


LATE = frozenset({State.STALE, State.MISSING})


@dataclass(frozen=True)
class Line:
    """One line of the summary: a kind, how it stands, the day that this rests on, and a sentence."""

    kind: str
    label: str
    state: State
    on: date | None
    words: str


@dataclass(frozen=True)
class QuarterState:
    """One quarter that should be there, or will be."""

    quarter: Quarter
    state: State
    on: date
    """The day of release, or the last day in time."""


def rule_of(book: Book, kind: Kind) -> Rule:
    """The county's rule for a kind."""
    return book.disclosures[BOOK_KEYS[kind]]


def chinese(on: date) -> str:
    """A day in words: 2026年3月1日."""
    return f"{on.year}年{on.month}月{on.day}日"


def standing_line(kind: Kind, rule: Rule, *, released_on: date | None, today: date) -> Line:
    """What simply stands is current for `stale_days` after its release, that day included."""
    if released_on is None:
        return Line(kind, rule.label, State.MISSING, None, "还没有公开")
    last_on = released_on + timedelta(days=rule.stale_days or 0)
    if today <= last_on:
        return Line(kind, rule.label, State.CURRENT, released_on, f"{chinese(released_on)}公开")
    words = f"{chinese(released_on)}公开，超过 {rule.stale_days} 天没有重新核对"
    return Line(kind, rule.label, State.STALE, released_on, words)


def required_quarter(today: date, due_days: int) -> Quarter:
    """The newest quarter whose last day in time is over: its disclosure must be there."""
    quarter = last_finished(today)
    while quarter.due_on(due_days) >= today:
        quarter = quarter.after(-1)
    return quarter


def income_line(rule: Rule, *, newest: str | None, released_on: date | None, today: date) -> Line:
    """Public income stands by its newest released quarter: late once a required one is not there."""
    due_days = rule.due_days or 0
    have, wanted, required = (
        parse_quarter(newest or ""),
        last_finished(today),
        required_quarter(today, due_days),
    )
    said = f"已公开{have.words}" if have else "还没有公开"
    if have and released_on and have >= wanted:
        words = f"{have.words}，{chinese(released_on)}公开"
        return Line(Kind.INCOME, rule.label, State.CURRENT, released_on, words)
    if have and have >= required:
        due_on = wanted.due_on(due_days)
        words = f"{said}；{wanted.words}应在{chinese(due_on)}前公开"
        return Line(Kind.INCOME, rule.label, State.DUE, due_on, words)
    due_on = required.due_on(due_days)
    words = f"{said}；{required.words}应在{chinese(due_on)}前公开，已经过期"
    return Line(Kind.INCOME, rule.label, State.STALE if have else State.MISSING, due_on, words)


def line_of(book: Book, kind: Kind, *, newest: str | None, released_on: date | None, today: date) -> Line:
    """How one kind stands at an estate, by the county's rule; `newest` is the period of the newest release."""
    rule = rule_of(book, kind)
    if rule.cadence is Cadence.QUARTERLY:
        return income_line(rule, newest=newest, released_on=released_on, today=today)
    return standing_line(kind, rule, released_on=released_on, today=today)


def quarters(released: Collection[tuple[str, date]], *, today: date, due_days: int) -> list[QuarterState]:
    """The newest quarters, newest first, each with its state; none before the first that was ever released."""
    days = dict(released)
    wanted = last_finished(today)
    first = min([quarter for text in days if (quarter := parse_quarter(text))], default=wanted)
    required = required_quarter(today, due_days)
    oldest = max(min(first, required), wanted.after(1 - SHOWN_QUARTERS))
    steps = [wanted.after(-step) for step in range(SHOWN_QUARTERS) if wanted.after(-step) >= oldest]
    return [_quarter_state(quarter, days, today=today, due_days=due_days) for quarter in steps]


def _quarter_state(quarter: Quarter, days: dict[str, date], *, today: date, due_days: int) -> QuarterState:
    released_on, due_on = days.get(str(quarter)), quarter.due_on(due_days)
    if released_on:
        return QuarterState(quarter, State.CURRENT, released_on)
    return QuarterState(quarter, State.DUE if today <= due_on else State.MISSING, due_on)


def choices(today: date) -> list[Quarter]:
    """The quarters that may be entered: the newest eight that are over."""
    return [last_finished(today).after(-step) for step in range(2 * SHOWN_QUARTERS)]


def stale_before(rule: Rule, today: date) -> date:
    """A standing disclosure released before this day is stale today."""
    return today - timedelta(days=rule.stale_days or 0)
