"""Reports that another room keeps: what this room's calls do not take or find is asked there, in the same words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from server.accounts.roles import Actor
from server.companies.places import Place
from server.reports.deeds import Deed
from server.reports.filing import Filed, Filing


class Keeper(Protocol):
    """What a room must be able to do to keep reports of its own behind the calls of this one."""

    def file(self, place: Place, filing: Filing, *, key: str, address: str, now: datetime) -> Filed | None:
        """The report taken in; None for a kind that is not kept there."""

    def view(self, no: str, actor: Actor, *, now: datetime) -> Mapping[str, Any]:
        """A report for its reporter, as `whole_view` would show it. Raises NotFound for everybody else."""

    def act(self, no: str, act: str, deed: Deed, actor: Actor, *, now: datetime) -> Mapping[str, Any]:
        """An act of its reporter. Raises NotFound for everybody else."""


_keepers: list[Keeper] = []


def plug(keeper: Keeper) -> None:
    """Name the other room; done once when the application is wired."""
    _keepers[:] = [keeper]


def keeper() -> Keeper:
    """The other room."""
    return _keepers[0]
