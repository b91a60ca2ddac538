"""Where a report goes, worked out before anything is written (A3, A5, A13, A14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.companies.places import Place
from server.core.errors import Invalid
from server.notices.desks import Delivery, Desk, deliver, find_desks
from server.policy.loader import books
from server.policy.model import Book, FirstHand, Kind
from server.policy.routing import Route, route


@dataclass(frozen=True)
class Plan:
    """Where a report goes, worked out before anything is written."""

    book: Book
    kind: Kind
    handler_id: int
    handler_name: str
    delivery: Delivery
    vacant: Mapping[int, str]


def plan_report(place: Place, kind_key: str, *, now: datetime) -> Plan:
    """Who acts, who is told. Raises Invalid for a kind that the county's book does not offer."""
    book = books()[place.county_id]
    kind = book.kinds.get(kind_key)
    if kind is None or kind.confidential:
        raise Invalid("没有这一类问题，请重新选择。", fields={"kind": "请选择问题类别"})
    way = route(book, kind_key)
    ids = [place.community_id, place.township_id, place.bureau_id]
    desks = find_desks(place.county_id, ids=[*ids, place.handler_id], keys=way.bodies, now=now)
    handler_id, handler_name = _first(place, way, desks, book)
    delivery = deliver(desks, _wanted(place, way, desks, handler_id))
    return Plan(book, kind, handler_id, handler_name, delivery, _vacant(delivery, desks, place, book))


def _first(place: Place, way: Route, desks: list[Desk], book: Book) -> tuple[int, str]:
    """Who acts first: the lead body where the book says so, else the manager or the community (A14)."""
    if way.first is FirstHand.LEAD and way.lead:
        lead = next((desk.body_id for desk in desks if desk.key == way.lead), None)
        if lead is not None:
            return lead, book.bodies[way.lead].name
    return place.handler_id, place.company_name or place.community_name


def _wanted(place: Place, way: Route, desks: list[Desk], handler_id: int) -> dict[int, str]:
    """Every body that is told at once, and as what (A3, A5, A13)."""
    wanted = {handler_id: "handle"}
    wanted.setdefault(place.handler_id, "watch")
    wanted.setdefault(place.bureau_id, "watch")
    if way.township:
        wanted.setdefault(place.township_id, "joint")
    for desk in desks:
        if desk.key in way.bodies:
            wanted.setdefault(desk.body_id, "safety" if desk.key in way.safety else "joint")
    return wanted


def _vacant(delivery: Delivery, desks: list[Desk], place: Place, book: Book) -> dict[int, str]:
    named = {
        place.project_body_id: place.company_name,
        place.community_id: place.community_name,
        place.township_id: place.township_name,
        place.bureau_id: place.bureau_name,
    }
    keys = {
        desk.body_id: book.bodies[desk.key].name for desk in desks if desk.key and desk.key in book.bodies
    }
    return {body: keys.get(body) or named.get(body) or "" for body in delivery.vacant}
