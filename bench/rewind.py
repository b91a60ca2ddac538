"""`python -m bench.rewind`: a cluster brought back to the second before an accident, with PostgreSQL's own tools."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import psycopg

from bench.ground import VAR
from server.core import embedded

HERE = VAR / "rewind"
ARCHIVE, BASE, PRIMARY = HERE / "archive", HERE / "base", HERE / "primary"
SYSTEM_USER = "pgserver"
"""Whom the embedded server runs as when root started it."""
KEEP_WAL = (
    f"if test -f {ARCHIVE}/%f.gz; then gunzip -c {ARCHIVE}/%f.gz | cmp -s - %p; "
    f"else gzip -c %p > {ARCHIVE}/.%f && sync {ARCHIVE}/.%f && mv {ARCHIVE}/.%f {ARCHIVE}/%f.gz && sync {ARCHIVE}; fi"
)
"""As docs/operations/backup.md says. A segment takes 16 MB however little is in it; zipped, an idle one next to nothing."""
ROWS = 1000


def own(folder: Path) -> None:
    """Hand a folder to whoever runs the server."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        who = pwd.getpwnam(SYSTEM_USER)
        os.chown(folder, who.pw_uid, who.pw_gid)
    folder.chmod(0o700)


def as_server(*words: str) -> None:
    """A command as the user that the server runs as."""
    user = {"user": SYSTEM_USER} if os.geteuid() == 0 else {}
    subprocess.run(words, check=True, cwd="/", **user)  # type: ignore[call-overload]


def write(link: psycopg.Connection, rows: int) -> datetime:
    """So many rows, each committed by itself; the database's clock after the last."""
    for _ in range(rows):
        link.execute("INSERT INTO written DEFAULT VALUES")
    return link.execute("SELECT clock_timestamp()").fetchone()[0]  # type: ignore[index]


def primary() -> tuple[datetime, int]:
    """Archive, take a base backup, write on, have an accident; the moment before it, and the rows there were."""
    server = embedded.start(PRIMARY)
    own(ARCHIVE)
    with psycopg.connect(server.get_uri(), autocommit=True) as link:
        link.execute("ALTER SYSTEM SET archive_mode = on")
        link.execute(f"ALTER SYSTEM SET archive_command = '{KEEP_WAL}'")
        link.execute("ALTER SYSTEM SET archive_timeout = '60s'")
    control(PRIMARY, "restart")
    with psycopg.connect(server.get_uri(), autocommit=True) as link:
        link.execute(
            "CREATE TABLE written (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz DEFAULT now())"
        )
        write(link, ROWS)
        own(BASE)
        as_server(
            str(embedded.binaries() / "pg_basebackup"),
            *(
                "--dbname",
                server.get_uri(),
                "--pgdata",
                str(BASE),
                "--checkpoint=fast",
                "--wal-method=stream",
            ),
        )
        before = write(link, ROWS)
        time.sleep(1)
        link.execute("DELETE FROM written")
        link.execute("SELECT pg_switch_wal()")
        link.execute("CHECKPOINT")
    control(PRIMARY, "stop")
    return before, 2 * ROWS


def control(folder: Path, act: str) -> None:
    """Stop or restart a cluster."""
    as_server(str(embedded.binaries() / "pg_ctl"), "-D", str(folder), "-w", "-s", "-m", "fast", act)


def recover(until: datetime) -> tuple[int, float, bool]:
    """The base backup and the archive up to a moment: rows found, seconds taken, and whether it takes writes again."""
    began = time.monotonic()
    for leftover in BASE.glob(".*"):  # the wheel's socket lies among the data, and its lock came along
        leftover.unlink()
    with (BASE / "postgresql.auto.conf").open("a") as conf:
        conf.write(f"archive_mode = off\nrestore_command = 'gunzip -c {ARCHIVE}/%f.gz > %p'\n")
        conf.write(f"recovery_target_time = '{until.isoformat()}'\nrecovery_target_action = 'promote'\n")
    (BASE / "recovery.signal").touch()
    server = embedded.start(BASE)
    with psycopg.connect(server.get_uri(), autocommit=True) as link:
        while link.execute("SELECT pg_is_in_recovery()").fetchone() == (True,):
            time.sleep(0.2)
        found = link.execute("SELECT count(*) FROM written").fetchone()[0]  # type: ignore[index]
        took = time.monotonic() - began
        write(link, 1)
        grown = link.execute("SELECT count(*) FROM written").fetchone() == (found + 1,)
    control(BASE, "stop")
    return found, took, grown


def main() -> int:
    """Print what was seen as one JSON object; 1 when a row is missing or one too many came back."""
    shutil.rmtree(HERE, ignore_errors=True)
    until, wanted = primary()
    kept = [path.stat().st_size for path in ARCHIVE.iterdir()]
    found, took, grown = recover(until)
    seen = {
        "name": "point in time",
        "rows_before_the_accident": wanted,
        "rows_found": found,
        "takes_writes": grown,
        "seconds": round(took, 1),
        "files_archived": len(kept),
        "bytes_archived": sum(kept),
        "reached": found == wanted and grown,
    }
    shutil.rmtree(HERE)
    print(json.dumps(seen), flush=True)
    return 0 if seen["reached"] else 1


if __name__ == "__main__":
    sys.exit(main())
