"""Where the processes of one machine put their counts, so that whoever is asked can tell those of all."""

import os
import re
from pathlib import Path

import psutil

from server.settings import Settings

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
OF_PROCESS = re.compile(r"_(\d+)\.db\Z")


def prepare(settings: Settings) -> None:
    """Tell prometheus_client the folder; it looks once, when it is imported, so this must come first.

    Nothing is written where nobody may ask: without METRICS_TOKEN.
    """
    if not settings.metrics_token:
        return
    folder = Path(os.environ.setdefault(VARIABLE, str(settings.var / "metrics")))
    folder.mkdir(parents=True, exist_ok=True)
    forget_dead(folder)


def forget_dead(folder: Path) -> None:
    """Begin anew when all who counted here are gone; as long as one lives, no count may go backwards."""
    files = {path: int(found[1]) for path in folder.iterdir() if (found := OF_PROCESS.search(path.name))}
    if not any(psutil.pid_exists(pid) for pid in files.values()):
        for path in files:
            path.unlink(missing_ok=True)
