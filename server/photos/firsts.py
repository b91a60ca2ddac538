"""The first photo of each report of a list, in one statement."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from server.core.db import db
from server.photos.links import Size
from server.photos.models import Photo
from server.photos.service import link


def first_thumbs(report_ids: Collection[int], *, now: datetime) -> dict[int, str]:
    """The signed address of the small first photo of every report that has one."""
    if not report_ids:
        return {}
    rows = db.session.execute(
        select(Photo.report_id, Photo.id)
        .distinct(Photo.report_id)
        .where(Photo.report_id.in_(report_ids))
        .order_by(Photo.report_id, Photo.created_at, Photo.id)
    )
    return {row.report_id: link(row.id, Size.THUMB, now=now) for row in rows}
