"""Whose the files are that root makes: of whoever owns the folder they lie in, so that the service can read them."""

import os
from pathlib import Path


def hand_over(path: Path) -> None:
    """As root, give a file or folder to the owner of the folder that it lies in; nobody else could."""
    if os.geteuid() == 0:
        there = path.parent.stat()
        os.chown(path, there.st_uid, there.st_gid, follow_symlinks=False)


def hand_over_all(folder: Path) -> None:
    """The same for a folder with everything in it."""
    if os.geteuid() == 0:
        hand_over(folder)
        for path in sorted(folder.rglob("*")):
            hand_over(path)


def make_folder(folder: Path, *, mode: int = 0o777) -> None:
    """Make a folder with those above it that are missing, each its parent's owner's."""
    if folder.is_dir():
        return
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=mode)
    for one in reversed(missing):
        hand_over(one)
