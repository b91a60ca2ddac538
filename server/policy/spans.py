"""A length of time as a rule book words it, and how it runs on a calendar (pure)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from server.core.workdays import Calendar

WHOLE = 100


class Unit(StrEnum):
    """Units of a span; the working ones stand still outside office hours."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


WORDS = {
    Unit.MINUTES: "分钟",
    Unit.HOURS: "小时",
    Unit.DAYS: "天",
    Unit.WORKING_HOURS: "个工作小时",
    Unit.WORKING_DAYS: "个工作日",
}
UNITS = frozenset(unit.value for unit in Unit)
CLOCK_MINUTES = {Unit.MINUTES: 1, Unit.HOURS: 60, Unit.DAYS: 24 * 60}


@dataclass(frozen=True)
class Span:
    """So many of one unit; zero means at once."""

    amount: int
    unit: Unit

    @property
    def words(self) -> str:
        """The span for a person: 30分钟, 4个工作小时; zero is 立即."""
        return f"{self.amount}{WORDS[self.unit]}" if self.amount else "立即"

    def after(self, start: datetime, calendar: Calendar, *, percent: int = WHOLE) -> datetime:
        """The UTC instant when this percent of the span has run from start (whole minutes, rounded down)."""
        if self.unit in CLOCK_MINUTES:
            minutes = self.amount * CLOCK_MINUTES[self.unit] * percent // WHOLE
            return start.astimezone(UTC) + timedelta(minutes=minutes)
        each = calendar.minutes_a_day if self.unit is Unit.WORKING_DAYS else 60
        return calendar.add_working_minutes(start, self.amount * each * percent // WHOLE)
