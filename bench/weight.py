"""`python -m bench.weight`: what a report weighs over its whole life: rows, bytes on disk, bytes of write-ahead log."""

import argparse
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask_migrate import upgrade
from psycopg import sql

from bench.ground import VAR, more_estates
from server.accounts.roles import STRANGER, Actor
from server.app import create_app
from server.core import clock, embedded
from server.core.db import db
from server.core.tokens import fingerprint
from server.launch import ROOT
from server.photos.models import Photo
from server.reports.acting import act_on
from server.reports.deeds import Deed
from server.reports.filing import Filing, file_report
from server.reports.queries import report_by_no
from server.reports.workflow import Act
from server.settings import Settings
from tests.escalation.cases import kind_like
from tests.world import YISHUI, World, build

DATABASE, FOLDER = "weight", VAR / "weight"
WORDS = "三号楼二单元地下室漏水，已经两天了，水已经没过脚踝，电表箱在旁边，请尽快来看一下。"
PHOTOS = 2
REPORTER, COMMUNITY = "", "ys.community"
LIFE = (
    (Act.ACCEPT, "{}.manager"),
    (Act.REPLY, "{}.manager"),
    (Act.RESOLVE, "{}.manager"),
    (Act.CHECK, COMMUNITY),
    (Act.CONFIRM, REPORTER),  # with his rating
)
"""The acts on an ordinary report, and who does them."""
SIZES = """
SELECT c.relname, pg_relation_size(c.oid), pg_indexes_size(c.oid), pg_total_relation_size(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'
"""
WAITING = """
SELECT (SELECT count(*) FROM push WHERE state NOT IN ('sent', 'dead', 'cancelled'))
     + (SELECT count(*) FROM procrastinate_jobs WHERE queue_name <> 'duty' AND status IN ('todo', 'doing'))
"""
PATIENCE_SECONDS = 300


def wal(link: psycopg.Connection) -> dict[str, int]:
    """What was written to the log so far: bytes, and page images among the records."""
    row = link.execute("SELECT wal_bytes, wal_fpi, pg_current_wal_lsn() - '0/0' FROM pg_stat_wal").fetchone()
    return {"bytes": int(row[2]), "images": int(row[1])} if row else {}


def sizes(link: psycopg.Connection) -> dict[str, tuple[int, int]]:
    """Rows and bytes with indexes of every table."""
    link.execute("VACUUM")
    found = {}
    for name, _, _, whole in link.execute(SIZES).fetchall():
        row = link.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        found[name] = (row[0] if row else 0, int(whole))
    return found


def photos() -> tuple[str, ...]:
    """Rows of photos that have just been taken in."""
    names = tuple(secrets.token_hex(16) for _ in range(PHOTOS))
    for name in names:
        digest = fingerprint(name)
        facts = {"width": 1600, "height": 1200, "size": 200_000, "sha256": digest, "sent_sha256": digest}
        db.session.add(Photo(id=name, county_id="000000", key_hash=digest, created_at=clock.now(), **facts))
    db.session.commit()
    return names


def live(world: World, estate: str) -> None:
    """One report from beginning to end, each step a transaction as on a server."""
    key = secrets.token_hex(16)
    kind = kind_like(YISHUI)
    filing = Filing(kind=kind, text=WORDS, photos=photos(), building="3号楼", unit="2单元")
    done = file_report(world.place(estate), filing, key=key, by=STRANGER, now=clock.now())
    db.session.commit()
    for act, who in LIFE:
        report = report_by_no(done.no)
        by = world.actor(who.format(estate)) if who else Actor(owner_hash=fingerprint(done.owner_token))
        if act is Act.CHECK and not report.check_due_at:
            continue
        given = {"photos": photos()[:1]} if act is Act.RESOLVE else {}
        if act is Act.CHECK:
            given["result"] = "agreed"
        deed = Deed(version=report.version, text="已修好", outcome="solved", basis="按合同", score=5, **given)
        act_on(report, act, deed, by=by, now=clock.now())
        db.session.commit()


@contextmanager
def worker(url: str) -> Iterator[None]:
    """A worker whose channel writes to a file."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    env = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(FOLDER), "STAGE_DIR": str(FOLDER)}
    command = [sys.executable, "-m", "flask", "--app", "tests.worker.stage", "work"]
    child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=sys.stderr)
    try:
        yield
    finally:
        child.terminate()
        child.wait(60)


def settle(link: psycopg.Connection) -> None:
    """Until every push has gone out."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while link.execute(WAITING).fetchone() != (0,):
        if time.monotonic() > ends:
            raise RuntimeError("pushes are still waiting")
        time.sleep(1)


def weigh(world: World, link: psycopg.Connection, url: str, *, reports: int) -> dict[str, object]:
    """Live through so many reports twice: just after a checkpoint, and when the pages have been touched already."""
    estates = [name for name in world.estates if name.startswith("ys.more")]
    seen: dict[str, object] = {"name": "weight of a report", "reports": 2 * reports}
    with worker(url):
        time.sleep(15)
        before, began = wal(link)["bytes"], time.monotonic()
        time.sleep(30)
        idle = (wal(link)["bytes"] - before) / (time.monotonic() - began)
        seen["idle_wal_bytes_a_second"] = round(idle)
        old = sizes(link)
        for turn in ("after_a_checkpoint", "later"):
            if turn != "later":
                link.execute("CHECKPOINT")
            before, began = wal(link)["bytes"], time.monotonic()
            for number in range(reports):
                live(world, estates[number % len(estates)])
            settle(link)
            grown = wal(link)["bytes"] - before - idle * (time.monotonic() - began)
            seen[f"wal_bytes_{turn}"] = round(grown / reports)
    new = sizes(link)
    grown = {name: (new[name][0] - old[name][0], new[name][1] - old[name][1]) for name in new}
    seen["bytes"] = round(sum(size for _, size in grown.values()) / (2 * reports))
    seen["rows"] = round(sum(max(0, rows) for rows, _ in grown.values()) / (2 * reports), 1)
    seen["tables"] = {
        name: [round(rows / (2 * reports), 2), round(size / (2 * reports))]
        for name, (rows, size) in sorted(grown.items(), key=lambda one: -one[1][1])
        if size
    }
    return seen


def main() -> int:
    """Print one JSON object."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--reports", type=int, default=500)
    given = asked.parse_args()
    server = embedded.start(VAR / "postgres")
    embedded.drop(server, DATABASE)
    owner, url = embedded.prepare(server, DATABASE)
    settings = Settings(database_url=url, database_owner_url=owner, var_dir=str(FOLDER))
    app = create_app(settings)
    with app.app_context(), psycopg.connect(owner, autocommit=True) as link:
        upgrade(directory=str(ROOT / "migrations"))
        world = build(clock.now())
        more_estates(world)
        db.session.commit()
        seen = weigh(world, link, url, reports=given.reports)
        db.session.remove()
        db.engine.dispose()
    embedded.drop(server, DATABASE)
    print(json.dumps(seen, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
