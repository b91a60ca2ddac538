"""The calls about disclosures (contract.md, JSON API)."""

from typing import Any

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.core import clock
from server.core.entry import PUBLIC, entry
from server.core.errors import Invalid
from server.core.schemas import Calls
from server.disclosures.contents import Contacts, Content
from server.disclosures.queries import summary
from server.disclosures.revisions import county_of, released
from server.disclosures.rules import Kind
from server.disclosures.schemas import (
    ContactsView,
    DisclosuresView,
    HandIn,
    Nothing,
    PutContacts,
    RevisionView,
)
from server.disclosures.service import hand_in, place_for
from server.disclosures.typed import read_charges, read_contacts, read_income
from server.disclosures.views import content_view, released_views, row_view
from server.policy.loader import books

calls = Calls("disclosures", __name__, description="信息公开")
ESTATE = "<int(max=9223372036854775807):estate_id>"
"""An estate's number, no larger than the database's numbers."""
ENTERING = (Role.BUREAU, Role.MANAGER, Role.COMMUNITY)


@calls.get(f"/estates/{ESTATE}/disclosures")
@entry(PUBLIC)
@calls.arguments(Nothing, location="query", as_kwargs=True)
@calls.response(200, DisclosuresView)
@calls.alt_response(404, description="no such estate")
def disclosures(estate_id: int) -> dict[str, Any]:
    """What an estate discloses: the newest released revision of each kind and quarter."""
    county_id, name = county_of(estate_id)
    lines = summary(estate_id, books()[county_id], clock.today(clock.now()))
    items = released_views(released(estate_id))
    return {"estate_id": str(estate_id), "estate": name, "summary": lines, "items": items, "next": None}


@calls.post(f"/estates/{ESTATE}/disclosures")
@entry(*ENTERING)
@calls.arguments(HandIn)
@calls.response(201, RevisionView)
@calls.alt_response(200, schema=RevisionView, description="the same content again: no new revision")
@calls.alt_response(404, description="no such estate, or not one of the caller's")
def enter(body: dict[str, Any], estate_id: int) -> Any:
    """Hand in charges or a quarter's income; it is shown to nobody before the bureau releases it."""
    place = place_for(actor(), estate_id)
    done = hand_in(
        place,
        _content(body),
        period=body["period"],
        by=actor(),
        now=clock.now(),
        reconfirm=body["reconfirm"],
    )
    return row_view(done.row), 201 if done.new else 200


def _content(body: dict[str, Any]) -> Content:
    kind = body["kind"]
    if kind is Kind.CONTACTS:
        raise Invalid("联系公示牌请用 PUT …/contacts。", fields={"kind": "这里只收 charges 和 income"})
    part = body[kind]
    if part is None:
        raise Invalid(f"缺少 {kind}。", fields={str(kind): "请填写这一项。"})
    try:
        return read_income(**part) if kind is Kind.INCOME else read_charges(part)
    except Invalid as fault:
        raise Invalid(fault.message, fields=_under(kind, fault.fields)) from fault


def _under(kind: Kind, faults: dict[str, str]) -> dict[str, str]:
    """The faults under the names that the body has."""
    if kind is Kind.INCOME:
        return {f"{kind}.{name}": sentence for name, sentence in faults.items()}
    return {name.replace("items", kind, 1): sentence for name, sentence in faults.items()}


@calls.get(f"/estates/{ESTATE}/contacts")
@entry(PUBLIC)
@calls.arguments(Nothing, location="query", as_kwargs=True)
@calls.response(200, ContactsView)
@calls.alt_response(404, description="no such estate")
def contacts(estate_id: int) -> dict[str, Any]:
    """The released contact board of an estate."""
    name = county_of(estate_id)[1]
    board = released(estate_id).contacts
    return {
        "estate_id": str(estate_id),
        "estate": name,
        "revision": board.revision if board else None,
        "released_on": board.on if board else None,
        "items": content_view(board.content if board else Contacts(()))["contacts"],
        "next": None,
    }


@calls.put(f"/estates/{ESTATE}/contacts")
@entry(*ENTERING)
@calls.arguments(PutContacts)
@calls.response(200, RevisionView)
@calls.alt_response(404, description="no such estate, or not one of the caller's")
def put_contacts(body: dict[str, Any], estate_id: int) -> dict[str, Any]:
    """Hand in a whole contact board; it is shown to nobody before the bureau releases it."""
    place = place_for(actor(), estate_id)
    rows = [row | {"office": "1" if row["office"] else ""} for row in body["items"]]
    done = hand_in(place, read_contacts(rows), by=actor(), now=clock.now(), reconfirm=body["reconfirm"])
    return row_view(done.row)
