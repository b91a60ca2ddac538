"""One act at hand, and what it changes (values only)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.accounts.permissions import Part
from server.policy.model import Book
from server.reports.deeds import Deed
from server.reports.models import Report
from server.reports.part_models import ReportPart
from server.reports.parts import NOBODY, Called


@dataclass(frozen=True)
class Change:
    """New values of columns, and what the event keeps beside its text."""

    columns: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One act at hand."""

    report: Report
    deed: Deed
    book: Book
    by: frozenset[Part]
    now: datetime
    called: Called = NOBODY
    own: ReportPart | None = None
    """What was asked of the actor's own body."""

    @property
    def handles(self) -> bool:
        """Whether he acts as the handler, not for a part beside him."""
        return Part.HANDLER in self.by
