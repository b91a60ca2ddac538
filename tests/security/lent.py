"""Addresses of photos as pages, the API and a link's page sign them, and the token of such a link."""

from server.core.tokens import fingerprint
from server.photos.links import Size
from server.photos.service import link
from server.reports.pictures import LINK, LOGIN, PERSON


def lent(side):
    """The token of the link that a called body was given."""
    return f"lent-{side}-".ljust(43, "t")


def photo_at(photo_id, viewer, *, now):
    """What stands behind `/p/`."""
    return link(photo_id, Size.THUMB, now=now, viewer=viewer).removeprefix("/p/")


def signed(scene, caller, side, *, now):
    """The side's photo as a page, the API, and the page of a link would have signed it for a caller."""
    photo = scene.things[side]["photo"].partition("/")[0]
    person, token = scene.world.people.get(f"caller.{caller}"), scene.proofs[caller].get("bearer", "")
    viewers = {
        "desk_photo": f"{PERSON}{person.id if person else 0}",
        "login_photo": f"{LOGIN}{fingerprint(token)}",
        "lent_photo": f"{LINK}{fingerprint(lent(side))}",
    }
    return {name: photo_at(photo, viewer, now=now) for name, viewer in viewers.items()}
