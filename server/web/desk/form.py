"""What the form of one act offers to choose from: phrases, outcomes, bodies, the latest deadline."""

from dataclasses import dataclass
from datetime import datetime

from server.core.clock import local
from server.policy.loader import book_behind
from server.reports.facts import extension_range
from server.reports.models import Report
from server.reports.targets import transfer_targets
from server.reports.words import OUTCOMES
from server.web.desk.acts import Offer
from server.web.times import day_time

INPUT_TIME = "%Y-%m-%dT%H:%M"
INPUT_DAY = "%Y-%m-%d"


@dataclass(frozen=True)
class ActForm:
    """The choices of one form."""

    hint: str
    phrases: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]
    targets: tuple[tuple[int, str], ...]
    earliest: str
    latest: str
    latest_words: str


def form_of(report: Report, offer: Offer, *, now: datetime) -> ActForm:
    """The choices for an act on a report, as its county's book has them."""
    book = book_behind(report)
    earliest, latest, words = local(now).strftime(INPUT_DAY), "", ""
    if "until" in offer.asks:
        ends, last = extension_range(report, book)
        earliest, latest = (local(at).strftime(INPUT_TIME) for at in (ends, last))
        words = f"现在的时限是 {day_time(ends)}，最晚可以延到 {day_time(last)}"
    return ActForm(
        hint=offer.hint.format(limits=book.limits),
        phrases=getattr(book.phrases, offer.phrases) if offer.phrases else (),
        outcomes=tuple(OUTCOMES.items()) if "outcome" in offer.asks else (),
        targets=tuple((one.body_id, one.name) for one in transfer_targets(report))
        if "body" in offer.asks
        else (),
        earliest=earliest,
        latest=latest,
        latest_words=words,
    )
