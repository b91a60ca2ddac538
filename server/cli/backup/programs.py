"""PostgreSQL's own programs: those of the server's version, told of the database by their environment alone."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from psycopg.pq import Conninfo

from server.core import embedded
from server.core.errors import Unavailable
from server.settings import Settings

DISTRIBUTION = "/usr/lib/postgresql/{}/bin"
"""Where Debian and its relatives keep the programs of each version."""
TOLD_LINES = 6


def find(settings: Settings, major: int) -> Path:
    """The folder of pg_dump and pg_restore of a server's version. Raises Unavailable where there are none."""
    seen = []
    for folder in _candidates(settings, major):
        found = version_of(folder)
        if found == major:
            return folder
        seen += [f"{folder}（{found}）"] if found else []
    raise Unavailable(
        f"数据库是 PostgreSQL {major}，这台机器上没有同一版本的 pg_dump 和 pg_restore"
        + (f"，只有 {'、'.join(seen)}" if seen else "")
        + "。请安装，或用 POSTGRES_BIN 写明它们在哪个文件夹。"
    )


def _candidates(settings: Settings, major: int) -> Iterator[Path]:
    if settings.postgres_bin:
        yield Path(settings.postgres_bin)
        return
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path).parent
    yield Path(DISTRIBUTION.format(major))
    yield embedded.binaries()


def version_of(folder: Path) -> int:
    """The major version of a folder's pg_dump; 0 where there is none."""
    try:
        told = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=True)  # noqa: S603 - a program of PostgreSQL's
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(told.stdout.split(")")[1].split(".")[0])


def environment(url: str) -> dict[str, str]:
    """A database's address as the variables that PostgreSQL's programs read: no password on a command line."""
    given = Conninfo.parse(url.encode())
    told = {one.envvar.decode(): one.val.decode() for one in given if one.envvar and one.val}
    return os.environ | told


def run(folder: Path, name: str, *words: str, env: Mapping[str, str]) -> None:
    """Run one program to its end. Raises Unavailable with the last lines it said when it fails."""
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's with our own words
        [folder / name, *words],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join(done.stderr.splitlines()[-TOLD_LINES:])
        raise Unavailable(f"{name} 没有成功：\n{said}")
