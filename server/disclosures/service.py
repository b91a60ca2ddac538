"""Disclosures are handed in, released and returned here; a row once written says the same for ever."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from server.accounts import permissions
from server.accounts.permissions import can
from server.accounts.roles import Actor
from server.companies.places import Place, place_of_estate
from server.core.clock import today
from server.core.db import db
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.core.text import clean
from server.disclosures.contents import Content, kind_of, to_data
from server.disclosures.models import Disclosure
from server.disclosures.quarters import parse_quarter
from server.disclosures.rules import Kind, choices
from server.estates.models import Estate

NOTE = 400
WORDS = {
    "draft": "等待主管部门公开",
    "released": "已公开",
    "returned": "已退回",
    "replaced": "已被新的一版代替",
}


@dataclass(frozen=True)
class HandedIn:
    """The revision that now stands for what was handed in; `new` is false when it was there already."""

    row: Disclosure
    new: bool


def area(place: Place) -> permissions.Place:
    """The place as permissions know it."""
    return permissions.Place(place.county_id, place.community_id, place.township_id, place.project_body_id)


def hand_in(
    place: Place, content: Content, *, period: str = "", by: Actor, now: datetime, reconfirm: bool = False
) -> HandedIn:
    """A new revision that waits for the bureau; one that waited before is replaced.

    The same content again is no new revision, unless `reconfirm` says that what is released was checked
    anew. Raises Invalid for a quarter that is not over, Forbidden for whoever may not enter here.
    """
    if by.person_id is None or not can(by, "disclosure.enter", area(place)):
        raise Forbidden("您的岗位不能填写这个小区的公开内容。")
    kind = kind_of(content)
    _check_period(kind, period, now=now)
    # Whoever hands in for the same estate at once waits here, so that numbers follow one another.
    db.session.execute(select(Estate.id).where(Estate.id == place.estate_id).with_for_update(key_share=True))
    last = _last(place.estate_id, kind, period)
    data = to_data(content)
    if last and last.data == data and not (reconfirm and last.state == "released"):
        return HandedIn(last, new=False)
    if last and last.state == "draft":
        last.state = "replaced"
    row = Disclosure(
        county_id=place.county_id,
        estate_id=place.estate_id,
        kind=kind,
        period=period,
        revision=last.revision + 1 if last else 1,
        data=data,
        state="draft",
        entered_by=by.person_id,
        entered_at=now,
    )
    row.digest = digest(row, before=last.digest if last else "")
    db.session.add(row)
    db.session.flush()
    return HandedIn(row, new=True)


def digest(row: Disclosure, *, before: str) -> str:
    """SHA-256 over all that never changes in a revision, and over the digest of the one before."""
    fixed = [row.estate_id, row.kind, row.period, row.revision, row.data]
    who = [row.entered_by, int(row.entered_at.timestamp() * 1_000_000)]
    text = json.dumps([before, *fixed, *who], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _check_period(kind: Kind, period: str, *, now: datetime) -> None:
    if kind is not Kind.INCOME:
        if period:
            raise Invalid("这一项不分季度。", fields={"period": "请不要填季度"})
        return
    if parse_quarter(period) not in choices(today(now)):
        raise Invalid(
            "请选择一个已经结束的季度。",
            fields={"period": "请选择已经结束的季度，例如 " + str(choices(today(now))[0])},
        )


def _last(estate_id: int, kind: Kind, period: str) -> Disclosure | None:
    return db.session.scalar(
        select(Disclosure)
        .where(Disclosure.estate_id == estate_id, Disclosure.kind == kind, Disclosure.period == period)
        .order_by(Disclosure.revision.desc())
        .limit(1)
    )


def place_for(actor: Actor, estate_id: int, act: str = "disclosure.enter") -> Place:
    """The place of an estate at which the actor may do the act. Raises NotFound for any other."""
    place = place_of_estate(actor.county_id or "", estate_id)
    if not can(actor, act, area(place)):
        raise NotFound("没有找到这个小区。")
    return place


def release(county_id: str, revision_id: int, *, note: str = "", by: Actor, now: datetime) -> Disclosure:
    """Show a waiting revision to everybody. Raises NotFound for another county's, Conflict when it is decided."""
    return _decide(county_id, revision_id, "released", note, by=by, now=now)


def publish(place: Place, content: Content, *, period: str = "", by: Actor, now: datetime) -> Disclosure:
    """Hand in and release at once, by the bureau itself; what is out already with this content stays as it is."""
    row = hand_in(place, content, period=period, by=by, now=now).row
    if row.state != "draft":
        return row
    return release(place.county_id, row.id, by=by, now=now)


def send_back(county_id: str, revision_id: int, *, note: str, by: Actor, now: datetime) -> Disclosure:
    """Return a waiting revision with what to change. Raises Invalid without a note, else as `release`."""
    if not note.strip():
        raise Invalid("请写明退回的原因，填写的人才知道改哪里。", fields={"note": "请写明退回的原因"})
    return _decide(county_id, revision_id, "returned", note, by=by, now=now)


def _decide(
    county_id: str, revision_id: int, state: str, note: str, *, by: Actor, now: datetime
) -> Disclosure:
    if not can(by, "disclosure.release", permissions.Place(county_id)):
        raise NotFound("没有找到这一版。")
    row = db.session.scalar(
        select(Disclosure)
        .where(Disclosure.id == revision_id, Disclosure.county_id == county_id)
        .with_for_update()
    )
    if row is None:
        raise NotFound("没有找到这一版。")
    if row.state != "draft":
        raise Conflict(f"这一版{WORDS[row.state]}，不能再处理。", state=row.state)
    row.state, row.note = state, _note(note)
    row.decided_by, row.decided_at = by.person_id, now
    db.session.flush()
    return row


def _note(text: str) -> str | None:
    try:
        note = clean(text)
    except ValueError as fault:
        raise Invalid("说明里有不能显示的字符，请重新输入。", fields={"note": "请重新输入"}) from fault
    if len(note) > NOTE:
        raise Invalid(f"说明太长了，最多 {NOTE} 个字。", fields={"note": f"最多 {NOTE} 个字"})
    return note or None
