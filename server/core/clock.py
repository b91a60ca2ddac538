"""The only clock: edges read it, everything else is handed `now`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_frozen: list[datetime] = []


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _frozen[-1] if _frozen else host()


def host() -> datetime:
    """This instant as this machine has it, also where the clock stands still."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


def local(at: datetime) -> datetime:
    """The same instant on the wall clock of Asia/Shanghai."""
    return at.astimezone(ZONE)


def today(at: datetime) -> date:
    """The day in Asia/Shanghai that an instant falls on."""
    return local(at).date()


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Within the block the clock stands at `at`; for tests and drills."""
    _frozen.append(at)
    try:
        yield
    finally:
        _frozen.pop()
