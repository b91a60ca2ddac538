"""The public keys of a confidential body: one at a time; what an older one sealed stays under it."""

from datetime import datetime

from sqlalchemy import select, update

from server.confidential.messages import KEY
from server.confidential.models import SealedKey
from server.confidential.notices import tell_body
from server.confidential.sealing import PublicKey, read_public
from server.core.db import db
from server.core.errors import Conflict


def keys_of(body_id: int) -> list[SealedKey]:
    """Every key that the body has set, the newest first."""
    query = select(SealedKey).where(SealedKey.body_id == body_id).order_by(SealedKey.id.desc())
    return list(db.session.scalars(query))


def present_key(body_id: int) -> PublicKey | None:
    """The key that seals from now on; none where the body has set none."""
    query = select(SealedKey).where(SealedKey.body_id == body_id, SealedKey.ended_at.is_(None))
    found = db.session.scalar(query)
    return read_public(found.public_key) if found else None


def set_key(county_id: str, body_id: int, text: str, *, by: int, now: datetime) -> PublicKey:
    """The body's new public key; every holder is told. Raises Invalid for what is no key, Conflict for one set before."""
    key = read_public(text)
    if key.kid in {one.kid for one in keys_of(body_id)}:
        raise Conflict("这把密钥已经设过，请生成一把新的。")
    db.session.execute(
        update(SealedKey)
        .where(SealedKey.body_id == body_id, SealedKey.ended_at.is_(None))
        .values(ended_at=now)
    )
    db.session.add(
        SealedKey(county_id=county_id, body_id=body_id, kid=key.kid, public_key=text, made_by=by, made_at=now)
    )
    db.session.flush()
    tell_body(body_id, KEY, occasion=f"key:{key.kid}", now=now, not_before=None)
    return key
