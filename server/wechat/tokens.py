"""Tokens and tickets: fetched once however many threads ask, kept where every process can see them."""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from server.notices.channels import RefusalKind
from server.wechat.errors import WeChatRefused

MARGIN_SECONDS = 300  # stable_token renews in the last five minutes, with old and new both valid
SHORTEST_SECONDS = 10


class Grant(NamedTuple):
    """What an account was granted: a value and the seconds it has left."""

    value: str
    seconds: int


class TokenStore(Protocol):
    """Where tokens live; share one store between processes. Values are secrets of up to 512 characters."""

    def get(self, key: str) -> str | None:
        """The value, or None when absent or expired."""

    def set(self, key: str, value: str, *, ttl: int) -> None:
        """Keep the value for `ttl` seconds."""

    def delete(self, key: str) -> None:
        """Forget the value; nothing happens when there is none."""


class MemoryStore:
    """A store for one process."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._kept: dict[str, tuple[str, float]] = {}

    def get(self, key: str) -> str | None:
        """The value, or None when absent or expired."""
        value, until = self._kept.get(key, ("", 0.0))
        return value if value and self._seconds() < until else None

    def set(self, key: str, value: str, *, ttl: int) -> None:
        """Keep the value for `ttl` seconds."""
        self._kept[key] = (value, self._seconds() + ttl)

    def delete(self, key: str) -> None:
        """Forget the value."""
        self._kept.pop(key, None)


class TokenKeeper:
    """One token or ticket of one account."""

    def __init__(self, store: TokenStore, key: str, fetch: Callable[[], Grant]) -> None:
        self._store, self._key, self._fetch = store, key, fetch
        self._lock = threading.Lock()
        self._failures = 0
        self._refused: WeChatRefused | None = None

    def value(self) -> str:
        """The token, fetched when there is none; raises WeChatRefused."""
        seen = self._failures
        return self._store.get(self._key) or self._fetched(seen)

    def forget(self, failed: str) -> None:
        """Drop the stored token if it is still the one that failed."""
        with self._lock:
            if self._store.get(self._key) == failed:
                self._store.delete(self._key)

    def _fetched(self, seen: int) -> str:
        with self._lock:
            kept = self._store.get(self._key)
            if kept:
                return kept
            if self._refused and self._failures != seen:
                # Somebody failed while we stood in line: asking again would make the line wait once more each.
                raise WeChatRefused(self._refused.code, self._refused.kind, rid=self._refused.rid)
            return self._renew()

    def _renew(self) -> str:
        try:
            grant = self._fetch()
        except WeChatRefused as refused:
            # A refused fetch cannot be cured by another fetch: the secret itself is wrong.
            kind = RefusalKind.PAUSE if refused.kind is RefusalKind.REFRESH else refused.kind
            self._failures += 1
            self._refused = WeChatRefused(refused.code, kind, rid=refused.rid)
        else:
            self._refused = None
            self._store.set(self._key, grant.value, ttl=max(grant.seconds - MARGIN_SECONDS, SHORTEST_SECONDS))
            return grant.value
        raise self._refused
