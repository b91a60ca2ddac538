"""The ground that every figure stands on: a PostgreSQL of our own, migrated, with the small world of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from flask_migrate import upgrade

from bench.crowd import fill
from server.app import create_app
from server.core import clock, embedded
from server.core.db import db
from server.launch import ROOT
from server.policy.loader import books
from server.settings import Settings
from tests.world import YISHUI, World, add_estate, build

VAR = ROOT / "var" / "bench"
DATABASE = "bench"
BASE = "http://localhost"
ESTATE = "ys.hill"
ESTATES = 300
"""So many that no estate's quota is used up by people of whom nothing is known."""
BUREAU = "ys.bureau"


@dataclass(frozen=True)
class Ground:
    """What the figures need to know of it."""

    app: Flask
    owner_url: str
    url: str
    code: str
    bearer: str
    cookie: str
    codes: list[str] = field(default_factory=list)
    """Of all the estates."""
    entries: list[int] = field(default_factory=list)
    """Of the feed, oldest first."""
    var: Path = VAR

    @property
    def env(self) -> dict[str, str]:
        """What a server is told to work on it."""
        told = {"DATABASE_URL": self.url, "DATABASE_OWNER_URL": self.owner_url, "PUBLIC_BASE_URL": BASE}
        return told | {
            "VAR_DIR": str(self.var),
            "MODE": "demo",
            "PROXY_HOPS": "1",
            "PYTHONWARNINGS": "ignore",
        }

    def report(self, code: str = "") -> dict[str, Any]:
        """The body of an ordinary report: a leak, with words and a building."""
        kind = next(kind for kind in books()[YISHUI].kinds.values() if kind.label == "漏水")
        where = {"building": "3号楼", "unit": "2单元"}
        return {
            "place": code or self.code,
            "kind": kind.key,
            "text": "地下室漏水，已经两天了。",
            "where": where,
        }


@contextmanager
def ground() -> Iterator[Ground]:
    """The database made anew in the embedded server, with PostgreSQL's own defaults."""
    server = embedded.start(VAR / "postgres")
    embedded.drop(server, DATABASE)
    owner, url = embedded.prepare(server, DATABASE)
    settings = Settings(
        database_url=url, database_owner_url=owner, public_base_url=BASE, var_dir=str(VAR), proxy_hops=1
    )
    app = create_app(settings)
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        world = build(clock.now())
        code, codes = world.code(ESTATE), [world.code(name) for name in more_estates(world)]
        db.session.commit()
        bearer = world.bearer(BUREAU)["Authorization"]
        db.session.remove()
        db.engine.dispose()
    here = Ground(app, owner, url, code, bearer, bearer.removeprefix("Bearer "), codes)
    yield replace(here, entries=fill(owner, first_report(here)))


def more_estates(world: World) -> list[str]:
    """As many estates as figures of filing need, each with a company and a manager; their names."""
    names = [f"ys.more.{number}" for number in range(ESTATES)]
    for number, name in enumerate(names):
        add_estate(world, name, "ys.community", f"小区{number}号", f"物业{number % 20}")
    return names


def first_report(here: Ground) -> str:
    """The number of a report that came in the ordinary way."""
    headers = {"Idempotency-Key": "f" * 32}
    answer = here.app.test_client().post("/api/v1/reports", json=here.report(), headers=headers)
    return str(answer.get_json()["no"])


def defaults(url: str) -> dict[str, str]:
    """The settings of the database that figures depend on."""
    names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
    with psycopg.connect(url) as link:
        found = {name: str(link.execute(f"SHOW {name}").fetchone()[0]) for name in names}  # type: ignore[index]
    if found["fsync"] != "on" or found["synchronous_commit"] != "on":
        raise RuntimeError(f"these figures are for commits that outlive a power cut: {found}")
    return found
