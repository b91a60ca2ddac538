"""A figure: ours, its limit, their quotient, and whether it reaches what was asked."""

import json
import os
import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

RUNS = 3
SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
"""Seconds of one run; a developer may shorten them."""
WARM_UP = min(4.0, SECONDS)


@dataclass(frozen=True)
class Figure:
    """One line of `make bench`; `asked` words what must hold and `reached` says whether it does."""

    name: str
    ours: float
    limit: float
    unit: str
    n: int
    asked: str
    reached: bool
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Ours as a share, or a multiple, of the limit."""
        return self.ours / self.limit if self.limit else 0.0

    def line(self) -> str:
        """The figure as one JSON object."""
        plain = {
            "name": self.name,
            "ours": round(self.ours, 3),
            "limit": round(self.limit, 3),
            "ratio": round(self.ratio, 3),
            "unit": self.unit,
            "n": self.n,
            "asked": self.asked,
            "reached": self.reached,
        }
        return json.dumps(plain | self.more, ensure_ascii=False)


def at_least(name: str, ours: float, limit: float, *, share: float, unit: str, n: int, **more: Any) -> Figure:
    """A figure of which more is better."""
    return Figure(name, ours, limit, unit, n, f"ratio >= {share}", ours >= share * limit, more)


def at_most(name: str, ours: float, limit: float, *, times: float, unit: str, n: int, **more: Any) -> Figure:
    """A figure of which less is better."""
    return Figure(name, ours, limit, unit, n, f"ratio <= {times}", ours <= times * limit, more)


def beside(name: str, ours: float, unit: str, n: int, **more: Any) -> Figure:
    """A figure that says something about the machine or the client; nothing is asked of it."""
    return Figure(name, ours, ours, unit, n, "", reached=True, more=more)


def median_of(runs: Iterable[dict[str, Any]], key: str = "rate") -> dict[str, Any]:
    """The run in the middle, by its rate unless said otherwise."""
    return sorted(runs, key=lambda run: run[key])[RUNS // 2]


def alternating(
    ours: Callable[[], Any], limit: Callable[[], Any], *, runs: int = RUNS
) -> tuple[list[Any], list[Any]]:
    """Both in turn, so that whatever else the machine does hits them alike."""
    pairs = [(ours(), limit()) for _ in range(runs)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def middle(values: Iterable[float]) -> float:
    """The median."""
    return statistics.median(values)


def table(figures: Iterable[Figure]) -> None:
    """The whole run for a reader, on standard error."""
    for one in figures:
        mark = "" if not one.asked else ("ok  " if one.reached else "MISS")
        values = f"{one.ours:12,.2f} {one.limit:12,.2f} {one.ratio:7.2f}"
        print(f"{mark:4} {one.name:44} {values}  {one.unit:10} {one.asked}", file=sys.stderr)
