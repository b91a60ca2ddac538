"""A call ends when its time is up, whatever the other side does: a body that drips resets every other time limit."""

import heapq
import itertools
import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_now = threading.local()


class _Watch:
    """One call under way: the connection it has taken, when its time is up, and whether it was."""

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.link: HTTPConnection | None = None
        self.over = self.late = False
        self._turn = threading.Lock()

    def cut(self) -> None:
        """Time is up: whoever reads from the connection finds its end. A call that is over keeps its answer."""
        with self._turn:
            if self.over:
                return
            self.late = True
            taken = self.link.sock if self.link is not None else None
            if taken is not None:
                with suppress(OSError):
                    socket.socket.shutdown(taken, socket.SHUT_RDWR)

    def end(self) -> None:
        """The call is over; from now on nothing is cut."""
        with self._turn:
            self.over = True


class _Clock:
    """One thread of the process that cuts whatever is late; a thread for each call would cost more than the call."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Nothing is watched; so it is also in a forked process, which has no thread of its parent's."""
        self._turn = threading.Condition()
        self._calls: list[tuple[float, int, _Watch]] = []
        self._count = itertools.count()
        self._thread: threading.Thread | None = None

    def begin(self, seconds: float) -> _Watch:
        """Watch over a call that begins now."""
        watch = _Watch(time.monotonic() + seconds)
        with self._turn:
            heapq.heappush(self._calls, (watch.ends_at, next(self._count), watch))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._calls[0][2] is watch:
                self._turn.notify()
        return watch

    def _run(self) -> None:
        while True:
            with self._turn:
                while not self._calls:
                    self._turn.wait()
                ends_at, _, watch = self._calls[0]
                left = ends_at - time.monotonic()
                if left > 0 and not watch.over:
                    self._turn.wait(left)
                    continue
                heapq.heappop(self._calls)
            watch.cut()


_clock = _Clock()
os.register_at_fork(after_in_child=_clock.begin_anew)


def _noted(link: HTTPConnection) -> None:
    watch: _Watch | None = getattr(_now, "watch", None)
    if watch is not None:
        watch.link = link


class _Plain(HTTPConnection):
    def request(self, *args: Any, **more: Any) -> None:
        _noted(self)
        super().request(*args, **more)


class _Sealed(HTTPSConnection):
    def request(self, *args: Any, **more: Any) -> None:
        _noted(self)
        super().request(*args, **more)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SealedPool(HTTPSConnectionPool):
    ConnectionCls = _Sealed


POOLS = {"http": _PlainPool, "https": _SealedPool}


class Punctual(HTTPAdapter):
    """Sends a request and reads its whole answer within so many seconds; raises requests.Timeout otherwise."""

    def __init__(self, seconds: float, **more: Any) -> None:
        self._seconds = seconds
        super().__init__(**more)

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """Connections that say when they are taken."""
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **more: Any) -> Any:
        """The same behind a proxy."""
        manager = super().proxy_manager_for(*args, **more)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        """The answer, its body read."""
        watch = _now.watch = _clock.begin(self._seconds)
        try:
            answer = super().send(request, *args, **more)
            _ = answer.content
        except requests.RequestException:
            if not watch.late:
                raise
        finally:
            watch.end()
            _now.watch = None
        if watch.late:
            raise requests.Timeout(request=request)
        return answer
