"""Who lives and works in the town that the faults befall: the small world of the tests, with many more estates."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from bench.load.letters import kinds
from server.app import create_app
from server.core import clock
from server.core.db import db
from server.launch import ROOT
from server.settings import Settings
from tests.world import World, add_estate, build

BUREAU = "ys.bureau"


@dataclass(frozen=True)
class Town:
    """What residents need to know of it, and what the sink must know."""

    codes: list[str]
    people: list[str]
    bearer: dict[str, str]

    @property
    def reads(self) -> list[tuple[str, dict[str, str]]]:
        """Pages and calls that others look at meanwhile, each with its headers."""
        cookie = {"Cookie": f"session={self.bearer['Authorization'].removeprefix('Bearer ')}"}
        pages = [(path, {"Accept": "text/html"} | cookie) for path in ("/b/", f"/e/{self.codes[0]}")]
        return [
            *pages,
            ("/api/v1/feed", self.bearer),
            ("/api/v1/places/" + self.codes[0], {}),
            ("/readyz", {}),
        ]


def settle(owner: str, url: str, *, estates: int, migrated: bool = False) -> Town:
    """Build the town in an empty database, or in one that has its tables already."""
    app = create_app(Settings(database_url=url, database_owner_url=owner, public_base_url="http://localhost"))
    with app.app_context():
        if not migrated:
            upgrade(directory=str(ROOT / "migrations"))
        world = build(clock.now())
        names = [f"ys.more.{number}" for number in range(estates)]
        for number, name in enumerate(names):
            add_estate(world, name, "ys.community", f"小区{number}号", f"物业{number % 20}")
        db.session.commit()
        town = _seen(world, ["ys.hill", *names])
        db.session.remove()
        db.engine.dispose()
    return town


def _seen(world: World, names: list[str]) -> Town:
    return Town([world.code(name) for name in names], list(world.people), world.bearer(BUREAU))


def copy_tables(dump: Path, source: str, target: str) -> None:
    """The tables of a migrated database in an empty one; quicker than to migrate once more."""
    made = subprocess.run([str(dump / "pg_dump"), "-d", source], check=True, capture_output=True)
    subprocess.run(
        [str(dump / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", target],
        input=made.stdout,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def application(url: str) -> Flask:
    """The application on a database, for a look at it or for a duty done by hand."""
    return create_app(Settings(database_url=url, public_base_url="http://localhost"))


def ordered(town: Town, **more: Any) -> dict[str, Any]:
    """The orders of the residents' process."""
    return {"codes": town.codes, "kinds": kinds(clock.now()), "reads": town.reads, "patience": 900} | more
