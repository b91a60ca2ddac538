"""Reading places: what a page of an estate needs beside the estate itself."""

from sqlalchemy import select

from server.core.db import db
from server.estates.models import Building, EmergencyNumber


def emergency_numbers(estate_id: int) -> list[tuple[str, str]]:
    """The estate's own emergency numbers as (label, phone), in their order."""
    query = (
        select(EmergencyNumber.label, EmergencyNumber.phone)
        .where(EmergencyNumber.estate_id == estate_id)
        .order_by(EmergencyNumber.rank, EmergencyNumber.id)
    )
    return [(row.label, row.phone) for row in db.session.execute(query)]


def buildings(estate_id: int) -> list[tuple[str, int]]:
    """The estate's buildings as (name, units), in their order."""
    query = (
        select(Building.name, Building.units)
        .where(Building.estate_id == estate_id)
        .order_by(Building.rank, Building.id)
    )
    return [(row.name, row.units) for row in db.session.execute(query)]


def emergency_numbers_by_kind(estate_id: int) -> list[tuple[str, str, str]]:
    """The estate's own emergency numbers as (kind, label, phone); a kind is the rule book's key."""
    query = (
        select(EmergencyNumber.kind, EmergencyNumber.label, EmergencyNumber.phone)
        .where(EmergencyNumber.estate_id == estate_id)
        .order_by(EmergencyNumber.rank, EmergencyNumber.id)
    )
    return [(row.kind, row.label, row.phone) for row in db.session.execute(query)]
