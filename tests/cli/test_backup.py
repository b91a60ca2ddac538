"""A drill: everything is backed up while it runs, lost, and comes back row by row and photo by photo."""

import hashlib
import json
import shutil
import subprocess

import psycopg
import pytest
from sqlalchemy import text

from server.app import create_app
from server.cli.backup import folder as folders
from server.core.backups import last_backup
from server.core.db import db
from server.core.errors import Unavailable
from server.core.grants import APPEND_ONLY
from server.photos.models import Photo
from server.photos.service import store
from server.settings import DEMO_DATA_KEY, Settings
from tests.conftest import NOON, copy_database
from tests.world import build

OTHER_KEY = "k2:" + DEMO_DATA_KEY.removeprefix("d1:")
PHOTOS = 40
NEW = {"audit", "check_run"}
"""The backup's mark, and the check after the restore."""
WEIGH = "SELECT count(*), COALESCE(sum(hashtextextended(t::text, 0)), 0) FROM {} t"


def pixels(number, size):
    return hashlib.sha256(f"{number}/{size}".encode()).digest() * 30


def photo_id(number):
    return hashlib.sha256(bytes([number])).hexdigest()[:32]


def app_on(cluster, template, name, folder, **more):
    owner, url = copy_database(cluster, template, name)
    made = Settings(
        database_url=url,
        database_owner_url=owner,
        var_dir=str(folder),
        public_base_url="http://localhost",
        **more,
    )
    return create_app(made)


@pytest.fixture(scope="module")
def source(cluster, template, worker_name, tmp_path_factory):
    """An application with people, photos and one photo that its row says and the store has lost."""
    app = app_on(cluster, template, f"keep_{worker_name}", tmp_path_factory.mktemp("source"))
    with app.app_context():
        build(NOON)
        for number in range(PHOTOS):
            name, large = photo_id(number), pixels(number, 1600)
            digest = hashlib.sha256(large).hexdigest()
            facts = {"width": 1, "height": 1, "size": len(large), "sha256": digest, "sent_sha256": digest}
            db.session.add(Photo(id=name, county_id="371323", created_at=NOON, **facts))
            store().put(f"{name}/1600.jpg", large)
            store().put(f"{name}/320.jpg", pixels(number, 320))
        db.session.commit()
        db.session.remove()
        yield app
        db.engine.dispose()


@pytest.fixture(scope="module")
def kept(source, tmp_path_factory):
    """Two backups of it in one folder, of which the second shares the photos of the first."""
    parent = tmp_path_factory.mktemp("backups")
    for _ in range(2):
        done = source.test_cli_runner().invoke(args=["backup", str(parent), "--keep", "5"])
        assert done.exit_code == 0, done.output
        [one.rename(parent / "20200101-000000") for one in folders.whole_ones(parent)[:1]]
    return parent


def newest(kept):
    return folders.whole_ones(kept)[-1]


def contents(url):
    """Every table's rows and the sum of their hashes."""
    with psycopg.connect(url) as link:
        names = [
            row[0] for row in link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        return {name: link.execute(WEIGH.format(name)).fetchone() for name in names if name not in NEW}


def empty(cluster, worker_name, folder, **more):
    """An application on a new, empty database and folder."""
    return app_on(cluster, "template0", f"back_{worker_name}", folder, **more)


def restored(app, folder, *words):
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["restore", str(folder), *words])
        db.session.remove()
        db.engine.dispose()
        return done


