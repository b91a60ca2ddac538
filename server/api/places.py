"""The call that tells a place by its scan code (contract.md, JSON API)."""

from typing import Any

from marshmallow import fields

from server.companies.places import Place, place_by_code
from server.companies.standing import committee_words, stand_of
from server.confidential.bodies import offered
from server.core import clock
from server.core.entry import PUBLIC, entry
from server.core.schemas import Body, Calls
from server.disclosures.queries import summary
from server.estates.queries import emergency_numbers
from server.policy.loader import books
from server.policy.model import Book, FirstHand, Kind
from server.policy.routing import route

calls = Calls("places", __name__, description="地点")


class Named(Body):
    """Somebody with an office number."""

    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class KindView(Body):
    """A choice: who handles it, how fast, whom to call first."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    tile = fields.String(required=True)
    handler = fields.String(required=True)
    joint = fields.List(fields.String(), required=True)
    accept_within = fields.String(required=True)
    resolve_within = fields.String(required=True)
    call_first = fields.List(fields.Nested(Named), required=True)


class StandView(Named):
    """Who stands where the manager would, in an estate without a company."""

    kind = fields.String(required=True)


class DisclosureLine(Body):
    """One disclosure of the estate and whether it is current."""

    kind = fields.String(required=True)
    label = fields.String(required=True)
    state = fields.String(required=True)
    on = fields.Date(required=True, allow_none=True)


class PlaceView(Body):
    """A place as a resident sees it."""

    code = fields.String(required=True)
    county_id = fields.String(required=True)
    estate_id = fields.String(required=True)
    estate = fields.String(required=True)
    spot = fields.String(required=True, allow_none=True)
    company = fields.Nested(Named, required=True)
    manager = fields.Nested(Named, required=True)
    stands_in = fields.Nested(StandView, required=True, allow_none=True)
    committee = fields.String(
        required=True, metadata={"description": "who acts for a committee that is not there"}
    )
    community = fields.Nested(Named, required=True)
    bureau = fields.Nested(Named, required=True)
    emergency = fields.List(fields.Nested(Named), required=True)
    kinds = fields.List(fields.Nested(KindView), required=True)
    disclosures = fields.List(fields.Nested(DisclosureLine), required=True)


def _kind(place: Place, book: Book, kind: Kind) -> dict[str, Any]:
    way, klass = route(book, kind.key), book.classes[kind.time_class]
    alone = way.confidential or way.lead
    lead = book.bodies[alone].name if alone else None
    manager = place.company_name or place.community_name
    return {
        "key": kind.key,
        "label": kind.label,
        "tile": kind.tile,
        "handler": lead if way.first is not FirstHand.MANAGER and lead else manager,
        "joint": [] if way.confidential else [book.bodies[key].name for key in way.bodies],
        "accept_within": klass.accept.words,
        "resolve_within": klass.resolve.words,
        "call_first": [
            {"name": book.emergency[key].label, "phone": book.emergency[key].phone or None}
            for key in kind.call_first
        ],
    }


def _stand(place: Place) -> dict[str, Any] | None:
    found = stand_of(place)
    return {"kind": found[0].value, "name": found[1], "phone": found[2]} if found else None


@calls.get("/places/<code>")
@entry(PUBLIC)
@calls.response(200, PlaceView)
@calls.alt_response(404, description="unknown or revoked code: the answer is one")
def place(code: str) -> dict[str, Any]:
    """A place by its scan code: who manages it, what can be reported, what is disclosed."""
    here = place_by_code(code)
    book = books()[here.county_id]
    kept = offered(book, now=clock.now())
    return {
        "code": here.code,
        "county_id": here.county_id,
        "estate_id": str(here.estate_id),
        "estate": here.estate_name,
        "spot": here.spot_name,
        "company": {"name": here.company_name, "phone": here.company_phone},
        "manager": {"name": here.manager_name, "phone": here.manager_phone},
        "stands_in": _stand(here),
        "committee": committee_words(here, book),
        "community": {"name": here.community_name, "phone": here.community_phone},
        "bureau": {"name": here.bureau_name, "phone": here.bureau_phone},
        "emergency": [{"name": label, "phone": phone} for label, phone in emergency_numbers(here.estate_id)],
        "kinds": [
            _kind(here, book, kind)
            for kind in book.kinds.values()
            if not kind.confidential or kind.key in kept
        ],
        "disclosures": summary(here.estate_id, book, clock.today(clock.now())),
    }
