"""A call ends when its time is up, whatever the other side does: a body that drips resets every other time limit."""

import socket
import threading
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_now = threading.local()


class _Watch:
    """One call under way: the connection it has taken, and whether its time was up."""

    def __init__(self) -> None:
        self.link: HTTPConnection | None = None
        self.late = False

    def cut(self) -> None:
        """Time is up: whoever reads from the connection finds its end."""
        self.late = True
        taken = self.link.sock if self.link is not None else None
        if taken is not None:
            with suppress(OSError):
                socket.socket.shutdown(taken, socket.SHUT_RDWR)


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
        watch = _now.watch = _Watch()
        timer = threading.Timer(self._seconds, watch.cut)
        timer.daemon = True
        timer.start()
        try:
            answer = super().send(request, *args, **more)
            _ = answer.content
        except requests.RequestException:
            if not watch.late:
                raise
        finally:
            timer.cancel()
            _now.watch = None
        if watch.late:
            raise requests.Timeout(request=request)
        return answer
