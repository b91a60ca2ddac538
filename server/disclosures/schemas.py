"""Bodies of the calls about disclosures; amounts are texts such as `12345.60`, so that no float rounds them."""

from marshmallow import fields, validate

from server.core.numbers import Flag
from server.core.schemas import Body
from server.core.text import Text
from server.disclosures.rules import Kind, State
from server.disclosures.typed import LENGTHS, MOST_ROWS

AMOUNT = {"description": "yuan with two decimals as a text", "example": "12345.60"}
LATEST = "2026-Q3"
ROWS = validate.Length(1, MOST_ROWS)
FEW = validate.Length(0, MOST_ROWS)


class ChargeBody(Body):
    """One charged item."""

    name = Text(most=LENGTHS["name"], least=1, required=True)
    price = Text(most=LENGTHS["price"], least=1, required=True)
    unit = Text(most=LENGTHS["unit"], load_default="")
    basis = Text(most=LENGTHS["basis"], load_default="")


class EntryBody(Body):
    """One line of income or spending."""

    name = Text(most=LENGTHS["name"], least=1, required=True)
    amount = Text(most=30, least=1, required=True, metadata=AMOUNT)


class IncomeBody(Body):
    """A quarter's public income: opening + income − spending = closing."""

    opening = Text(most=30, least=1, required=True, metadata=AMOUNT)
    income = fields.List(fields.Nested(EntryBody), required=True, validate=FEW)
    spending = fields.List(fields.Nested(EntryBody), required=True, validate=FEW)
    closing = Text(most=30, least=1, required=True, metadata=AMOUNT)


class ContactBody(Body):
    """One line of the contact board; `office` confirms that a mobile number is a public office number."""

    department = Text(most=LENGTHS["department"], least=1, required=True)
    duty = Text(most=LENGTHS["duty"], least=1, required=True)
    contact = Text(most=LENGTHS["contact"], load_default="")
    phone = Text(most=40, least=1, required=True)
    office = Flag(load_default=False)


class HandIn(Body):
    """What is handed in: one of the two parts, by its kind."""

    kind = fields.Enum(Kind, by_value=True, required=True, metadata={"description": "charges or income"})
    period = Text(
        most=8, load_default="", metadata={"description": "the quarter of income", "example": LATEST}
    )
    charges = fields.List(fields.Nested(ChargeBody), load_default=None, validate=ROWS)
    income = fields.Nested(IncomeBody, load_default=None)
    reconfirm = Flag(
        load_default=False,
        metadata={"description": "the same content was checked anew: a new revision all the same"},
    )


class PutContacts(Body):
    """A whole contact board."""

    items = fields.List(fields.Nested(ContactBody), required=True, validate=ROWS)
    reconfirm = Flag(load_default=False)


class Nothing(Body):
    """No arguments."""


class LineView(Body):
    """One disclosure and how it stands; `on` is the day of release, or the last day in time."""

    kind = fields.String(required=True)
    label = fields.String(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    on = fields.Date(required=True, allow_none=True)
    words = fields.String(required=True)


class RevisionView(Body):
    """One revision; the part of its kind is there, the others are null."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    period = fields.String(required=True)
    revision = fields.Integer(required=True)
    state = fields.String(required=True)
    released_on = fields.Date(required=True, allow_none=True)
    digest = fields.String(required=True)
    charges = fields.List(fields.Nested(ChargeBody), required=True, allow_none=True)
    income = fields.Nested(IncomeBody, required=True, allow_none=True)
    contacts = fields.List(fields.Nested(ContactBody), required=True, allow_none=True)


class DisclosuresView(Body):
    """What an estate discloses: how each of the five stands, and the newest released revisions."""

    estate_id = fields.String(required=True)
    estate = fields.String(required=True)
    summary = fields.List(fields.Nested(LineView), required=True)
    items = fields.List(fields.Nested(RevisionView), required=True)
    next = fields.String(required=True, allow_none=True)


class ContactsView(Body):
    """The released contact board; empty, without a day, before one was released."""

    estate_id = fields.String(required=True)
    estate = fields.String(required=True)
    revision = fields.Integer(required=True, allow_none=True)
    released_on = fields.Date(required=True, allow_none=True)
    items = fields.List(fields.Nested(ContactBody), required=True)
    next = fields.String(required=True, allow_none=True)
