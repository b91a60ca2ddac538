"""Photos of confidential reports that DATA_KEY sealed move under a new key like everything else."""

from server.confidential.models import SealedPhoto, SealedReport
from server.confidential.photos import data_url, reseal_photos, sealed_bytes, sealed_photo_keys
from server.core.crypto import Vault
from server.core.db import db
from server.photos.service import keep_photo
from tests.confidential.stage import open_desks, told
from tests.photos.pictures import encoded, flag

NEW = ("k2", b"n" * 32)


def test_a_photo_moves_under_the_newest_key_and_shows_the_same(app, client, world):
    open_desks(world)
    photo, _ = keep_photo(encoded(flag((480, 320)), quality=90), now=world.now)
    db.session.commit()
    answer = told(client, world, photos=[photo.id])
    assert answer.status_code == 201, answer.json
    one = db.session.scalars(db.select(SealedPhoto)).one()
    report = db.session.get_one(SealedReport, one.report_id)
    before = data_url(sealed_bytes(report.id, one.id), no=report.no, photo_id=one.id)
    old = app.extensions["vault"]
    app.extensions["vault"] = Vault((NEW, *old.keys), old.root)
    try:
        assert sealed_photo_keys() == {old.keys[0][0]: 1}
        assert (reseal_photos(), reseal_photos()) == (1, 0)
        app.extensions["vault"] = Vault((NEW,), old.root)
        assert sealed_photo_keys() == {"k2": 1}
        assert data_url(sealed_bytes(report.id, one.id), no=report.no, photo_id=one.id) == before
    finally:
        app.extensions["vault"] = old
