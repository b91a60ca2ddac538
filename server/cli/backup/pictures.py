"""Photos out of the store and into it again, a few at a time, each hashed on its way."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import psycopg
from psycopg import sql

from server.cli.backup import manifest
from server.confidential.photos import sealed_name
from server.core.errors import Conflict, Invalid, NotFound
from server.photos.links import Size
from server.photos.service import file_name
from server.photos.store import PhotoStore

KNOWN = sql.SQL("""
SELECT id, 'photo' AS sort, sha256 FROM photo WHERE size > 0
UNION ALL SELECT public_key, 'copy', '' FROM public_piece WHERE public_key IS NOT NULL
UNION ALL SELECT id, 'sealed', '' FROM sealed_photo
""")
"""What the store must hold; the plain copy of a sealed photo (size 0) is on its way out and is not kept."""
STILL = sql.SQL("SELECT 1 FROM ({}) known WHERE id = %s").format(KNOWN)
BATCH, AT_ONCE = 400, 8


@dataclass(frozen=True)
class File:
    """One file of the store, and the hash it had when it was taken in, where that was noted."""

    id: str
    key: str
    sha256: str = ""


@dataclass
class Tally:
    """What was copied."""

    files: int = 0
    size: int = 0
    lost: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def files_of(row: tuple[str, str, str]) -> list[File]:
    """The files behind one row of `KNOWN`."""
    name, sort, digest = row
    if sort == "sealed":
        return [File(name, sealed_name(name))]
    return [File(name, file_name(name, Size.FULL), digest), File(name, file_name(name, Size.THUMB))]


def copy_out(link: psycopg.Connection, store: PhotoStore, folder: Path, *, previous: Path | None) -> Tally:
    """Copy what the snapshot of `link` knows; files equal to the previous backup's are shared with it, not copied."""
    tally, gone = Tally(), list[File]()
    with (
        link.cursor("photos") as rows,
        (folder / manifest.PHOTO_HASHES).open("w") as hashes,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        rows.execute(KNOWN)
        while batch := rows.fetchmany(BATCH):
            wanted = [file for row in batch for file in files_of(row)]
            copies = pool.map(lambda file: _copy(file, store, folder, previous), wanted)
            for file, (digest, size) in zip(wanted, copies, strict=True):
                if not digest:
                    gone.append(file)
                    continue
                hashes.write(manifest.line(digest, f"{manifest.PHOTOS}/{file.key}"))
                tally.files, tally.size = tally.files + 1, tally.size + size
                if file.sha256 and file.sha256 != digest:
                    tally.damaged.append(file.key)
    tally.lost = [file.key for file in gone if _still_known(link, file)]
    return tally


def _still_known(link: psycopg.Connection, file: File) -> bool:
    """Whether a file that is missing is missed now too: what was deleted since the snapshot is not."""
    with psycopg.connect(link.info.dsn, password=link.info.password or None) as fresh:
        return fresh.execute(STILL, (file.id,)).fetchone() is not None


def _copy(file: File, store: PhotoStore, folder: Path, previous: Path | None) -> tuple[str, int]:
    """The hash and the size of one file, copied; an empty hash where the store has none."""
    try:
        data = store.open(file.key)
    except NotFound:
        return "", 0
    place = folder / manifest.PHOTOS / file.key
    place.parent.mkdir(parents=True, exist_ok=True)
    older = previous / manifest.PHOTOS / file.key if previous else None
    if older and older.is_file() and older.read_bytes() == data:
        os.link(older, place)
    else:
        place.write_bytes(data)
    return hashlib.sha256(data).hexdigest(), len(data)


def check_copies(folder: Path) -> int:
    """How many files lie in a backup. Raises Invalid at the first that is missing or altered."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(
            sum(1 for _ in pool.map(lambda one: _whole(folder, *one), batch)) for batch in _batches(folder)
        )


def copy_in(folder: Path, store: PhotoStore, *, replace: bool) -> int:
    """Put every file of a backup into the store and read it back; how many. Begun again it goes on.

    Raises Invalid where the backup or the store gives other bytes than were written down, Conflict where the store
    holds another photo under a name and `replace` was not said.
    """

    def put(one: tuple[str, str]) -> None:
        digest, path = one
        key, data = path.removeprefix(f"{manifest.PHOTOS}/"), _whole(folder, digest, path)
        there = _there(store, key)
        if there == data:
            return
        if there is not None and not replace:
            raise Conflict(f"照片仓库里已经有另一张 {key}。换一个空的 PHOTO_STORE，或加 --replace。")
        store.put(key, data)
        if _there(store, key) != data:
            raise Invalid(f"照片 {key} 存进去和读出来的不一样，照片仓库有问题。")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(sum(1 for _ in pool.map(put, batch)) for batch in _batches(folder))


def _whole(folder: Path, digest: str, path: str) -> bytes:
    try:
        data = (folder / path).read_bytes()
    except FileNotFoundError:
        data = b""
    if hashlib.sha256(data).hexdigest() != digest:
        raise Invalid(f"备份坏了：{path} 缺失或内容变了。")
    return data


def _there(store: PhotoStore, key: str) -> bytes | None:
    try:
        return store.open(key)
    except NotFound:
        return None


def _batches(folder: Path) -> Iterator[list[tuple[str, str]]]:
    lines = manifest.listed(folder, manifest.PHOTO_HASHES)
    while batch := list(islice(lines, BATCH)):
        yield batch
