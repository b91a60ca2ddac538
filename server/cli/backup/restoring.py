"""A backup into an empty database and store; the application's role gets its rights last, so half is never served."""

from collections.abc import Callable
from pathlib import Path

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask_migrate import upgrade
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from server.cli.backup import folder as folders
from server.cli.backup import manifest, pictures, programs
from server.cli.backup.making import HUNDRED, PROBE, TABLES, counts
from server.cli.backup.manifest import Manifest
from server.core.crypto import Unreadable, vault
from server.core.errors import Conflict, Invalid
from server.photos.folder import LocalStore
from server.photos.service import store
from server.settings import Settings

MIGRATIONS = Path(__file__).parents[3] / "migrations"
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
"""
INDEXES_TOO = 2
"""A restored database is at most so many times the size that was measured while it was being dumped."""
Say = Callable[[str], None]


def keys_missing(made: Manifest) -> list[str]:
    """The ids of keys under which the backup was made and which our DATA_KEY does not have."""
    missing = []
    for name, probe in made.keys.items():
        try:
            vault().open(probe)
        except Unreadable:
            missing.append(name)
    return missing


def same_secret(made: Manifest) -> bool:
    """Whether SECRET_KEY is the one of the backup: links, recovery codes and logins hang on it."""
    return vault().lasting(PROBE, purpose=PROBE) == made.root


def check_revision(made: Manifest) -> None:
    """Raises Invalid where this program is older than the backup."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        ScriptDirectory.from_config(config).get_revision(made.revision)
    except CommandError:
        raise Invalid(
            f"备份的表结构是 {made.revision} 版，这个程序还不认识。请用同一版或更新的程序恢复。"
        ) from None


def restore(folder: Path, made: Manifest, *, url: str, settings: Settings, replace: bool, say: Say) -> None:
    """Bring everything back and compare every count and every photo's hash; then rights and migrations.

    Raises Conflict where the target is not empty (unless `replace`) or in use, Invalid where anything differs.
    """
    _check_room(made, settings)
    with psycopg.connect(url, autocommit=True) as link:
        _check_role(link, settings)
        _make_empty(link, replace=replace)
        folder_of_programs = programs.find(settings, link.info.server_version // (HUNDRED * HUNDRED))
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--jobs=2"]
    env = programs.environment(url)
    database = f"--dbname={env['PGDATABASE']}"
    programs.run(folder_of_programs, "pg_restore", *words, database, str(folder / manifest.DATABASE), env=env)
    say("数据库恢复了，正在核对行数……")
    with psycopg.connect(url) as link:
        _compare(made.tables, counts(link))
    say("行数全部相同。正在恢复并核对照片……")
    files = pictures.copy_in(folder, store(), replace=replace)
    if files != made.photos:
        raise Invalid(f"照片应有 {made.photos} 个文件，清单里是 {files} 个。")
    say(f"照片 {files} 个文件，指纹全部相同。正在恢复权限、升级表结构……")
    upgrade(directory=str(MIGRATIONS))
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("ANALYZE")  # a dump holds no statistics, and without them the first hours are slow


def _check_room(made: Manifest, settings: Settings) -> None:
    kept = store()
    if isinstance(kept, LocalStore):
        folders.check_room(kept.root, made.photo_bytes)
    if not settings.database_url:
        folders.check_room(settings.var, made.database_bytes * INDEXES_TOO)


def _check_role(link: psycopg.Connection, settings: Settings) -> None:
    """See to it that the application's role is there: the dump carries no roles."""
    parts = conninfo_to_dict(settings.database_url) if settings.database_url else {}
    name = str(parts.get("user") or "")
    if not name or link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
        return
    make = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
    secret = sql.Literal(str(parts.get("password") or "")) if parts.get("password") else sql.SQL("NULL")
    try:
        link.execute(make.format(sql.Identifier(name), secret))
    except errors.InsufficientPrivilege:
        raise Conflict(
            f"数据库里没有应用的角色。请让数据库管理员运行：CREATE ROLE {name} LOGIN PASSWORD '…';"
        ) from None


def _make_empty(link: psycopg.Connection, *, replace: bool) -> None:
    busy = link.execute(BUSY).fetchone()
    if busy and busy[0]:
        raise Conflict(f"还有 {busy[0]} 个连接在用这个数据库。请先停掉网页和后台进程。")
    if not link.execute(TABLES).fetchone():
        return
    if not replace:
        raise Conflict(
            "目标数据库不是空的，什么都没有动。请用一个新建的空数据库；确实要覆盖它，加 --replace。"
        )
    link.execute("DROP SCHEMA public CASCADE")
    link.execute("CREATE SCHEMA public")


def _compare(wanted: dict[str, int], found: dict[str, int]) -> None:
    """Names only: a count of accusations is nobody's business, in a log least of all."""
    other = sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name, -1) != found.get(name, -1)
    )
    if other:
        raise Invalid(f"恢复后的行数和备份时不同：{'、'.join(other)}。数据库没有开放给应用。")
