"""`python -m bench.drill`: 100,000 reports with photos backed up, lost and restored; every row and photo compared."""

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from psycopg import sql

from bench.ground import VAR, Ground, ground
from server.core import embedded
from server.launch import ROOT

LIMIT_SECONDS = 30 * 60
LARGE, SMALL = 100_000, 9_000
"""Bytes of a photo's two sizes."""
HERE = VAR / "drill"
BACKUP, LOST_STORE, NEW_STORE = HERE / "backup", HERE / "photos", HERE / "restored-photos"
AGAIN = "drill_restored"
THREADS = 4
MORE_ROWS = ("report_event", "inbox")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND column_name <> 'id' ORDER BY ordinal_position
"""
PHOTO = """
COPY photo (id, county_id, width, height, size, sha256, sent_sha256, created_at, report_id, purpose) FROM STDIN
"""
CHANGING = {"audit", "alembic_version"}
"""The audit has the backup's own mark in one and not in the other."""


def photo_id(number: int) -> str:
    """The name of a report's photo."""
    return hashlib.sha256(f"drill {number}".encode()).hexdigest()[:32]


def pixels(name: str, size: int) -> bytes:
    """Bytes that no disk and no program can compress, the same each time they are asked for."""
    return random.Random(f"{name}/{size}").randbytes(LARGE if size == 1600 else SMALL)


def more_rows(link: psycopg.Connection) -> None:
    """Give every report the steps and desks of the one that came in the ordinary way."""
    first = link.execute("SELECT min(report_id) FROM report_event").fetchone()
    for table in MORE_ROWS:
        names = [row[0] for row in link.execute(COLUMNS, (table,))]
        if "report_id" not in names:
            continue
        others = [sql.SQL("r.id") if one == "report_id" else sql.Identifier("t", one) for one in names]
        fill = sql.SQL(
            "INSERT INTO {} ({}) SELECT {} FROM {} t, report r WHERE t.report_id = %s AND r.id <> %s"
        )
        table_name, listed = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
        link.execute(
            fill.format(table_name, listed, sql.SQL(", ").join(others), table_name), (*first, *first)
        )


def photograph(owner_url: str, reports: int) -> int:
    """A photo for each report, in the store and in the database; how many files."""
    with psycopg.connect(owner_url) as link, ThreadPoolExecutor(THREADS) as pool:
        more_rows(link)
        found = link.execute(
            "SELECT id, county_id, submitted_at FROM report ORDER BY id LIMIT %s", (reports,)
        ).fetchall()
        with link.cursor().copy(PHOTO) as rows:
            hashes = pool.map(lambda row: put(photo_id(row[0])), found)
            for (report, county, at), digest in zip(found, hashes, strict=True):
                rows.write_row(
                    (photo_id(report), county, 1600, 1200, LARGE, digest, digest, at, report, "before")
                )
        link.commit()
        link.autocommit = True
        link.execute("VACUUM ANALYZE")
        return 2 * len(found)


def put(name: str) -> str:
    """Write both sizes; the hash of the large one."""
    folder = LOST_STORE / name
    folder.mkdir(parents=True)
    for size in (1600, 320):
        (folder / f"{size}.jpg").write_bytes(pixels(name, size))
    return hashlib.sha256(pixels(name, 1600)).hexdigest()


def contents(owner_url: str) -> dict[str, tuple[int, int]]:
    """Of every table how many rows, and the sum of their hashes."""
    weigh = sql.SQL("SELECT count(*), COALESCE(sum(hashtextextended(t::text, 0)), 0) FROM {} t")
    with psycopg.connect(owner_url) as link:
        names = [row[0] for row in link.execute(TABLES)]
        rows = {name: link.execute(weigh.format(sql.Identifier(name))).fetchone() for name in names}
    return {name: (row[0], int(row[1])) for name, row in rows.items() if row}


def flask(*words: str, env: dict[str, str]) -> float:
    """One command of ours; its seconds."""
    began = time.monotonic()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    subprocess.run(command, cwd=ROOT, env=os.environ | env, check=True, stdout=sys.stderr)
    return time.monotonic() - began


def wrong_photos(reports: int) -> int:
    """How many restored photos are not what was once made."""

    def whole(path: Path) -> bool:
        return path.read_bytes() == pixels(path.parent.name, int(path.stem))

    paths = list(NEW_STORE.glob("*/*.jpg"))
    with ThreadPoolExecutor(THREADS) as pool:
        return 2 * reports - sum(pool.map(whole, paths))


def drill(here: Ground, reports: int) -> dict[str, object]:
    """The whole of it; what was seen."""
    shutil.rmtree(HERE, ignore_errors=True)
    files = photograph(here.owner_url, reports)
    before = contents(here.owner_url)
    backing = flask("backup", str(BACKUP), env=here.env | {"PHOTO_STORE": LOST_STORE.as_uri()})
    shutil.rmtree(LOST_STORE)
    server = embedded.start(VAR / "postgres")
    embedded.drop(server, AGAIN)
    owner, url = embedded.prepare(server, AGAIN)
    env = here.env | {"DATABASE_URL": url, "DATABASE_OWNER_URL": owner, "PHOTO_STORE": NEW_STORE.as_uri()}
    restoring = flask("restore", str(BACKUP), "--no-check", env=env)
    after = contents(owner)
    other = [name for name in before if name not in CHANGING and before[name] != after.get(name)]
    made = json.loads((BACKUP / "manifest.json").read_text())
    return {
        "name": "restore drill",
        "reports": before["report"][0],
        "rows": sum(count for count, _ in before.values()),
        "photo_files": files,
        "photo_bytes": made["photo_bytes"],
        "database_bytes": made["database_bytes"],
        "backup_seconds": round(backing),
        "restore_seconds": round(restoring),
        "tables_differing": other,
        "photos_differing": wrong_photos(reports),
        "limit_seconds": LIMIT_SECONDS,
        "reached": restoring <= LIMIT_SECONDS and not other,
    }


def main() -> int:
    """Print one JSON object; 1 when anything differs or it took too long."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--reports", type=int, default=100_000, help="how many get a photo")
    asked.add_argument("--keep", action="store_true", help="leave backup and photos on the disk")
    given = asked.parse_args()
    with ground() as here:
        seen = drill(here, given.reports)
        embedded.drop(embedded.start(VAR / "postgres"), AGAIN)
    if not given.keep:
        shutil.rmtree(HERE, ignore_errors=True)
    print(json.dumps(seen, ensure_ascii=False), flush=True)
    return 0 if seen["reached"] and not seen["photos_differing"] else 1


if __name__ == "__main__":
    sys.exit(main())
