"""Photos in a folder of this machine: written aside, checked, then moved into place."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from server.core.errors import NotFound, Unavailable
from server.core.owners import hand_over, make_folder
from server.photos.keys import checked

FULL_DISK = "照片暂时存不下，报修内容不受影响，可以先不带照片提交，或稍后再传。"
UNREADABLE = "照片暂时打不开，请稍后再试。"


class LocalStore:
    """A folder; a reader sees a whole photo or none, also after a power cut or on a full disk.

    What root puts (a restore) belongs to the folder's owner, so that the service can read it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes, wholly or not at all; Unavailable when the disk refuses."""
        place = self.root / checked(key)
        aside = place.with_name(f".{secrets.token_hex(8)}.part")
        try:
            make_folder(place.parent)
            _write_whole(aside, data)
            hand_over(aside)
            aside.replace(place)
            _sync_folder(place.parent)
        except OSError as error:
            with suppress(OSError):
                aside.unlink()
            raise Unavailable(FULL_DISK) from error

    def open(self, key: str) -> bytes:
        """The bytes that were put, or NotFound; Unavailable when the disk refuses."""
        try:
            return (self.root / checked(key)).read_bytes()
        except FileNotFoundError:
            raise NotFound("这张照片已经不在了。") from None
        except OSError as error:
            raise Unavailable(UNREADABLE) from error

    def delete(self, key: str) -> None:
        """Forget the bytes; no matter if there were none. Unavailable when the disk refuses."""
        try:
            (self.root / checked(key)).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(UNREADABLE) from error


def _write_whole(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            # A nearly full disk takes a part and reports no error until the next write.
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
        if os.fstat(descriptor).st_size != len(data):
            raise OSError("short write")
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
