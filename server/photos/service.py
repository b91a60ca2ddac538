"""Photos come in, are used by a report, are shown by signed addresses, and go when nothing needs them."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from server.core.counties import Key, open_by
from server.core.db import NATIONAL, db
from server.core.errors import Conflict, Invalid
from server.core.limits import hit
from server.core.tokens import fingerprint
from server.photos.intake import Taken, take_in
from server.photos.links import Size, sign
from server.photos.models import Photo
from server.photos.store import PhotoStore

UNUSED_LASTS = timedelta(days=7)
LINK_LASTS = timedelta(hours=12)


SLOW_DOWN = "这个网络一小时内上传的照片太多了，请稍后再传；也可以先只写文字提交，照片之后再补。急事请打政务服务热线 12345。"


def check_rate(address: str, *, now: datetime) -> None:
    """Count a photo from an address; PHOTOS_AN_HOUR is generous, because a carrier's many residents share one.

    Raises TooMany with what to do meanwhile. An empty address, one of no public network, is not counted.
    """
    most = current_app.extensions["settings"].photos_an_hour
    if address:
        hit("photo", address, most=most, window=timedelta(hours=1), sentence=SLOW_DOWN, now=now)


def store() -> PhotoStore:
    """The running application's store."""
    found: PhotoStore = current_app.extensions["photos"]
    return found


def file_name(photo_id: str, size: Size) -> str:
    """The key of a size in the store."""
    return f"{photo_id}/{size}.jpg"


def keep_photo(
    data: bytes, *, key: str | None = None, address: str = "", now: datetime
) -> tuple[Photo, bool]:
    """Take a photo in and store it; with the same key again, the same photo and True.

    Raises Invalid or TooLarge for what cannot be taken, Conflict when the key came with another picture, TooMany
    where this one is beyond what its network address may send; one that comes again is not counted.
    """
    sent, key_hash = hashlib.sha256(data).hexdigest(), fingerprint(key) if key else None
    if known := _known(key_hash, sent):
        return known, True
    check_rate(address, now=now)
    taken = take_in(data)
    row = _row(taken, sent=sent, key_hash=key_hash, now=now)
    store().put(file_name(row["id"], Size.FULL), taken.full)
    store().put(file_name(row["id"], Size.THUMB), taken.thumb)
    new = insert(Photo).values(**row).on_conflict_do_nothing(index_elements=[Photo.key_hash])
    photo = db.session.scalar(new.returning(Photo))
    if photo:
        return photo, False
    _forget(row["id"])
    return cast("Photo", _known(key_hash, sent)), True  # a copy was quicker, and is committed


def _known(key_hash: str | None, sent: str) -> Photo | None:
    """The photo that this key brought before. Raises Conflict when that was another picture."""
    if key_hash is None:
        return None
    open_by(Key.PHOTO_KEY, key_hash)
    known = db.session.scalar(select(Photo).where(Photo.key_hash == key_hash))
    if known and known.sent_sha256 != sent:
        raise Conflict("这个上传标记已用于另一张照片，请重新选择照片。", code="key_reused")
    return known


def _row(taken: Taken, *, sent: str, key_hash: str | None, now: datetime) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(16),
        "county_id": NATIONAL,
        "width": taken.width,
        "height": taken.height,
        "size": len(taken.full),
        "sha256": taken.sha256,
        "key_hash": key_hash,
        "sent_sha256": sent,
        "created_at": now,
    }


def _forget(photo_id: str) -> None:
    """Delete the files of a photo that no row knows any more."""
    for size in (Size.FULL, Size.THUMB):
        store().delete(file_name(photo_id, size))


def use_photos(
    photo_ids: Sequence[str], county_id: str, report_id: int, event_id: int | None, *, purpose: str
) -> None:
    """Tie photos to a report; each can be used once. Raises Invalid when one is gone or used already."""
    wanted = list(dict.fromkeys(photo_ids))
    done = db.session.execute(
        update(Photo)
        .where(Photo.id.in_(wanted), Photo.report_id.is_(None), Photo.purpose.is_(None))
        .values(county_id=county_id, report_id=report_id, event_id=event_id, purpose=purpose)
        .returning(Photo.id)
    ).all()
    if len(done) != len(wanted):
        raise Invalid("有照片已失效，请重新上传。", fields={"photos": "有照片已失效，请重新上传"})


def keep_for_check(photo_id: str, county_id: str) -> None:
    """Keep a photo as what somebody on patrol saw of a code. Raises Invalid when it is gone or used already."""
    done = db.session.execute(
        update(Photo)
        .where(Photo.id == photo_id, Photo.report_id.is_(None), Photo.purpose.is_(None))
        .values(county_id=county_id, purpose="check")
        .returning(Photo.id)
    ).first()
    if done is None:
        raise Invalid("照片已失效，请重新拍照。", fields={"photos": "照片已失效，请重新拍照"})


def link(photo_id: str, size: Size, *, now: datetime, viewer: str = "") -> str:
    """A signed address for whoever is shown the page that carries it; with `viewer`, for him alone."""
    secret = current_app.extensions["settings"].secret_key
    return sign(photo_id, size, secret=secret, now=now, ttl=LINK_LASTS, viewer=viewer)


def photos_of(report_id: int) -> list[Photo]:
    """The photos of a report, oldest first."""
    query = select(Photo).where(Photo.report_id == report_id).order_by(Photo.created_at, Photo.id)
    return list(db.session.scalars(query))


def discard_unused(*, now: datetime, most: int = 200) -> int:
    """Delete photos that nothing has used for a week; how many went."""
    old = db.session.scalars(
        select(Photo.id)
        .where(Photo.report_id.is_(None), Photo.purpose.is_(None), Photo.created_at < now - UNUSED_LASTS)
        .limit(most)
    ).all()
    for photo_id in old:
        _forget(photo_id)
    db.session.execute(delete(Photo).where(Photo.id.in_(old)))
    return len(old)
