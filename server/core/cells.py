"""Counts that must not point at a person: cells under three are hidden, and cannot be worked out (A6); pure."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

LEAST = 3
"""Below this a count may be somebody whom the company knows."""


class Hidden(StrEnum):
    """What stands in place of a number."""

    FEW = "少于3"
    """There is somebody, fewer than three."""
    OUT = "不显示"
    """Three or more, left out so that its neighbours cannot be worked out from the total."""


Shown = int | Hidden
K = TypeVar("K", bound=Hashable)
R = TypeVar("R", bound=Hashable)
C = TypeVar("C", bound=Hashable)


@dataclass(frozen=True)
class Line(Generic[K]):
    """One breakdown with its total."""

    cells: dict[K, Shown]
    total: Shown


@dataclass(frozen=True)
class Table(Generic[R, C]):
    """A breakdown by two things, with the totals of its rows, its columns and the whole."""

    cells: dict[R, dict[C, Shown]]
    rows: dict[R, Shown]
    columns: dict[C, Shown]
    total: Shown


def few(count: int) -> bool:
    """Whether a count is to be hidden; nobody at all is nobody's secret."""
    return 0 < count < LEAST


def line(counts: Mapping[K, int]) -> Line[K]:
    """A breakdown as the company may see it.

    Where a cell is hidden, the smallest one that leaves room for doubt is left out too, so that the total stays;
    without such a one the total goes.
    """
    total = sum(counts.values())
    cells: dict[K, Shown] = {key: Hidden.FEW if few(count) else count for key, count in counts.items()}
    if few(total) or not any(few(count) for count in counts.values()):
        return Line(cells, Hidden.FEW if few(total) else total)
    able = [key for key, count in counts.items() if count > LEAST]
    if not able:
        return Line(cells, Hidden.OUT)
    return Line(cells | {min(able, key=lambda key: counts[key]): Hidden.OUT}, total)


def table(counts: Mapping[R, Mapping[C, int]]) -> Table[R, C]:
    """A breakdown by two things; a total stands only where every cell that it sums up is shown."""
    cells: dict[R, dict[C, Shown]] = {
        row: {key: Hidden.FEW if few(count) else count for key, count in given.items()}
        for row, given in counts.items()
    }
    names = list(dict.fromkeys(key for given in counts.values() for key in given))
    rows = {row: _sum(given.values()) for row, given in cells.items()}
    columns = {key: _sum(given[key] for given in cells.values() if key in given) for key in names}
    return Table(cells, rows, columns, _sum(one for given in cells.values() for one in given.values()))


def _sum(cells: Iterable[Shown]) -> Shown:
    total = 0
    for one in cells:
        if isinstance(one, Hidden):
            return Hidden.OUT
        total += one
    return total
