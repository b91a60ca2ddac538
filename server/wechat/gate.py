"""How web requests ask WeChat: never so many at once that a hanging WeChat holds every thread of the process."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from server.notices.channels import RefusalKind
from server.wechat.errors import WeChatRefused

T = TypeVar("T")
HANDS = 1
"""One fewer than the threads of a web process (docs/adr/0007)."""
PATIENCE_SECONDS = 1.0
"""How long a question before ours may take until nobody waits for it any more."""
SHUTS_AFTER = 3
SHUT_SECONDS = 15.0


class Busy(Exception):
    """Nobody may ask just now: somebody has waited for an answer for too long, or several got none."""


class Gate:
    """The questions of one process; threads share it."""

    def __init__(
        self, hands: int = HANDS, *, patience: float = PATIENCE_SECONDS, shut: float = SHUT_SECONDS
    ) -> None:
        self._hands, self._patience, self._shut = threading.BoundedSemaphore(hands), patience, shut
        self._begun = self._shut_until = 0.0
        self._failures = 0

    def through(self, call: Callable[[], T]) -> T:
        """What WeChat answered. Raises Busy within a second, and whatever the call raises."""
        asked = time.monotonic()
        if asked < self._shut_until:
            raise Busy
        if not self._hands.acquire(timeout=max(self._patience - (asked - self._begun), 0)):
            raise Busy
        self._begun = time.monotonic()
        try:
            answer = call()
        except WeChatRefused as refused:
            self._count(sick=refused.kind is RefusalKind.RETRY)
            raise
        else:
            self._count(sick=False)
            return answer
        finally:
            self._hands.release()

    def _count(self, *, sick: bool) -> None:
        """After several without an answer nobody asks for a while; then one failure more is enough."""
        self._failures = self._failures + 1 if sick else 0
        if self._failures >= SHUTS_AFTER:
            self._shut_until = time.monotonic() + self._shut
