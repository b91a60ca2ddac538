"""From a posted form to a deed: the same checks as the API's, and every word kept when one of them fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from marshmallow import ValidationError

from server.core.clock import ZONE
from server.core.errors import Invalid
from server.core.http import flat
from server.reports.deeds import Deed
from server.reports.schemas import ActBody
from server.reports.workflow import Act
from server.web.desk.offer import Offer
from server.web.form_photos import FormPhotos, take_photos
from server.web.typed import all_typed, day, numbers, whole

END_OF_DAY = time(23, 59)
ODD_DAY = "日期不对，请重新选择。"


@dataclass
class Draft:
    """What somebody has filled in for one act, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    photos: FormPhotos = field(default_factory=FormPhotos)
    errors: dict[str, str] = field(default_factory=dict)
    joint: tuple[str, ...] = ()
    """Bodies that were ticked to answer a part."""

    def value(self, name: str) -> str:
        """What was typed into a field."""
        return self.values.get(name, "")


def posted(offer: Offer, *, now: datetime) -> Draft:
    """The form as it came; its photos are stored already."""
    photos = take_photos(now=now) if "photos" in offer.asks else FormPhotos()
    errors = {"photos": photos.error} if photos.error else {}
    return Draft(all_typed(), photos, errors, tuple(map(str, numbers("joint"))))


def deed_of(draft: Draft, offer: Offer) -> Deed:
    """The deed that a draft asks for. Raises Invalid with every field at fault."""
    given: dict[str, Any] = {"version": whole(draft.value("version"))}
    errors = dict(draft.errors)
    for name in offer.asks & {"outcome", "basis", "result", "way"}:
        given[name] = draft.value(name) or None
    for name in offer.asks & {"text", "person"}:
        given[name] = draft.value(name)
    if "body" in offer.asks and draft.value("body"):
        given["body"] = whole(draft.value("body"))
        given["joint"] = [whole(one) for one in draft.joint if one != draft.value("body")]
    if offer.act is Act.REPLY and draft.value("part"):
        given |= {"part": True, "basis": draft.value("basis") or None}
    try:
        given |= _times(draft, offer)
    except ValueError:
        errors["until"] = ODD_DAY
    try:
        loaded = ActBody().load(given)
    except ValidationError as fault:
        errors = flat(fault.normalized_messages()) | errors  # type: ignore[no-untyped-call]
        loaded = {}
    errors |= needs(offer, draft, errors)
    if errors:
        raise Invalid("；".join(errors.values()), fields=errors)
    return _deed(loaded, draft)


def needs(offer: Offer, draft: Draft, errors: Mapping[str, str]) -> dict[str, str]:
    """What the form asks for beyond the workflow: a resolution that is not plain says so in words."""
    if offer.act is not Act.RESOLVE or "outcome" in errors:
        return {}
    if not draft.value("outcome"):
        return {"outcome": "请选择处理结果。"}
    return {}


def _times(draft: Draft, offer: Offer) -> dict[str, str]:
    """The day or instant of a form, on the wall clock of Asia/Shanghai."""
    text = draft.value("until")
    if not text or not offer.asks & {"day", "until"}:
        return {}
    at = datetime.fromisoformat(text)
    if day(at.date().isoformat()) is None:
        raise ValueError("no day that anybody means")
    if "day" in offer.asks:
        at = datetime.combine(at.date(), END_OF_DAY)
    return {"until": at.replace(tzinfo=ZONE).isoformat()}


def _deed(loaded: Mapping[str, Any], draft: Draft) -> Deed:
    return Deed(
        version=loaded["version"],
        text=loaded["text"],
        photos=draft.photos.ids,
        outcome=loaded["outcome"],
        basis=loaded["basis"],
        body_id=loaded["body"],
        joint=tuple(loaded["joint"]),
        part=loaded["part"],
        until=loaded["until"],
        result=loaded["result"],
        way=loaded["way"],
        person=loaded["person"],
    )
