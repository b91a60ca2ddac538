"""What is known of the system at one instant, and what follows from it at once (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from server.seeing import expected

HEART = ("sweep", "wake_pushes")
"""Duties of every few seconds; while both are silent no clock runs."""
CHECKER = "check"
"""The duty that looks for losses; what it found is judged, not only that it ran."""
SILENT_AFTER = timedelta(minutes=2)
CHECK_AFTER = timedelta(minutes=20)


@dataclass(frozen=True)
class Checked:
    """The newest look for anything lost."""

    at: datetime
    repaired: int
    lost: int


@dataclass(frozen=True)
class Facts:
    """What is known of the system at one instant; no field is about a person, an estate or a report."""

    now: datetime
    waiting: int = 0
    oldest_seconds: float = 0.0
    last_sent_at: datetime | None = None
    beats: Mapping[str, datetime] = field(default_factory=dict)
    """When each duty last went well."""
    periods: Mapping[str, timedelta] = field(default_factory=dict)
    """How often each duty is due."""
    lag_seconds: float = 0.0
    resting: tuple[tuple[str, str, datetime], ...] = ()
    dead: int = 0
    tight: str = ""
    """This machine's name, where its disk of photos is nearly full."""
    apart: str = ""
    """This machine's name, where its clock is far from the database's."""
    unheld: str = ""
    """This machine's name, where it works as a role that none of the database's locks holds."""
    free_bytes: int | None = None
    backup_at: datetime | None = None
    backup_faults: int = 0
    backup_wanted: bool = True
    checked: Checked | None = None
    drill_on: date | None = None
    drill_whole: bool = False
    key_at: datetime | None = None

    @property
    def heart_at(self) -> datetime | None:
        """When the workers last gave a sign of life."""
        return max((self.beats[name] for name in HEART if name in self.beats), default=None)

    @property
    def silent(self) -> bool:
        """Whether no worker runs the clocks."""
        return self.heart_at is None or self.now - self.heart_at > SILENT_AFTER

    @property
    def late(self) -> tuple[str, ...]:
        """The duties that have not gone well for too long; none while all are silent, for that is told as one thing."""
        if self.silent:
            return ()
        others = {name: period for name, period in self.periods.items() if name != CHECKER}
        return expected.late(self.beats, others, now=self.now)

    @property
    def unchecked(self) -> bool:
        """Whether nobody has looked for losses for too long although workers run."""
        runs = self.beats if self.checked is None else {**self.beats, CHECKER: self.checked.at}
        return not self.silent and expected.silent(CHECKER, runs, after=CHECK_AFTER, now=self.now)

    @property
    def photos_away(self) -> bool:
        """Whether the store has kept no photo for too long although workers tried."""
        after = expected.PHOTOS_AFTER
        return not self.silent and expected.silent(
            expected.PHOTOS_KEPT, self.beats, after=after, now=self.now
        )

    def stuck(self, after: timedelta) -> bool:
        """Whether pushes have waited so long, and none has gone meanwhile."""
        since = self.now - after
        return self.oldest_seconds >= after.total_seconds() and (
            self.last_sent_at is None or self.last_sent_at <= since
        )
