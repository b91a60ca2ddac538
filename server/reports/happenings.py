"""What happened to a report, told in the same transaction to whoever listens from a higher floor."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.reports.workflow import Act


@dataclass(frozen=True)
class Happening:
    """One act on one report, with what higher floors need to judge it."""

    act: Act
    report_id: int
    no: str
    county_id: str
    estate_id: int
    community_id: int
    township_id: int
    event_id: int
    at: datetime
    safety: bool = False
    score: int | None = None
    hand_backs: int = 0
    reopenings: int = 0
    unsolved: int = 0
    """How many neighbouring households say that the resolution did not solve it."""
    public: bool = False
    """Whether the reporter lets the public see it, as the act has left it."""
    parts: tuple[int, ...] = ()
    """What was asked of called bodies and is done with by this act (`report_part`)."""
    vacant: Mapping[int, str] = field(default_factory=dict)
    """Bodies where nobody holds the post: number → name."""


Listener = Callable[[Happening], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """A higher floor wants to know; asked once when the application is wired."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(happening: Happening) -> None:
    """Tell everybody who listens."""
    for listener in _listeners:
        listener(happening)
