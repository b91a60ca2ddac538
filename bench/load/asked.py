"""A figure of a load beside what is asked of it."""

from typing import Any

from bench.figures import Figure, beside


def within(name: str, value: float, limit: float | None, unit: str, n: int, **more: Any) -> Figure:
    """A figure that must not lie above its limit; without one it stands beside the others."""
    if limit is None:
        return beside(name, value, unit, n, **more)
    return Figure(name, value, limit, unit, n, f"<= {limit:g} {unit}", value <= limit, more)


def at_least(name: str, value: float, limit: float, unit: str, n: int, **more: Any) -> Figure:
    """A figure that must not lie below its limit."""
    return Figure(name, value, limit, unit, n, f">= {limit:g} {unit}", value >= limit, more)
