"""Who may see a photo whose address is right: an address alone is no key for staff, and ends with what it was given for."""

from datetime import datetime

from sqlalchemy import or_, select

from server.accounts.guards import reader_behind
from server.accounts.roles import Actor
from server.core.db import db
from server.photos.models import Photo
from server.reports.body_links import good_link
from server.reports.models import Report
from server.reports.part_models import ReportLink
from server.reports.scopes import visible_reports

PERSON, LOGIN, LINK = "p", "s", "d"
"""How the name of a viewer begins: a member of staff, one login of his, a link of a called body."""


def viewer_of(actor: Actor) -> str:
    """The name under which pages sign for one member of staff alone: his cookie comes along; else empty."""
    return f"{PERSON}{actor.person_id}" if actor.is_staff else ""


def login_of(actor: Actor) -> str:
    """The same for programs, whose picture elements send no token along: good while this very login is."""
    return f"{LOGIN}{actor.login}" if actor.is_staff else ""


def holder_of(link: ReportLink) -> str:
    """The name under which the page of a link signs: good while the link is."""
    return f"{LINK}{link.token_hash}"


def may_see(photo_id: str, actor: Actor, *, viewer: str, now: datetime) -> bool:
    """Whether somebody with a signed address may have its photo: staff only of reports in their sight.

    Whoever has no post got the address from a page that he could read: a tracking link, or his own form.
    """
    if viewer.startswith(LINK):
        return good_link(viewer.removeprefix(LINK), now=now) is not None
    if viewer.startswith(LOGIN):
        reader = reader_behind(viewer.removeprefix(LOGIN))
        if reader is None or not reader.is_staff or not _in_sight(photo_id, reader):
            return False
    elif viewer and viewer != viewer_of(actor):
        return False
    return not actor.is_staff or _in_sight(photo_id, actor)


def _in_sight(photo_id: str, actor: Actor) -> bool:
    query = (
        select(Photo.id)
        .outerjoin(Report, Report.id == Photo.report_id)
        .where(Photo.id == photo_id, or_(Photo.report_id.is_(None), visible_reports(actor)))
    )
    return db.session.scalar(query) is not None
