"""Small look-ups of photos for pages: the first of each report of a list, those still unused."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from server.core.db import db
from server.photos.links import Size
from server.photos.models import Photo
from server.photos.service import link


def first_thumbs(report_ids: Collection[int], *, now: datetime, viewer: str = "") -> dict[int, str]:
    """The signed address of the small first photo of every report that has one; with `viewer`, for him alone."""
    if not report_ids:
        return {}
    rows = db.session.execute(
        select(Photo.report_id, Photo.id)
        .ext(distinct_on(Photo.report_id))
        .where(Photo.report_id.in_(report_ids))
        .order_by(Photo.report_id, Photo.created_at, Photo.id)
    )
    return {row.report_id: link(row.id, Size.THUMB, now=now, viewer=viewer) for row in rows}


def unused_photos(photo_ids: Collection[str]) -> list[str]:
    """Those of the given photos that no report uses yet, in the given order."""
    wanted = list(dict.fromkeys(photo_ids))
    if not wanted:
        return []
    query = select(Photo.id).where(Photo.id.in_(wanted), Photo.report_id.is_(None), Photo.purpose.is_(None))
    found = set(db.session.scalars(query))
    return [one for one in wanted if one in found]
