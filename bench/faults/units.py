"""Processes as systemd keeps them: each a group of its own, started again a second after it died."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from server.launch import ROOT

RESTART_AFTER = 1.0
GRACE_SECONDS = 40
LOOK_EVERY = 0.1


class Unit:
    """One service: its command, and the process that runs it now."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        log: Path,
        within: Sequence[str] = (),
    ) -> None:
        self.name, self.command, self.env, self.log = name, [*within, *command], env, log
        self.process: subprocess.Popen[bytes] | None = None
        self.kept, self.starts = False, 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start it; from now on whoever keeps it starts it again."""
        with self._lock, self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=os.environ | dict(self.env),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            self.kept, self.starts = True, self.starts + 1

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def everybody(self) -> list[psutil.Process]:
        """The unit's first process and its children, the first one first."""
        if not self.alive:
            return []
        with suppress(psutil.Error):
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        return []

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """SIGKILL to every process of it."""
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """SIGTERM to the first process, as systemd with KillMode=mixed does; what is left after the grace is killed."""
        self.kept = False
        if not self.alive:
            self.signal(signal.SIGKILL)
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE_SECONDS)
        self.signal(signal.SIGKILL)


class Keeper(threading.Thread):
    """Looks after units: one that died is cleared away and started again."""

    def __init__(self, units: Sequence[Unit]) -> None:
        super().__init__(daemon=True)
        self.units, self.over = list(units), threading.Event()

    def run(self) -> None:
        """Until told that it is over."""
        since: dict[str, float] = {}
        while not self.over.wait(LOOK_EVERY):
            for unit in self.units:
                if not unit.kept or unit.alive:
                    since.pop(unit.name, None)
                elif time.monotonic() - since.setdefault(unit.name, time.monotonic()) >= RESTART_AFTER:
                    unit.signal(signal.SIGKILL)
                    unit.start()
