"""Who may see a photo whose address is right: an address alone is no key for staff."""

from sqlalchemy import or_, select

from server.accounts.roles import Actor
from server.core.db import db
from server.photos.models import Photo
from server.reports.models import Report
from server.reports.scopes import visible_reports


def viewer_of(actor: Actor) -> str:
    """The name under which addresses are signed for one member of staff alone; empty for everybody else."""
    return f"p{actor.person_id}" if actor.is_staff else ""


def may_see(photo_id: str, actor: Actor, *, viewer: str) -> bool:
    """Whether somebody with a signed address may have its photo: staff only of reports in their sight.

    Whoever has no post got the address from a page that he could read: a tracking link, or his own form.
    """
    if viewer and viewer != viewer_of(actor):
        return False
    return not actor.is_staff or _in_sight(photo_id, actor)


def _in_sight(photo_id: str, actor: Actor) -> bool:
    query = (
        select(Photo.id)
        .outerjoin(Report, Report.id == Photo.report_id)
        .where(Photo.id == photo_id, or_(Photo.report_id.is_(None), visible_reports(actor)))
    )
    return db.session.scalar(query) is not None
