"""What a reader of the tracking page is shown of words and photos: its author everything, the bare link what is released."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.moderation.redaction import building_only
from server.moderation.showing import Copies, copies_of
from server.photos.links import Size
from server.photos.models import Photo
from server.photos.service import link, photos_of
from server.reports.eyes import MASKED, TYPED
from server.reports.models import Event, Report
from server.reports.side_changes import REACHED
from server.reports.steps import steps_for
from server.reports.words import OUTCOMES
from server.reports.workflow import Act
from server.web.desk.rows import place_words
from server.web.desk.timeline import timeline

WITHIN = frozenset({Act.SUPERVISE, Act.HAND_BACK, Act.DENY, Act.CHECK})
"""Steps between offices: that they were taken is told, what was said is not."""
Photos = Mapping[Any, list[dict[str, str]]]


@dataclass(frozen=True)
class Sight:
    """The typed words and the photos that one reader gets."""

    text: str
    place: str
    question: str
    photos: Photos
    events: list[dict[str, Any]]


def sight_of(report: Report, events: Sequence[Event], *, owned: bool, now: datetime) -> Sight:
    """What the report's author sees, or whoever was given the link."""
    return _whole(report, events, now=now) if owned else _released(report, events, now=now)


def _whole(report: Report, events: Sequence[Event], *, now: datetime) -> Sight:
    photos = _by_step(
        photos_of(report.id),
        lambda one: {"url": link(one.id, Size.FULL, now=now), "thumb_url": link(one.id, Size.THUMB, now=now)},
    )
    steps = timeline(events, photos, TYPED, now=now)
    for event, step in zip(events, steps, strict=True):
        if event.act in WITHIN:
            step["text"] = ""
        if event.act == Act.CONTACT:
            reached = event.data.get("result") == REACHED
            step["title"] = "社区已联系您" if reached else "社区联系过您，没有联系上"
        _caller(event, step)
    place = place_words(report.building, report.unit, report.where_text)
    return Sight(report.text, place, _question(report, events), photos, steps)


def _released(report: Report, events: Sequence[Event], *, now: datetime) -> Sight:
    """No word and no photo but the released copies; that a step was taken, and when, is told."""
    copies = copies_of([report.id])[report.id]
    public = {photo_id: public_links(part) for photo_id, part in copies.photos}
    photos = _by_step([one for one in photos_of(report.id) if one.id in public], lambda one: public[one.id])
    told = [step.event for step in steps_for(events, MASKED)]
    steps = timeline(told, photos, MASKED, now=now)
    for event, step in zip(told, steps, strict=True):
        step["text"] = _public_words(event, copies)
        _caller(event, step)
    return Sight(copies.text, building_only(report.building), "", photos, steps)


def public_links(part: str) -> dict[str, str]:
    """The two addresses of a photo's public copy."""
    return {"url": f"/pub/{part}/{Size.FULL}", "thumb_url": f"/pub/{part}/{Size.THUMB}"}


def _public_words(event: Event, copies: Copies) -> str:
    answer = next((text for event_id, text in copies.answers if event_id == event.id), "")
    outcome = OUTCOMES.get(event.data.get("outcome") or "", "") if event.act == Act.RESOLVE else ""
    return "\n".join(part for part in (f"处理结果：{outcome}" if outcome else "", answer) if part)


def _caller(event: Event, step: dict[str, Any]) -> None:
    if event.act == Act.SUBMIT and event.by_kind == "staff":
        step["by"] = "由工作人员代为登记"


def _question(report: Report, events: Sequence[Event]) -> str:
    if report.asked_at is None:
        return ""
    return next((event.text for event in reversed(events) if event.act == Act.ASK), "")


def _by_step(photos: Sequence[Photo], links: Any) -> Photos:
    """Photos by the step that they came with, and by what they show."""
    found: dict[Any, list[dict[str, str]]] = defaultdict(list)
    for photo in photos:
        found[photo.event_id].append(links(photo))
        found[photo.purpose].append(links(photo))
    return found
