"""What the holder of a link is shown: what a department may see of one report, masked, and his own answer."""

from dataclasses import dataclass
from datetime import datetime

from server.photos.links import Size
from server.photos.service import link, photos_of
from server.policy.loader import book_behind
from server.reports.body_links import Opened, allowed
from server.reports.eyes import MASKED
from server.reports.pictures import holder_of
from server.reports.queries import history, names_of
from server.reports.words import ACTS, OUTCOMES
from server.reports.workflow import Act
from server.web.desk.clocks import Clock, clock_of
from server.web.desk.evidence import endings, resolve_hint
from server.web.desk.rows import kind_of
from server.web.times import day_time, stamp

CALLING = frozenset({Act.WHISTLE.value, Act.TRANSFER.value})


@dataclass(frozen=True)
class Own:
    """One step that was taken with the link's body: what it said and when."""

    title: str
    when: str
    text: str
    photos: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """Everything on the page of a link; nothing of it tells who reported, or how to reach him."""

    body: str
    lead: bool
    no: str
    version: int
    kind: str
    estate: str
    place: str
    text: str
    why: str
    """Why the body was called, and by whom."""
    submitted: str
    clocks: tuple[Clock, ...]
    photos: tuple[dict[str, str], ...]
    own: tuple[Own, ...]
    may: frozenset[str]
    spent: bool
    until: str
    outcomes: tuple[tuple[str, str], ...]
    hint: str


def view_of(opened: Opened, *, now: datetime) -> Shown:
    """The page of a link."""
    report, part, book = opened.report, opened.part, book_behind(opened.report)
    kind, names = kind_of(report.county_id, report.kind), names_of(report)
    photos, viewer = photos_of(report.id), holder_of(opened.link)
    shown = {photo.id: (photo.event_id, photo.purpose, _photo(photo.id, viewer, now=now)) for photo in photos}
    events = history(report.id)
    mine = {post.post_id for post in opened.holder.posts}
    call = next((one for one in events if one.id == part.event_id), None)
    may = allowed(opened, now=now)
    return Shown(
        body=opened.body.name,
        lead=part.lead,
        no=report.no,
        version=report.version,
        kind=kind.label if kind else report.kind,
        estate=names.estate,
        place=MASKED.words(" ".join(one for one in (names.spot, MASKED.place(report)) if one)),
        text=MASKED.words(report.text),
        why=MASKED.words(f"{call.by_label}：{call.text}") if call and call.act in CALLING else "",
        submitted=stamp(report.submitted_at, now=now),
        clocks=_clocks(opened, now=now),
        photos=tuple(one for _, purpose, one in shown.values() if purpose == "before"),
        own=tuple(
            Own(
                ACTS[Act(event.act)],
                stamp(event.at, now=now),
                _words(event.text, event.data),
                tuple(one for at, _, one in shown.values() if at == event.id),
            )
            for event in events
            if event.by_post_id in mine and event.id >= part.event_id
        ),
        may=frozenset(act.value for act in may),
        spent=opened.link.spent_at is not None,
        until=day_time(opened.link.expires_at),
        outcomes=endings(book),
        hint=resolve_hint(book, report.kind),
    )


def _words(text: str, data: dict[str, str]) -> str:
    outcome = OUTCOMES.get(data.get("outcome") or "", "")
    basis = data.get("basis")
    return "\n".join(one for one in (text, outcome, f"原因和依据：{basis}" if basis else "") if one)


def _clocks(opened: Opened, *, now: datetime) -> tuple[Clock, ...]:
    part = opened.part
    runs = part.ended_at is None
    answer = clock_of("答复时限", part.due_at, part.answered_at, running=runs, now=now)
    if part.report_in_due_at is None:
        return (answer,)
    due = clock_of("报到时限", part.report_in_due_at, part.reported_in_at, running=runs, now=now)
    return (due, answer)


def _photo(photo_id: str, viewer: str, *, now: datetime) -> dict[str, str]:
    return {
        "url": link(photo_id, Size.FULL, now=now, viewer=viewer),
        "thumb_url": link(photo_id, Size.THUMB, now=now, viewer=viewer),
    }
