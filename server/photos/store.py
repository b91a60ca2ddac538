"""Where photos are kept: three methods, so that a folder, a bucket and plain memory look alike."""

from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from server.core.errors import NotFound
from server.photos.bucket import S3Store, open_bucket
from server.photos.folder import LocalStore
from server.photos.keys import checked


class PhotoStore(Protocol):
    """Bytes under a key such as `8f3c…/1600.jpg`; what is there is whole."""

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes, wholly or not at all; Unavailable when the place is full or away."""

    def open(self, key: str) -> bytes:
        """The bytes that were put; NotFound when there are none."""

    def delete(self, key: str) -> None:
        """Forget the bytes; no matter if there were none."""


class MemoryStore:
    """A store that lives as long as the process."""

    def __init__(self) -> None:
        self.photos: dict[str, bytes] = {}

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes."""
        self.photos[checked(key)] = bytes(data)

    def open(self, key: str) -> bytes:
        """The bytes, or NotFound."""
        try:
            return self.photos[checked(key)]
        except KeyError:
            raise NotFound("这张照片已经不在了。") from None

    def delete(self, key: str) -> None:
        """Forget the bytes."""
        self.photos.pop(checked(key), None)


def open_store(url: str, *, endpoint: str = "", path_style: bool = False) -> PhotoStore:
    """The store that PHOTO_STORE names: `file:///folder`, `s3://bucket/prefix` or `memory:`; else ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path not in {"", "/"}:
        return LocalStore(Path(url2pathname(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        return S3Store(open_bucket(url, endpoint=endpoint, path_style=path_style))
    if parts.scheme == "memory":
        return MemoryStore()
    raise ValueError("PHOTO_STORE must be file:///folder or s3://bucket/prefix")
