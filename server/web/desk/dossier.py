"""A report whole, as staff see it; what could lead to the reporter is not even fetched for the company."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.accounts.permissions import Part
from server.accounts.roles import Actor
from server.photos.links import Size
from server.photos.models import Photo
from server.photos.service import link, photos_of
from server.policy.loader import book_behind
from server.reports.acting import acts_for, parts_of
from server.reports.contact import may_reveal
from server.reports.eyes import eyes_on
from server.reports.fairness import Flag
from server.reports.flags import TITLES, flags_of
from server.reports.matters import acting_bodies, duties_on
from server.reports.models import Report
from server.reports.pictures import viewer_of
from server.reports.queries import history, names_of
from server.reports.words import CHECKING, CLOSED_AS, OUTCOMES, STAFF_STATES
from server.reports.workflow import Act
from server.web.desk.beside_clocks import beside_clocks, first_answer, hazard_facts
from server.web.desk.called import CalledCard, called_card
from server.web.desk.clocks import Clock, clocks_of
from server.web.desk.rows import drawing_of, kind_of
from server.web.desk.timeline import timeline
from server.web.desk.work import Todo, todo_of, waits_for
from server.web.times import day_time, stamp
from server.web.wording import Tag, clock

MAY_CALL = "报告人愿意接听电话。查看号码要写明原因，报告人会看到。"
ASK_COMMUNITY = "报告人愿意接听电话：请通过社区联系。"
NO_CALLS = "报告人没有同意接听电话，请在这里询问或答复。"
NO_NUMBER = "报告人没有留电话，请在这里询问或答复。"


@dataclass(frozen=True)
class Dossier:
    """Everything that the page of one report shows."""

    report: Report
    kind: str
    drawing: str
    estate: str
    spot: str
    place: str
    text: str
    """What the reporter wrote, as this reader may read it; never `report.text`."""
    handler: str
    tag: Tag
    state: str
    submitted: str
    contact: str
    reveals: bool
    """Whether this reader may ask for the phone, with a reason."""
    clocks: list[Clock]
    photos: list[dict[str, str]]
    events: list[dict[str, Any]]
    asks_time: str
    acts: tuple[Act, ...]
    mine: frozenset[Part]
    hazard: list[tuple[str, str]]
    """A danger's measure, responsible post, deadline and second look; empty for all else."""
    called: CalledCard
    """Bodies that were called in, with their clocks."""
    todo: list[Todo]
    """What the reader's own bodies must do now."""
    waits: str
    """Else for whom everybody waits; empty where only the reporter's word is missing."""
    flags: tuple[tuple[str, str], ...] = ()
    """What was noticed in the figures, for the bureau alone: title and reason."""


def dossier(report: Report, actor: Actor, *, now: datetime) -> Dossier:
    """The whole of a report for whoever may see it."""
    mine, eyes = parts_of(report, actor), eyes_on(report, actor)
    book, names = book_behind(report), names_of(report)
    kind, checking = kind_of(report.county_id, report.kind), report.check_due_at is not None
    photos = _by_event(photos_of(report.id), viewer_of(actor), now=now)
    events = history(report.id)
    answered, every = first_answer(events), duties_on(report)
    return Dossier(
        report=report,
        kind=kind.label if kind else report.kind,
        drawing=drawing_of(book, kind),
        estate=names.estate,
        spot=names.spot or "",
        place=eyes.place(report),
        text=eyes.words(report.text),
        handler=names.handler,
        tag=clock(report.state, report.due_at, closed_as=report.closed_as, checking=checking, now=now),
        state=_state_words(report),
        submitted=stamp(report.submitted_at, now=now),
        contact=contact_words(report, mine),
        reveals=may_reveal(report, mine),
        clocks=[*clocks_of(report, first_answer=answered, now=now), *beside_clocks(report, events, now=now)],
        hazard=hazard_facts(report, eyes, now=now),
        photos=[one for one in photos["all"] if one["purpose"] == "before"],
        events=timeline(events, photos, eyes, now=now),
        asks_time=day_time(report.extend_until) if report.extend_until else "",
        acts=acts_for(report, actor, now=now),
        mine=mine,
        called=called_card(report, actor, now=now),
        todo=todo_of(every, acting_bodies(actor), now=now),
        waits=waits_for(report, names.handler, every),
        flags=_flags(report, actor),
    )


def _flags(report: Report, actor: Actor) -> tuple[tuple[str, str], ...]:
    """The flags that stand, or how they were dismissed."""
    return tuple(
        (TITLES[Flag(row.flag)], f"已撤销：{row.dismissed}" if row.dismissed else row.why)
        for row in flags_of(report.id, actor)
    )


def contact_words(report: Report, mine: frozenset[Part]) -> str:
    """How the reporter may be reached; nobody is shown a number here."""
    if not report.phone_sealed:
        return NO_NUMBER
    if not report.contact_ok:
        return NO_CALLS
    return MAY_CALL if may_reveal(report, mine) else ASK_COMMUNITY


def _state_words(report: Report) -> str:
    if report.state == "closed":
        ended = CLOSED_AS.get(report.closed_as or "", "")
        outcome = OUTCOMES.get(report.outcome or "", "")
        return "，".join(part for part in (ended, f"处理结果：{outcome}" if outcome else "") if part)
    if report.check_due_at is not None and report.state == "resolved":
        return CHECKING
    return STAFF_STATES.get(report.state, report.state)


def _by_event(photos: list[Photo], viewer: str, *, now: datetime) -> dict[Any, list[dict[str, str]]]:
    found: dict[Any, list[dict[str, str]]] = defaultdict(list)
    for photo in photos:
        shown = {
            "url": link(photo.id, Size.FULL, now=now, viewer=viewer),
            "thumb_url": link(photo.id, Size.THUMB, now=now, viewer=viewer),
            "purpose": photo.purpose or "",
        }
        found[photo.event_id].append(shown)
        found["all"].append(shown)
    return found
