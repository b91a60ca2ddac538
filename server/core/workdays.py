"""Working-time arithmetic: office hours, public holidays and make-up workdays (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Holidays:
    """Days off and make-up workdays (调休) as published, and the years that a published list covers."""

    days_off: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()
    published: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Calendar:
    """Office hours in Shanghai local time on working days; a year without a list counts Monday to Friday."""

    hours: tuple[tuple[time, time], ...]
    holidays: Holidays = Holidays()

    def __post_init__(self) -> None:
        """Refuse hours that are empty, backward or overlapping, for no clock could run on them."""
        edges = [edge for pair in self.hours for edge in pair]
        if not edges or any(earlier >= later for earlier, later in pairwise(edges)):
            message = "working hours must be pairs of times that follow one another within a day"
            raise ValueError(message)

    def is_workday(self, on: date) -> bool:
        """Whether offices work on this local date."""
        if on in self.holidays.makeup_days:
            return True
        return on.weekday() < SATURDAY and on not in self.holidays.days_off

    @property
    def minutes_a_day(self) -> int:
        """Length of one working day in minutes."""
        return sum((_minute(end) - _minute(start) for start, end in self.hours), 0)

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """The UTC instant when so many working minutes have passed; zero is the start itself."""
        if minutes < 0:
            message = "working minutes cannot be negative"
            raise ValueError(message)
        left = timedelta(minutes=minutes)
        if not left:
            return start.astimezone(UTC)
        for opens_at, closes_at in self._spans(start):
            if closes_at - opens_at >= left:
                return opens_at + left
            left -= closes_at - opens_at
        raise AssertionError  # pragma: no cover - the spans never end

    def add_workdays(self, start: datetime, days: int) -> datetime:
        """So many whole working days later: Friday 10:00 plus one is Monday 10:00, Saturday plus one is Monday's end."""
        return self.add_working_minutes(start, days * self.minutes_a_day)

    def workday_after(self, on: date, days: int) -> date:
        """The n-th working date after this one, which is itself not counted (《民法典》第二百零一条)."""
        while days > 0:
            on += DAY
            days -= self.is_workday(on)
        return on

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from start to end; zero where end is not later."""
        total = timedelta()
        for opens_at, closes_at in self._spans(start):
            if opens_at >= end:
                break
            total += min(closes_at, end) - opens_at
        return total // timedelta(minutes=1)

    def unpublished_years(self, from_on: date, to_on: date) -> tuple[int, ...]:
        """The years in the range (both ends included) that no published list covers; each deserves an alarm."""
        years = range(from_on.year, to_on.year + 1)
        return tuple(year for year in years if year not in self.holidays.published)

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working spans in UTC from start on, the first one cut at start."""
        on = start.astimezone(ZONE).date()
        while True:
            for opens, closes in self.hours if self.is_workday(on) else ():
                opens_at, closes_at = _instant(on, opens), _instant(on, closes)
                if closes_at > start:
                    yield max(opens_at, start.astimezone(UTC)), closes_at
            on += DAY


def after_quiet(at: datetime, start: time, end: time) -> datetime:
    """The instant itself, or the end of the quiet hours (local, may cross midnight) that it falls in; UTC."""
    local = at.astimezone(ZONE)
    clock, on = local.time(), local.date()
    if start < end and start <= clock < end:
        return _instant(on, end)
    if start > end and clock >= start:
        return _instant(on + DAY, end)
    if start > end and clock < end:
        return _instant(on, end)
    return at.astimezone(UTC)


def outside_quiet(since: datetime, until: datetime, start: time, end: time) -> timedelta:
    """How much of a span lies outside the quiet hours (local, may cross midnight); zero where it ends before it begins."""
    total, at = timedelta(), after_quiet(since, start, end)
    while at < until:
        begins = _next(at, start)
        total += min(begins, until) - at
        at = after_quiet(begins, start, end)
    return total


def _next(at: datetime, clock: time) -> datetime:
    """When the local clock shows this time for the first time after an instant."""
    on = at.astimezone(ZONE).date()
    today = _instant(on, clock)
    return today if today > at else _instant(on + DAY, clock)


def _instant(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, tzinfo=ZONE).astimezone(UTC)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
