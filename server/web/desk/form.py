"""What the form of one act offers to choose from: phrases, outcomes, bodies, the latest deadline."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.core.clock import local
from server.policy.loader import book_behind
from server.reports import mediating
from server.reports.facts import extension_range
from server.reports.models import Report
from server.reports.parts import called_to
from server.reports.side_changes import MESSAGE, RESULTS, WAYS
from server.reports.targets import joint_targets, transfer_targets, usual_bodies, whistle_targets
from server.reports.workflow import Act
from server.web.desk.evidence import endings, resolve_hint
from server.web.desk.offer import Offer
from server.web.times import day_time

INPUT_TIME = "%Y-%m-%dT%H:%M"
INPUT_DAY = "%Y-%m-%d"


@dataclass(frozen=True)
class ActForm:
    """The choices of one form."""

    hint: str
    phrases: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, str], ...]
    targets: tuple[tuple[int, str], ...]
    joint: tuple[tuple[int, str], ...]
    """Who may be asked for a part beside whoever handles."""
    usual: int | None
    """The body that leads by the matrix, where it may be chosen."""
    earliest: str
    latest: str
    latest_words: str


def form_of(report: Report, offer: Offer, *, now: datetime) -> ActForm:
    """The choices for an act on a report, as its county's book has them."""
    book = book_behind(report)
    earliest, latest, words = local(now).strftime(INPUT_DAY), "", ""
    if offer.act is Act.MEASURE:
        last = now + timedelta(days=book.hazard.longest_days)
        earliest, latest = (local(at).strftime(INPUT_TIME) for at in (now, last))
        words = f"最晚 {day_time(last)}"
    elif offer.act is Act.APPOINT:
        earliest = local(now).strftime(INPUT_TIME)
        words = f"调解时限 {day_time(report.refer_due_at)}" if report.refer_due_at else ""
    elif "until" in offer.asks:
        ends, last = extension_range(report, book)
        earliest, latest = (local(at).strftime(INPUT_TIME) for at in (ends, last))
        words = f"现在的时限是 {day_time(ends)}，最晚可以延到 {day_time(last)}"
    return ActForm(
        hint=resolve_hint(book, report.kind)
        if offer.act is Act.RESOLVE
        else offer.hint.format(
            limits=book.limits, hazard=book.hazard, duplicates=book.duplicates, whistle_span=_span(report)
        ),
        phrases=getattr(book.phrases, offer.phrases) if offer.phrases else (),
        outcomes=endings(book) if "outcome" in offer.asks else (),
        results=tuple(results_of(offer.act).items()) if "result" in offer.asks else (),
        ways=_ways(report) if "way" in offer.asks else (),
        **_bodies(report, offer),
        earliest=earliest,
        latest=latest,
        latest_words=words,
    )


def results_of(act: Act) -> dict[str, str]:
    """What an act can come to, in words."""
    return mediating.RESULTS if act is Act.SETTLE else RESULTS[act]


def _span(report: Report) -> str:
    """How long a called body has to report in."""
    return book_behind(report).whistle.report_in.span(report.time_class).words


def _bodies(report: Report, offer: Offer) -> dict[str, Any]:
    """Whom an act may name, the kind's own lead first."""
    if "body" not in offer.asks:
        return {"targets": (), "joint": (), "usual": None}
    called = called_to(report)
    whistles = offer.act is Act.WHISTLE
    found = whistle_targets(report, called) if whistles else transfer_targets(report, called)
    beside = found if whistles else joint_targets(report, called)
    lead = next(iter(usual_bodies(report)), None)
    return {
        "targets": tuple((one.body_id, one.name) for one in found),
        "joint": tuple((one.body_id, one.name) for one in beside),
        "usual": next((one.body_id for one in found if whistles and one.key == lead), None),
    }


def _ways(report: Report) -> tuple[tuple[str, str], ...]:
    """How the community may contact the reporter; without his consent by a message alone (A8)."""
    agreed = report.contact_ok and report.phone_sealed
    return tuple((way, word) for way, word in WAYS.items() if agreed or way == MESSAGE)
