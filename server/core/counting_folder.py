"""Where the processes of one machine put their counts, so that whoever is asked can tell those of all."""

import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path

import psutil

from server.settings import Settings

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
OF_PROCESS = re.compile(r"_(\d+)\.db\Z")
SERVING = frozenset({"run", "work"})
"""Flask's commands that stay; every other one is over before anybody could ask."""
OPTIONS = 4
"""The command stands among the first words: `flask --app wsgi work`."""
log = logging.getLogger(__name__)


def serves(words: Sequence[str], *, by_flask: bool) -> bool:
    """Whether a process started with these words is a web process or a worker, and no command that comes and goes."""
    return not by_flask or bool(SERVING & set(words[1:OPTIONS]))


def prepare(settings: Settings, *, serving: bool) -> None:
    """Tell prometheus_client the folder; it looks once, when it is imported, so this must come first.

    Nothing is written where nobody may ask (without METRICS_TOKEN), nor by a command, which root may run: such a
    process counts by itself. So does one that may not write there.
    """
    folder = Path(os.environ.pop(VARIABLE, "") or settings.var / "metrics")
    if not (settings.metrics_token and serving):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        forget_dead(folder)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(folder)
    except OSError as fault:
        log.warning("%s cannot hold counts (%s); this process shows its own", folder, type(fault).__name__)
        return
    os.environ[VARIABLE] = str(folder)


def forget_dead(folder: Path) -> None:
    """Begin anew when all who counted here are gone; as long as one lives, no count may go backwards."""
    files = {path: int(found[1]) for path in folder.iterdir() if (found := OF_PROCESS.search(path.name))}
    if not any(psutil.pid_exists(pid) for pid in files.values()):
        for path in files:
            path.unlink(missing_ok=True)
