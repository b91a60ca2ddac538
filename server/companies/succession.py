"""That another body now serves an estate, told to the rooms above that keep work on its desks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Succession:
    """The body whose service ended, and the one that answers for the estate from now on."""

    county_id: str
    estate_id: int
    old_body_id: int
    new_body_id: int
    new_name: str


Listener = Callable[[Succession, datetime], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """A higher floor wants to know; asked once when the application is wired."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(succession: Succession, *, now: datetime) -> None:
    """Tell everybody who listens, in the transaction of the change."""
    for listener in _listeners:
        listener(succession, now)
