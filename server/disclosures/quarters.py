"""Quarters of the year as disclosures count them; pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

WRITTEN = re.compile(r"(20\d\d)-Q([1-4])", re.ASCII)
NUMBERS = "一二三四"


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter; written `2026-Q3`, said 2026年第三季度."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def words(self) -> str:
        """How people call it."""
        return f"{self.year}年第{NUMBERS[self.number - 1]}季度"

    @property
    def ends_on(self) -> date:
        """Its last day."""
        following = self.after(1)
        return date(following.year, 3 * following.number - 2, 1) - timedelta(days=1)

    def after(self, steps: int) -> "Quarter":
        """The quarter so many later, or earlier for a negative number."""
        count = self.year * 4 + self.number - 1 + steps
        return Quarter(count // 4, count % 4 + 1)

    def due_on(self, due_days: int) -> date:
        """The last day on which its disclosure is in time: so many days after its end."""
        return self.ends_on + timedelta(days=due_days)


def quarter_of(on: date) -> Quarter:
    """The quarter that a day is in."""
    return Quarter(on.year, (on.month + 2) // 3)


def last_finished(today: date) -> Quarter:
    """The newest quarter that is over."""
    return quarter_of(today).after(-1)


def parse_quarter(text: str) -> Quarter | None:
    """A quarter as it is written, `2026-Q3`, or None."""
    found = WRITTEN.fullmatch(text)
    return Quarter(int(found[1]), int(found[2])) if found else None
