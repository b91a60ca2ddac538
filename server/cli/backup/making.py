"""One backup: a snapshot, the dump of it, the photos it knows, and the list of hashes last."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from server.cli.backup import folder as folders
from server.cli.backup import manifest, pictures, programs
from server.cli.backup.manifest import Manifest
from server.core.backups import LastBackup
from server.core.crypto import vault
from server.photos.service import store
from server.settings import Settings

PROBE = "backup"
"""What is sealed under each key, to tell later whether a key is the same."""
HUNDRED = 100
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
PHOTO_BYTES = "SELECT COALESCE(sum(size), 0) + count(*) * 30000 FROM photo"
"""Large sizes as noted, small ones at the most that 320 pixels take."""
Say = Callable[[str], None]


def make(
    target: Path, aside: Path, *, previous: Path | None, url: str, settings: Settings, now: datetime, say: Say
) -> LastBackup:
    """Write a whole backup to `target` while everything runs; what it holds.

    Every count, every row and every photo is of one instant: the snapshot of this function's own transaction, which
    pg_dump reads too.
    """
    began = time.monotonic()
    with folders.growing(target, aside) as folder, psycopg.connect(url) as link:
        snapshot = _snapshot(link)
        size = int(_one(link, "SELECT pg_database_size(current_database())"))
        folders.check_room(folder, size + int(_one(link, PHOTO_BYTES)))
        _dump(link, folder, url=url, snapshot=snapshot, settings=settings)
        say("数据库写好了，正在复制照片……")
        tally = pictures.copy_out(link, store(), folder, previous=previous)
        made = _manifest(link, folder, tally, size=size, now=now)
        manifest.write(folder, made)
    dumped = sum(path.stat().st_size for path in (target / manifest.DATABASE).iterdir())
    faults = len(made.lost) + len(made.damaged)
    seconds = int(time.monotonic() - began)
    return LastBackup(now, made.rows, made.photos, dumped + made.photo_bytes, seconds, faults)


def _snapshot(link: psycopg.Connection) -> str:
    link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    link.read_only = True
    link.execute("SET idle_in_transaction_session_timeout = 0")
    link.execute("SET statement_timeout = 0")
    return str(_one(link, "SELECT pg_export_snapshot()"))


def _one(link: psycopg.Connection, statement: str) -> int | str:
    found = link.execute(statement.encode()).fetchone()
    return found[0] if found else 0


def _dump(link: psycopg.Connection, folder: Path, *, url: str, snapshot: str, settings: Settings) -> None:
    bin_folder = programs.find(settings, link.info.server_version // (HUNDRED * HUNDRED))
    words = ["--format=directory", "--jobs=2", "--no-owner", "--no-privileges"]
    words += [f"--snapshot={snapshot}", "--lock-wait-timeout=60s", f"--file={folder / manifest.DATABASE}"]
    programs.run(bin_folder, "pg_dump", *words, env=programs.environment(url))
    with (folder / manifest.DATABASE_HASHES).open("w") as hashes:
        for path in sorted((folder / manifest.DATABASE).iterdir()):
            hashes.write(manifest.line(manifest.hash_of(path), f"{manifest.DATABASE}/{path.name}"))


def counts(link: psycopg.Connection) -> dict[str, int]:
    """Rows of every table, as the connection's transaction sees them."""
    found = {}
    for (name,) in link.execute(TABLES).fetchall():
        row = link.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        found[name] = row[0] if row else 0
    return found


def _manifest(
    link: psycopg.Connection, folder: Path, tally: pictures.Tally, *, size: int, now: datetime
) -> Manifest:
    safe = vault()
    lists = (manifest.DATABASE_HASHES, manifest.PHOTO_HASHES)
    return Manifest(
        made_at=now.isoformat(),
        revision=str(_one(link, "SELECT version_num FROM alembic_version")),
        postgres=link.info.server_version // (HUNDRED * HUNDRED),
        database_bytes=size,
        tables=counts(link),
        photos=tally.files,
        photo_bytes=tally.size,
        lost=tally.lost,
        damaged=tally.damaged,
        keys={key[0]: type(safe)((key,), safe.root).seal(PROBE) for key in safe.keys},
        root=safe.lasting(PROBE, purpose=PROBE),
        hashes={name: manifest.hash_of(folder / name) for name in lists},
    )
