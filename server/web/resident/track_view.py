"""What the tracking page tells of a report: how it stands, by when what happens, what its reporter may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.accounts.permissions import Part, owns
from server.companies.places import place_of_estate
from server.core.errors import NotFound
from server.core.masks import has_numbers
from server.policy.explain import explain
from server.policy.loader import book_behind
from server.reports.facts import facts, subject
from server.reports.find_codes import find_code
from server.reports.models import Report
from server.reports.queries import names_of, own_history, report_by_no
from server.reports.words import CLOSED_AS, OUTCOMES
from server.reports.workflow import OPEN, REFERRED, RESOLVED, SUBMITTED, Act, acts
from server.web.desk.rows import kind_of
from server.web.resident.device import as_resident
from server.web.resident.endings import Ending, danger_calls, ending_of, state_words
from server.web.resident.looks import Looks, looks_of
from server.web.resident.public_state import PublicPart, public_parts
from server.web.resident.rules import names_at
from server.web.resident.sight import sight_of
from server.web.times import day_time
from server.web.wording import Tag, left


@dataclass(frozen=True)
class Tracked:
    """Everything that the tracking page shows; nothing of it tells who the reporter is."""

    report: Report
    kind: str
    estate: str
    place: str
    handler: str
    text: str
    hidden: bool
    """Whether the reporter typed something that the company does not get to read."""
    find_code: str
    """What he needs to find it again in another browser; for himself alone, and empty without a phone."""
    looks: Looks | None
    """Who looked at his phone; for himself alone."""
    state: str
    tag: Tag | None
    due: str
    ending: Ending | None
    """How it ended and what follows, where that wants explaining."""
    calls: list[tuple[str, str]]
    """Whom to call first, while a danger is open."""
    question: str
    before: list[dict[str, str]]
    after: list[dict[str, str]]
    events: list[dict[str, Any]]
    acts: tuple[Act, ...]
    owned: bool
    public: list[PublicPart]
    """How far each piece is on its way to the public; for its author alone."""
    rule: list[tuple[str, str]]
    """Who must do it, by when, who stands above, by which clause of the book it was filed under."""


NOT_HERE = "没有找到，或者这里只有提交的人能打开。请检查编号；换了手机的，请用编号、手机号和找回码找回。"
"""Said alike for a number that does not exist and for one that is somebody else's."""


def look_up(no: str) -> Report | None:
    """The report of a number, if there is one; the caller says whether it may be known."""
    try:
        return report_by_no(no)
    except NotFound:
        return None


def is_own(report: Report) -> bool:
    """Whether whoever asks proved to be the reporter: by this browser or by his WeChat identity."""
    return owns(as_resident(), subject(report))


def tracked(report: Report, *, now: datetime) -> Tracked:
    """The tracking page of a report."""
    names, owned, events = names_of(report), is_own(report), own_history(report.id)
    kind = kind_of(report.county_id, report.kind)
    sight = sight_of(report, events, owned=owned, now=now)
    return Tracked(
        report=report,
        kind=kind.label if kind else report.kind,
        estate=names.estate,
        place=" ".join(part for part in (names.spot, sight.place) if part),
        handler=names.handler,
        text=sight.text,
        hidden=owned and has_numbers(f"{report.text}\n{report.where_text or ''}"),
        find_code=find_code(report) if owned else "",
        looks=looks_of(report, now=now) if owned else None,
        state=state_words(report),
        tag=left(report.due_at, now=now) if report.state in OPEN else None,
        due=due_words(report),
        ending=ending_of(report, owned=owned),
        calls=danger_calls(report),
        question=sight.question,
        before=sight.photos["before"],
        after=sight.photos["after"],
        events=sight.events,
        acts=own_acts(report, now=now) if owned else (),
        owned=owned,
        public=public_parts(report) if owned else [],
        rule=rule_of(report),
    )


def rule_of(report: Report) -> list[tuple[str, str]]:
    """The rule of the report's kind in sentences."""
    names = names_at(place_of_estate(report.county_id, report.estate_id))
    return explain(book_behind(report), report.kind, names).pairs


def own_acts(report: Report, *, now: datetime) -> tuple[Act, ...]:
    """What the reporter may do now, whatever else he may be."""
    return acts(facts(report, book_behind(report), now=now), frozenset({Part.OWNER}))


def due_words(report: Report) -> str:
    """By when what must happen, or how it ended, in one sentence."""
    if report.state == SUBMITTED:
        return f"{day_time(report.due_at)}前受理，{day_time(answer_due(report))}前答复"
    if report.state in OPEN:
        return f"{day_time(answer_due(report))}前答复"
    if report.state == REFERRED:
        return (
            f"调解中心 {day_time(report.due_at)} 前{'给出结果' if report.refer_state == 'taken' else '收案'}"
        )
    if report.state == RESOLVED:
        outcome = OUTCOMES.get(report.outcome or "", "")
        if report.check_due_at is not None:
            return f"{outcome}。{day_time(report.check_due_at)} 前核对答复，之后请您确认"
        return f"{outcome}。请在 {day_time(report.due_at)} 前确认，到期没有回音会按“未确认”办结"
    return CLOSED_AS.get(report.closed_as or "", "") if report.state == "closed" else ""


def answer_due(report: Report) -> datetime:
    """When the answer is due; of the second clock after a reopening."""
    return report.reopen_due_at or report.resolve_due_at
