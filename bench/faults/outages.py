"""Faults of what the product stands on: database, disk, proxy, a migration, a deployment."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from bench.faults.product import Product
from bench.faults.trial import Fault, tried
from bench.figures import Figure
from server.launch import ROOT

ROOM = "96m"
"""Of the photo store's own disk."""
DISK_STAYS_BAD = 8.0
BLOCK = bytes(4096)
PROXY_AWAY = 2.0
REVISION = "trial_fault_run"
MIGRATION = '''"""A column, a constraint and an index on the busiest table, as a release may bring them."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", "{head}"


def upgrade():
    op.add_column("report", sa.Column("trial_note", sa.String(40)))
    op.create_check_constraint("trial", "report", "trial_note <> ''", postgresql_not_valid=True)
    with op.get_context().autocommit_block():
        op.create_index("ix_report_trial", "report", ["trial_note"], postgresql_concurrently=True)


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("ix_report_trial", postgresql_concurrently=True)
    op.drop_column("report", "trial_note")
'''


def restart(product: Product) -> None:
    """The database stops at once, as at an upgrade of the machine, and starts again."""
    product.cluster.end(signal.SIGINT)
    product.cluster.start()


def away(product: Product, *, seconds: float) -> None:
    """The database is killed and stays away."""
    product.cluster.end(signal.SIGKILL)
    time.sleep(seconds)
    product.cluster.start()


@contextmanager
def disk(folder: Path) -> Iterator[Path]:
    """A small disk of its own for a folder, as root; taken away at the end."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def full(product: Product) -> None:
    """Somebody fills the photo store's disk to the last byte; later there is room again."""
    filler, until = product.folder / "photos" / "filler", time.monotonic() + DISK_STAYS_BAD
    with filler.open("wb", buffering=0) as file:
        while time.monotonic() < until:
            with suppress(OSError):
                while file.write(BLOCK) and time.monotonic() < until:
                    continue
            time.sleep(0.05)  # a photo that was being written made room again
    filler.unlink()


def read_only(product: Product) -> None:
    """The photo store's disk can only be read for a while."""
    for how in ("ro", "rw"):
        command = ["mount", "-o", f"remount,{how}", str(product.folder / "photos")]
        while subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode:
            time.sleep(0.05)  # a photo is being written
        time.sleep(DISK_STAYS_BAD if how == "ro" else 0)


def proxy_gone(product: Product) -> None:
    """The proxy is killed and comes back, three times."""
    for _ in range(3):
        product.units["proxy"].kill()
        time.sleep(PROXY_AWAY)


def migration(product: Product) -> None:
    """The next release's migration on the live tables, and back."""
    folder = product.folder / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = migrate(product, folder, "heads").split()[0]
    text = MIGRATION.format(revision=REVISION, head=head)
    (folder / "versions" / "9999_trial.py").write_text(text)
    for words in (("upgrade",), ("downgrade", head), ("upgrade",)):
        migrate(product, folder, *words)


def migrate(product: Product, folder: Path, *words: str) -> str:
    """One migration command as the owner of the tables, from a folder; what it said."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", words[0], "-d", str(folder), *words[1:]]
    env = os.environ | product.units["worker1"].env | {"DATABASE_OWNER_URL": product.owner}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def deploy(product: Product, *, times: int) -> None:
    """Every web service and worker is told to stop, ends, and is replaced, one after another."""
    for _ in range(times):
        for unit in (*product.webs, *product.workers):
            unit.stop()
            unit.start()
            product.ready()


def figures(
    product: Product, *, away_s: float, deploys: int, only: str, rate: float, seed: int
) -> Iterator[Figure]:
    """One figure a fault; the residents come by way of the proxy."""
    faults: list[tuple[str, Fault, float, bool]] = [
        ("database restart", restart, 15, False),
        (f"database away {away_s:.0f} s", partial(away, seconds=away_s), 15, False),
        ("disk of the photo store full", full, 25, True),
        ("disk of the photo store read-only", read_only, 25, True),
        ("proxy restart", proxy_gone, 15, False),
        ("migration while filing", migration, 30, False),
        (f"rolling deployment, {deploys} times", partial(deploy, times=deploys), 15 * deploys, False),
    ]
    for name, fault, seconds, photos in [one for one in faults if only in one[0]]:
        yield tried(name, product, fault, seconds=seconds, rate=rate, seed=seed, photos=photos)