def test_a_backup_brings_everything_back(source, kept, cluster, worker_name, tmp_path):
    app = empty(cluster, worker_name, tmp_path)
    done = restored(app, newest(kept))
    assert done.exit_code == 0, done.output
    theirs = app.extensions["settings"]
    assert contents(theirs.database_owner_url) == contents(source.extensions["settings"].database_owner_url)
    for number in range(PHOTOS):
        for size in (1600, 320):
            path = tmp_path / "photos" / photo_id(number) / f"{size}.jpg"
            assert path.read_bytes() == pixels(number, size)
    with psycopg.connect(theirs.database_url) as link:
        assert link.execute("SELECT count(*) FROM estate").fetchone() == (0,), "row-level security holds"
        link.execute("SELECT set_config('app.county', '*', false)")
        assert link.execute("SELECT count(*) FROM estate").fetchone() != (0,)
        counted = "SELECT reltuples FROM pg_class WHERE relname = 'estate'"
        assert link.execute(counted).fetchone()[0] > 0, "the planner knows how much there is"
        for table in sorted(set(APPEND_ONLY)):
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                held = link.execute("SELECT has_table_privilege(%s, %s)", (table, right)).fetchone()
                assert held == (False,), (table, right)
    again = restored(app, newest(kept))
    assert again.exit_code == 1
    assert "不是空的" in again.output
    assert restored(app, newest(kept), "--replace").exit_code == 0


def test_it_says_what_it_is_worth_and_leaves_a_mark_that_everybody_sees(source, tmp_path):
    done = source.test_cli_runner().invoke(args=["backup", str(tmp_path / "one")])
    assert "没有 DATA_KEY（现在是 d1）" in done.output
    with source.app_context():
        mark = last_backup()
        db.session.remove()
    assert (mark.photos, mark.faults) == (2 * PHOTOS, 0)
    assert mark.rows > 0


def test_anybody_can_check_one_and_photos_that_did_not_change_are_stored_once(kept):
    for name in ("database.sha256", "photos.sha256"):
        subprocess.run(["sha256sum", "--check", "--quiet", name], cwd=newest(kept), check=True)
    links = {path.stat().st_nlink for path in (newest(kept) / "photos").glob("*/*.jpg")}
    assert links == {2}


def test_what_was_altered_or_is_unfinished_is_refused(kept, cluster, worker_name, tmp_path, source):
    half = tmp_path / "half"
    shutil.copytree(newest(kept), half)
    (half / "manifest.json").unlink()
    app = empty(cluster, worker_name, tmp_path / "var")
    assert "不是一份完整的备份" in restored(app, half).output
    shutil.copy(newest(kept) / "manifest.json", half)
    next(half.glob("photos/*/320.jpg")).write_bytes(b"altered")
    assert "备份坏了" in restored(app, half, "--check-only").output
    next(half.glob("database/*.dat*")).write_bytes(b"altered")
    assert "备份坏了" in restored(app, half).output
    with psycopg.connect(app.extensions["settings"].database_owner_url) as link:
        assert link.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_without_its_key_nothing_is_restored_unless_told(kept, cluster, worker_name, tmp_path):
    done = restored(empty(cluster, worker_name, tmp_path, data_key=OTHER_KEY), newest(kept))
    assert done.exit_code == 1
    assert "用密钥 d1 加密" in done.output


def test_lost_photos_are_named_and_a_full_disk_is_told_before_anything_is_written(source, tmp_path):
    with source.app_context():
        lost = f"{photo_id(0)}/1600.jpg"
        data = store().open(lost)
        store().delete(lost)
        done = source.test_cli_runner().invoke(args=["backup", str(tmp_path / "one")])
        store().put(lost, data)
    assert done.exit_code == 1
    assert "1 个文件找不到" in done.output
    assert json.loads((tmp_path / "one/manifest.json").read_text())["lost"] == [lost]
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    with pytest.raises(Unavailable, match="磁盘还剩"):
        folders.check_room(tmp_path, 2**60)


def test_a_backup_in_use_or_one_that_is_there_is_not_written_over(tmp_path, source):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/x").touch()
    with source.app_context():
        runner = source.test_cli_runner()
        assert "已经有内容" in runner.invoke(args=["backup", str(tmp_path / "taken")]).output
        with folders.growing(tmp_path / "two", tmp_path / ".two.part"):
            assert "另一个备份正在写" in runner.invoke(args=["backup", str(tmp_path / "two")]).output
        db.session.execute(text("SELECT 1"))
        db.session.remove()
