import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.app import create_app
from server.core import clock
from server.core.db import db
from server.settings import Settings
from tests.conftest import ROOT, copy_database
from tests.world import build

PATIENCE_SECONDS = 120
"""How long a test waits for another process at most; nothing is asserted about time."""


@pytest.fixture
def committed(cluster, template, worker_name, tmp_path):
    """An application whose database keeps what is committed, so that other processes see it."""
    owner, application = copy_database(cluster, template, f"side_{worker_name}")
    app = create_app(
        Settings(
            database_url=application,
            database_owner_url=owner,
            var_dir=str(tmp_path),
            public_base_url="http://localhost",
        )
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def town(committed):
    """The small world, committed, at this very moment."""
    return build(clock.now())


def eventually(found):
    """Ask again and again, each time in a new transaction, until the answer is true; fails when patience ends."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        db.session.rollback()
        answer = found()
        if answer:
            return answer
        time.sleep(0.2)
    raise AssertionError("it did not happen")


class Stage:
    """Workers in processes of their own, and the folder where their one channel writes what it sends."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.running = folder, []
        self._env = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(folder), "STAGE_DIR": str(folder)}

    def worker(self):
        """One more worker."""
        command = [sys.executable, "-m", "flask", "--app", "tests.worker.stage", "work"]
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=log, stderr=log)
        self.running.append(process)
        return process

    def sent(self):
        """The addresses to which something was sent, in order."""
        path = self.folder / "sent"
        return path.read_text().split() if path.exists() else []

    def kill(self, process):
        """As if the power went."""
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.fixture
def stage(committed, tmp_path):
    made = Stage(tmp_path, committed.extensions["settings"].database_url)
    yield made
    for process in made.running:
        if process.poll() is None:
            process.kill()
            process.wait()
