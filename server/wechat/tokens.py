"""Tokens and tickets: fetched once however many threads and processes ask, kept where all of them see it."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple, Protocol

from server.notices.channels import RefusalKind
from server.wechat.errors import WeChatRefused

MARGIN_SECONDS = 300  # stable_token renews in the last five minutes, with old and new both valid
SHORTEST_SECONDS = 10
RENEWED_SECONDS = 60
"""A token that is refused this soon after a renewal is not cured by another one."""


RENEWED = "_renewed"
"""After the key: that it was renewed because it had been refused."""


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

    def alone(self, key: str) -> AbstractContextManager[None]:
        """Within the block nobody else who shares the store is in a block of the same key; raises WeChatRefused."""


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

    def alone(self, key: str) -> AbstractContextManager[None]:
        """Nothing to wait for: the keeper's own lock suffices."""
        del key
        return nullcontext()


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

    def renewed(self, failed: str) -> str:
        """The token to use instead of one that was refused; raises WeChatRefused.

        However many were under way with it, it is renewed once; refused again within a minute it is given back.
        """
        seen = self._failures
        with self._lock:
            return self._other_than(failed, seen)

    def _other_than(self, failed: str, seen: int) -> str:
        self._heed(seen)
        with self._store.alone(self._key):
            kept = self._store.get(self._key)
            if kept and (kept != failed or self._store.get(self._key + RENEWED)):
                return kept
            token = self._renew()
            self._store.set(self._key + RENEWED, "1", ttl=RENEWED_SECONDS)
            return token

    def _fetched(self, seen: int) -> str:
        with self._lock:
            kept = self._store.get(self._key)
            if kept:
                return kept
            self._heed(seen)
            with self._store.alone(self._key):
                return self._store.get(self._key) or self._renew()

    def _heed(self, seen: int) -> None:
        """Whoever stood in line while another failed does not ask again: the line would wait once more each."""
        if self._refused and self._failures != seen:
            raise _copy(self._refused)

    def _renew(self) -> str:
        try:
            grant = self._fetch()
        except WeChatRefused as refused:
            # A refused fetch cannot be cured by another fetch: the secret itself is wrong.
            kind = RefusalKind.PAUSE if refused.kind is RefusalKind.REFRESH else refused.kind
            self._failures += 1
            self._refused = WeChatRefused(refused.code, kind, rid=refused.rid, reached=False)
        else:
            self._refused = None
            self._store.set(self._key, grant.value, ttl=max(grant.seconds - MARGIN_SECONDS, SHORTEST_SECONDS))
            return grant.value
        raise _copy(self._refused)


def _copy(refused: WeChatRefused) -> WeChatRefused:
    return WeChatRefused(refused.code, refused.kind, rid=refused.rid, reached=refused.reached)
