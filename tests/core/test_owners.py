"""What root makes belongs to whoever owns the folder around it: a restore's photos are read by the service."""

import os

import pytest

from server.cli.backup import folder as folders
from server.cli.backup.manifest import MANIFEST
from server.photos.folder import LocalStore

SERVICE = 10001
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def home(tmp_path):
    """The service's own folder."""
    os.chown(tmp_path, SERVICE, SERVICE)
    return tmp_path


def owners(folder):
    """Whose everything in a folder is, the folder with it."""
    return {(path.stat().st_uid, path.stat().st_gid) for path in (folder, *folder.rglob("*"))}


def test_photos_that_root_puts_are_the_service_s_with_every_folder_made_for_them(home):
    store = LocalStore(home / "var" / "photos")
    store.put("ab12/1600.jpg", b"photo")
    store.put("ab12/1600.jpg", b"another")
    assert store.open("ab12/1600.jpg") == b"another"
    assert owners(home) == {(SERVICE, SERVICE)}
    assert (home / "var/photos/ab12/1600.jpg").stat().st_mode & 0o777 == 0o600


def test_a_backup_that_root_makes_can_be_cleared_away_by_the_service(home):
    target = home / "20261121-023000"
    with folders.growing(target, home / folders.PARTIAL) as aside:
        (aside / "photos" / "ab").mkdir(parents=True)
        (aside / "photos" / "ab" / "1600.jpg").write_bytes(b"x")
        (aside / MANIFEST).touch(mode=0o600)
    assert owners(target) == {(SERVICE, SERVICE)}
    assert target.stat().st_mode & 0o777 == 0o700


def test_what_somebody_else_makes_is_left_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: SERVICE)
    monkeypatch.setattr(os, "chown", lambda *_, **__: pytest.fail("nobody but root may"))
    LocalStore(tmp_path / "photos").put("ab12/320.jpg", b"x")
