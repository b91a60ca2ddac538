"""The year's goal for hotline complaints (C9): this year against the same days of last year, in whole numbers; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WHOLE = 100
LEAP = (2, 29)
DECEMBER = 12


@dataclass(frozen=True)
class Gauge:
    """How far the goal is reached, up to and with `until`."""

    until: date | None
    """The last day compared; None on the first day of a year, when there is nothing to compare yet."""
    this: int
    last: int
    most: int
    """The most complaints with which the goal is met."""
    met: bool | None
    """None where last year has nothing to compare with."""
    percent: int | None
    """This year in whole percent of last year's, rounded up, so that it never looks better than it is."""

    @property
    def fall(self) -> int | None:
        """By how many percent it fell; below nothing where it rose."""
        return None if self.percent is None else WHOLE - self.percent


def compare(
    this: Mapping[date, int],
    last: Mapping[date, int],
    typed: Mapping[int, int],
    *,
    today: date,
    fall_percent: int,
) -> Gauge:
    """Both years up to yesterday. 29 February is compared with nothing.

    `typed` are last year's totals of whole months, which stand in place of what was counted in them; a month that is
    not over has no such total to be compared with, so the comparison ends with the last whole month then.
    """
    until = _until(today, typed)
    if until is None:
        return _gauge(None, 0, 0, fall_percent)
    first = date(until.year, 1, 1)
    ours = sum(count for on, count in this.items() if first <= on <= until and (on.month, on.day) != LEAP)
    theirs = sum(
        count
        for on, count in last.items()
        if on.year == until.year - 1
        and (on.month, on.day) <= (until.month, until.day)
        and (on.month, on.day) != LEAP
        and on.month not in typed
    )
    theirs += sum(count for month, count in typed.items() if month <= until.month)
    return _gauge(until, ours, theirs, fall_percent)


def _until(today: date, typed: Mapping[int, int]) -> date | None:
    """Yesterday; where last year has only this month's total, the end of the month before."""
    until = today - timedelta(days=1)
    if until.year != today.year:
        return None
    over = (until + timedelta(days=1)).month != until.month
    if until.month in typed and not over:
        until = date(until.year, until.month, 1) - timedelta(days=1)
    return until if until.year == today.year else None


def _gauge(until: date | None, this: int, last: int, fall_percent: int) -> Gauge:
    allowed = last * (WHOLE - fall_percent) // WHOLE
    if not last:
        return Gauge(until, this, last, allowed, None, None)
    met = this * WHOLE <= last * (WHOLE - fall_percent)
    return Gauge(until, this, last, allowed, met, -(-this * WHOLE // last))
