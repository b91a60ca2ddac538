"""What somebody tells in confidence, and the two seals that it goes into (pure)."""

from dataclasses import dataclass

from server.companies.places import Place
from server.core.masks import phone_digits
from server.policy.model import Kind


@dataclass(frozen=True)
class Telling:
    """What somebody tells, already checked for form."""

    kind: str
    text: str = ""
    photos: tuple[str, ...] = ()
    building: str | None = None
    unit: str | None = None
    where: str | None = None
    phone: str | None = None
    contact_ok: bool = False


def parts_of(place: Place, kind: Kind, telling: Telling) -> dict[str, dict[str, object]]:
    """All that the body is to read; how the sender is reached lies apart, so that it can be deleted before the rest."""
    return {"content": _content(place, kind, telling), "contact": _contact(telling)}


def _content(place: Place, kind: Kind, telling: Telling) -> dict[str, object]:
    return {
        "kind": kind.label,
        "estate": place.estate_name,
        "spot": " ".join(part for part in (place.spot_building, place.spot_name) if part),
        "place": " ".join(part for part in (telling.building, telling.unit, telling.where) if part),
        "text": telling.text,
    }


def _contact(telling: Telling) -> dict[str, object]:
    digits = phone_digits(telling.phone) if telling.phone else None
    return {"phone": digits or "", "contact_ok": telling.contact_ok}
