"""A store of photos whose bytes and failures are counted; it behaves as the one it wraps."""

from collections.abc import Iterator
from contextlib import contextmanager

from server.core.errors import Unavailable
from server.core.measures import PHOTO_BYTES, PHOTO_FAILURES, unfailing
from server.photos.store import PhotoStore


class Counted:
    """Counts what the inner store is asked to do; a photo that is gone is no failure, a store that is away is one."""

    def __init__(self, inner: PhotoStore) -> None:
        self.inner = inner

    def put(self, key: str, data: bytes) -> None:
        """As the inner store."""
        with _watched("put"):
            self.inner.put(key, data)
        _count("put", data)

    def open(self, key: str) -> bytes:
        """As the inner store."""
        with _watched("open"):
            data = self.inner.open(key)
        _count("open", data)
        return data

    def delete(self, key: str) -> None:
        """As the inner store."""
        with _watched("delete"):
            self.inner.delete(key)


def _count(act: str, data: bytes) -> None:
    with unfailing():
        PHOTO_BYTES.labels(act).inc(len(data))


@contextmanager
def _watched(act: str) -> Iterator[None]:
    try:
        yield
    except (Unavailable, OSError):
        with unfailing():
            PHOTO_FAILURES.labels(act).inc()
        raise
