"""Photos of confidential reports: sealed, kept apart, and their plain copies gone as soon as the seal is committed."""

import secrets
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, insert, select, update

from server.confidential.models import SealedPhoto
from server.confidential.sealing import PublicKey, again, seal, seal_key, unseal
from server.core.crypto import vault
from server.core.db import db
from server.core.errors import Invalid, NotFound
from server.photos.links import Size
from server.photos.models import Photo
from server.photos.service import file_name, store

PHOTOS_MOST = 9
GONE = "有照片已失效，请重新上传。"
PLAIN = "plain_copies"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def sent_prints(photo_ids: Sequence[str]) -> list[str]:
    """Fingerprints of the photos as they were sent, sorted; those that are gone are missing."""
    if not photo_ids:
        return []
    query = select(Photo.sent_sha256).where(Photo.id.in_(photo_ids), Photo.report_id.is_(None))
    return sorted(one for one in db.session.scalars(query) if one)


def check_photos(photo_ids: Sequence[str]) -> None:
    """Raises Invalid where there are too many photos, or one is gone or used already."""
    if len(photo_ids) > PHOTOS_MOST:
        raise Invalid(f"最多 {PHOTOS_MOST} 张照片。", fields={"photos": f"最多 {PHOTOS_MOST} 张"})
    if len(sent_prints(photo_ids)) != len(set(photo_ids)):
        raise Invalid(GONE, fields={"photos": GONE})


def seal_photos(
    photo_ids: Sequence[str], key: PublicKey | None, *, county_id: str, report_id: int, event_id: int, no: str
) -> None:
    """Seal the photos under new names; the plain ones are emptied now and deleted at the commit."""
    if not photo_ids:
        return
    for photo_id in dict.fromkeys(photo_ids):
        name = secrets.token_hex(16)
        plain = store().open(file_name(photo_id, Size.FULL))
        store().put(sealed_name(name), seal(plain, key, no=no, part=f"photo/{name}").encode())
        row = {"county_id": county_id, "report_id": report_id, "event_id": event_id}
        db.session.execute(insert(SealedPhoto).values(id=name, kid=key.kid if key else None, **row))
    forget_plain(photo_ids)


def forget_plain(photo_ids: Sequence[str]) -> None:
    """Empty the rows of plain copies, so that the next clean-up takes them, and delete their files at the commit."""
    if not photo_ids:
        return
    blank = {"created_at": LONG_AGO, "sha256": "", "sent_sha256": "", "key_hash": None}
    sizes = {"size": 0, "width": 0, "height": 0}
    db.session.execute(
        update(Photo).where(Photo.id.in_(photo_ids), Photo.report_id.is_(None)).values(**blank, **sizes)
    )
    db.session().info.setdefault(PLAIN, []).extend(photo_ids)


def sealed_name(photo_id: str) -> str:
    """Where a sealed photo lies in the store."""
    return f"sealed/{photo_id}.txt"


def photos_of(report_id: int) -> list[SealedPhoto]:
    """The photos of a confidential report in the order of its steps."""
    query = select(SealedPhoto).where(SealedPhoto.report_id == report_id)
    return list(db.session.scalars(query.order_by(SealedPhoto.event_id, SealedPhoto.id)))


def sealed_bytes(report_id: int, photo_id: str) -> str:
    """The seal around a photo of this report. Raises NotFound for any other."""
    photo = db.session.get(SealedPhoto, photo_id)
    if photo is None or photo.report_id != report_id:
        raise NotFound("没有这张照片。")
    return store().open(sealed_name(photo_id)).decode()


def data_url(sealed: str, *, no: str, photo_id: str) -> str:
    """A photo that DATA_KEY opens, as the page itself carries it: it has no address of its own."""
    return "data:image/jpeg;base64," + b64encode(unseal(sealed, no=no, part=f"photo/{photo_id}")).decode()


def _committed(session: Any) -> None:
    for photo_id in session.info.pop(PLAIN, ()):
        for size in Size:
            store().delete(file_name(photo_id, size))


def _undone(session: Any) -> None:
    session.info.pop(PLAIN, None)


event.listen(db.session, "after_commit", _committed)
event.listen(db.session, "after_rollback", _undone)


def sealed_photo_keys() -> Counter[str]:
    """How many photos that DATA_KEY opens lie under which of its keys."""
    return Counter(seal_key(sealed) for _, sealed in _vaulted())


def reseal_photos() -> int:
    """Move those photos under the newest key; how many. Begun again it goes on where it was."""
    newest, moved = vault().keys[0][0], 0
    for name, sealed in _vaulted():
        if seal_key(sealed) != newest:
            store().put(name, again(sealed).encode())
            moved += 1
    return moved


def _vaulted() -> Iterator[tuple[str, str]]:
    query = select(SealedPhoto.id).where(SealedPhoto.kid.is_(None)).order_by(SealedPhoto.id)
    for photo_id in db.session.scalars(query).all():
        name = sealed_name(photo_id)
        yield name, store().open(name).decode()
