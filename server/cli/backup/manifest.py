"""What a backup says about itself: counts, keys, and the hash of every file; written last."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from server.core.errors import Invalid

FORMAT = 1
MANIFEST, DATABASE, PHOTOS = "manifest.json", "database", "photos"
DATABASE_HASHES, PHOTO_HASHES = "database.sha256", "photos.sha256"
"""In the words of `sha256sum`, so that anybody can check a backup without this program."""
CHUNK = 2**20


@dataclass(frozen=True)
class Manifest:
    """One backup: `tables` are counts of rows in the dump's own snapshot, `hashes` those of the two lists."""

    made_at: str
    revision: str
    postgres: int
    """The server's major version."""
    database_bytes: int
    tables: dict[str, int]
    photos: int
    """Files, not pictures: each picture lies there in two sizes."""
    photo_bytes: int
    lost: list[str]
    """Photos the database knew and the store did not have."""
    damaged: list[str]
    """Photos that are not what was once taken in."""
    keys: dict[str, str]
    """A probe under each key of DATA_KEY, to tell whether the keys at hand open what lies here."""
    root: str
    """A print under SECRET_KEY, for the same."""
    hashes: dict[str, str]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(self.tables.values())


def write(folder: Path, made: Manifest) -> None:
    """Write it down, readable to its owner alone."""
    path = folder / MANIFEST
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(made), ensure_ascii=False, indent=1) + "\n")


def read(folder: Path) -> Manifest:
    """A whole backup's own words. Raises Invalid where this is none."""
    try:
        found = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        raise Invalid(f"{folder} 不是一份完整的备份：没有 {MANIFEST}。") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Invalid(f"{folder} 是别的版本的程序做的备份，请用那个版本恢复。")
    return Manifest(**found)


def hash_of(path: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while piece := file.read(CHUNK):
            digest.update(piece)
        return digest.hexdigest()


def listed(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """The hashes and names of a list, line by line."""
    with (folder / name).open() as lines:
        for line in lines:
            digest, _, path = line.rstrip("\n").partition("  ")
            yield digest, path


def line(digest: str, path: str) -> str:
    """A line of such a list."""
    return f"{digest}  {path}\n"


def check_files(folder: Path, made: Manifest) -> None:
    """Raises Invalid where a list or a file of the database differs from what was written down."""
    for name, digest in made.hashes.items():
        if hash_of(folder / name) != digest:
            raise Invalid(f"备份坏了：{name} 和 {MANIFEST} 里记的不一样。")
    for digest, path in listed(folder, DATABASE_HASHES):
        if not (folder / path).is_file() or hash_of(folder / path) != digest:
            raise Invalid(f"备份坏了：{path} 缺失或内容变了。")
