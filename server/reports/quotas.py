"""How many reports one sender may file, and the kind words for whoever must wait (threats D7, D8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.companies.places import Place
from server.core.errors import TooMany
from server.core.limits import DAY, HOUR, Quota, span
from server.policy.model import Book, Kind

PERSON, ADDRESS, ESTATE = "report-person", "report-address", "report-estate"
URGENT = "urgent"
WORDS = {
    PERSON: "您{span}内已提交 {most} 件上报，都会有人办理。",
    ADDRESS: "您所在的网络{span}内提交的上报太多了。",
    ESTATE: "这个小区{span}内收到的上报特别多，正在办理，请看看邻居是不是已经报过。",
}
AFTER = "请过{wait}再提交，填好的内容可以先留着；着急请直接打电话：{calls}。"


@dataclass(frozen=True)
class Sender:
    """What is known of whoever sends a report. With neither identity the network address and the estate count.

    An address that says nothing about a sender (`addresses.from_outside`) is empty; the estate counts all the same.
    """

    resident_id: int | None = None
    device_hash: str | None = None
    known_device: bool = False
    """Whether this browser has filed before: a fresh token is no proof, anybody can think one up."""
    address: str = ""


def quotas(sender: Sender, place: Place, book: Book, kind: Kind) -> tuple[Quota, ...]:
    """What a report of this sender counts against, by the county's book."""
    guard, found = book.guard, []
    short = timedelta(minutes=guard.short_minutes)
    persons = {"resident": sender.resident_id, "device": sender.device_hash}
    for name, value in persons.items():
        if value is not None:
            found += [
                Quota(PERSON, f"{name}:{value}", guard.short_most, short),
                Quota(PERSON, f"{name}:{value}", guard.day_most, DAY),
            ]
    if sender.resident_id is None and not sender.known_device:
        if sender.address:
            found.append(Quota(ADDRESS, sender.address, guard.address_hour_most, HOUR))
        if not kind.safety and kind.time_class != URGENT:
            found.append(Quota(ESTATE, str(place.estate_id), guard.estate_hour_most, HOUR))
    return tuple(found)


def calls(place: Place, book: Book) -> list[dict[str, str]]:
    """Whom to call instead: the bureau and the government's service line."""
    hotline = book.emergency["hotline"]
    found = [(place.bureau_name, place.bureau_phone), (hotline.label, hotline.phone)]
    return [{"name": name, "phone": phone} for name, phone in found if phone]


def wait(exceeded: list[Quota], place: Place, book: Book, *, now: datetime) -> TooMany:
    """The refusal: why, until when, and whom to call meanwhile; never silent."""
    last = max(exceeded, key=lambda one: one.left(now))
    numbers = calls(place, book)
    words = WORDS[last.what].format(span=span(last.window), most=last.most)
    told = "、".join(f"{one['name']} {one['phone']}" for one in numbers)
    left = last.left(now)
    after = AFTER.format(wait=span(timedelta(seconds=left)), calls=told)
    return TooMany(words + after, retry_after=left, calls=numbers)
