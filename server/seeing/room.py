"""How much room is left where photos lie; a bucket has no end that we could see."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

TIGHT_SHARE, AMPLE_BYTES = 0.10, 20 * 1024**3
"""Below a tenth somebody must act, unless that is still room for months."""


@dataclass(frozen=True)
class Room:
    """Bytes of a disk: all, and free."""

    total: int
    free: int

    @property
    def tight(self) -> bool:
        """Whether the disk is nearly full."""
        return self.free < min(self.total * TIGHT_SHARE, AMPLE_BYTES)


def room_of(url: str) -> Room | None:
    """The disk of a folder of photos, or None for a bucket or a folder that cannot be looked at."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    folder = Path(url2pathname(parts.path))
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Room(usage.total, usage.free)
