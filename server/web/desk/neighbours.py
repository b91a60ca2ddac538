"""Who else met it, as staff see it: households, what was merged, what may be the same; never who they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.accounts.permissions import Part
from server.accounts.roles import Actor
from server.reports.eyes import eyes_on
from server.reports.households import answer_words, count_words, shown
from server.reports.merging import candidates
from server.reports.models import Report
from server.reports.neighbours import lead_of, merged_into, standings
from server.reports.words import STAFF_STATES
from server.reports.workflow import Act
from server.web.desk.dossier import Dossier
from server.web.desk.rows import first_line, place_words
from server.web.times import stamp

NEAR = frozenset({Part.PROJECT, Part.COMMUNITY, Part.TOWNSHIP, Part.BUREAU})
"""Whoever sees every report of the estate, so that a number leads him somewhere."""


@dataclass(frozen=True)
class Neighbours:
    """The part of a report's page about neighbours; the company reads no small numbers."""

    count: str
    answers: str
    lead: str
    merged: tuple[str, ...]
    same: tuple[dict[str, str], ...]

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.count or self.lead or self.merged or self.same)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be merged into, for a form."""
        return [(one["no"], f"{one['no']} {one['words']}") for one in self.same]


def neighbours_of(it: Dossier, actor: Actor, *, now: datetime) -> Neighbours:
    """What a member of staff sees of a report's neighbours."""
    report, eyes = it.report, eyes_on(it.report, actor)
    lead, near = lead_of(report), bool(it.mine & NEAR)
    found = shown(standings([lead])[lead.id], exact=eyes.as_typed)
    return Neighbours(
        count=count_words(found),
        answers=answer_words(found),
        lead=lead.no if near and lead.id != report.id else "",
        merged=tuple(row.no for row in merged_into(report.id)) if near else (),
        same=tuple(_same(report, actor, now=now)) if Act.MERGE in it.acts else (),
    )


def _same(report: Report, actor: Actor, *, now: datetime) -> list[dict[str, str]]:
    """Open reports that may be the same; only the bureau and the community, who read words as typed, get here."""
    return [_line(row, now=now) for row in candidates(report, actor, now=now)]


def _line(row: Any, *, now: datetime) -> dict[str, str]:
    place = place_words(row.building, row.unit, row.where_text)
    words = " · ".join(
        part for part in (place, stamp(row.submitted_at, now=now), first_line(row.text)) if part
    )
    return {"no": row.no, "words": words, "state": STAFF_STATES.get(row.state, row.state)}
