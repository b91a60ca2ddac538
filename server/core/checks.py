"""A check that answers in time although what it asks may hang: it runs beside, and its answer is kept a while."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

OK, FAILS, HANGS = "ok", "fails", "hangs"
PATIENCE_SECONDS = 3.0
"""How long an asker waits for one check at most."""


@dataclass
class Check:
    """One thing to look at; `run` gives `ok` or a word for what is wrong, and whatever it raises means that it fails."""

    run: Callable[[], str]
    keep_seconds: float
    needed: bool = True
    """Whether nobody can be served while it fails."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _began: float = 0.0
    _done: threading.Event | None = None
    _found: str = OK

    def answer(self) -> str:
        """What the check found, at most `keep_seconds` ago; `hangs` when it takes longer than anybody should wait."""
        with self._lock:
            if self._done is None or (self._done.is_set() and self._age() >= self.keep_seconds):
                self._begin()
            done = self._done
        if done is None or not done.wait(max(PATIENCE_SECONDS - self._age(), 0)):
            return HANGS
        return self._found

    def _age(self) -> float:
        return time.monotonic() - self._began

    def _begin(self) -> None:
        self._began, self._done = time.monotonic(), threading.Event()
        threading.Thread(target=self._look, args=(self._done,), name="check", daemon=True).start()

    def _look(self, done: threading.Event) -> None:
        try:
            self._found = self.run()
        except Exception:  # noqa: BLE001 - whatever it is, what was asked does not work
            self._found = FAILS
        done.set()
