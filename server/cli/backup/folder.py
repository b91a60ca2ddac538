"""A folder that has its name only when it is whole, room on its disk, and what older ones may go."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from server.cli.backup.manifest import MANIFEST
from server.core import clock
from server.core.errors import Conflict, Unavailable
from server.core.owners import hand_over_all, make_folder

LOCK = ".lock"
DATED = re.compile(r"\d{8}-\d{6}")
PARTIAL, GOING = ".part", ".going"
MIB = 2**20
MARGIN = 1.1
"""So much more room than computed is asked for."""


def dated(parent: Path, *, now: datetime) -> Path:
    """The folder of a backup made now, among others."""
    return parent / f"{clock.local(now):%Y%m%d-%H%M%S}"


def whole_ones(parent: Path) -> list[Path]:
    """The whole backups of a folder, oldest first."""
    found = parent.iterdir() if parent.is_dir() else ()
    return sorted(one for one in found if DATED.fullmatch(one.name) and (one / MANIFEST).is_file())


@contextmanager
def growing(target: Path, aside: Path) -> Iterator[Path]:
    """A folder to fill, `aside`; it becomes `target` when the block ends well, and goes when it does not.

    Made by root, it belongs to the owner of the folder that it lies in: whoever makes the next one clears this away.
    What a killed run left there goes first. Raises Conflict where the target is taken or another run is at work.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict(f"{target} 已经有内容，备份不会覆盖它。请换一个文件夹。")
    make_folder(aside, mode=0o700)
    with (aside / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"另一个备份正在写 {aside}，请等它结束。") from None
        try:
            _clear(aside)
            yield aside
            (aside / LOCK).unlink()
            hand_over_all(aside)
            os.sync()
            aside.replace(target)
            os.sync()
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise


def _clear(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        elif one.name != LOCK:
            one.unlink()


def drop_old(parent: Path, *, keep: int) -> list[str]:
    """Delete all but the newest whole backups; the names of those that went. None ever looks whole while it goes."""
    going = parent / GOING
    shutil.rmtree(going, ignore_errors=True)
    old = whole_ones(parent)[:-keep]
    for one in old:
        one.replace(going)
        shutil.rmtree(going)
    return [one.name for one in old]


def check_room(place: Path, wanted: int) -> None:
    """Raises Unavailable where a disk has no room for so many bytes and a margin."""
    there = next(one for one in (place, *place.parents) if one.exists())
    free = shutil.disk_usage(there).free
    if free < wanted * MARGIN:
        raise Unavailable(
            f"{there} 所在的磁盘还剩 {free // MIB} MB，大约需要 {int(wanted * MARGIN) // MIB + 1} MB。什么都没有写。"
        )
