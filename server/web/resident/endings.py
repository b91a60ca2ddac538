"""How a report ended, told to residents: the outcome in the book's words, its basis, what happens next."""

from dataclasses import dataclass

from server.companies.places import place_of_estate
from server.companies.standing import committee_words
from server.policy.loader import books
from server.reports.calling import call_first
from server.reports.models import Report
from server.reports.queries import last_basis
from server.reports.telling import OF_OWNERS
from server.reports.views import next_step
from server.reports.words import CHECKING, STATES
from server.reports.workflow import CLOSED, OPEN, RESOLVED


@dataclass(frozen=True)
class Ending:
    """An outcome that wants explaining."""

    label: str
    basis: str
    """The basis as the handler wrote it; for the reporter alone."""
    next_step: str
    committee: str
    """Who acts for a committee that is not there, where the owners must decide."""


def state_words(report: Report) -> str:
    """How a report stands; an answer that somebody checks first is not the reporter's to confirm yet."""
    if report.state == RESOLVED and report.check_due_at is not None:
        return CHECKING
    return STATES[report.state]


def ending_of(report: Report, *, owned: bool) -> Ending | None:
    """The ending of a report that was answered; None for what is plainly solved, or not answered."""
    ending = books()[report.county_id].outcomes.get(report.outcome or "")
    if ending is None or ending.solved or report.state not in (RESOLVED, CLOSED):
        return None
    committee = ""
    if ending.key in OF_OWNERS:
        place = place_of_estate(report.county_id, report.estate_id)
        committee = committee_words(place, books()[report.county_id])
    basis = last_basis(report.id) if owned else ""
    return Ending(ending.label, basis, next_step(report), committee)


def danger_calls(report: Report) -> list[tuple[str, str]]:
    """Whom to call while a danger is open; nobody for all other kinds."""
    if report.state not in OPEN or report.kind not in books()[report.county_id].hazard.phone_first:
        return []
    return call_first(report.county_id, report.estate_id, report.kind)
