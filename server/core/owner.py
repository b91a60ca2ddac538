"""Two roles of the database: the owner changes tables, the application owns nothing, so that every lock holds it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.engine import make_url

from server.core import embedded, wire
from server.core.errors import HouseError
from server.settings import Settings

HELD = """
SELECT coalesce(row_security_active(to_regclass('public.report')), true)
   AND NOT coalesce(has_table_privilege(to_regclass('public.audit'), 'UPDATE, DELETE'), false)
"""
"""No for whoever owns the tables, is superuser or has BYPASSRLS; yes while there are no tables yet."""
UNHELD = (
    "程序连接数据库用的账号（DATABASE_URL）是表的属主或超级用户：区县之间不再隔离，审计记录也能被改。"
    "请换成只能读写、不拥有表的应用账号，见运行文档 README.md「两个数据库账号」。"
)
MISSING = (
    "正式运行要有两个数据库账号：请把 DATABASE_OWNER_URL 设成表的属主，和 DATABASE_URL 的应用账号不同。"
    "用同一个账号，区县隔离和只增不改的审计都不起作用，所以没有执行。"
)


class NoOwner(HouseError):
    """What only the tables' owner may do was asked without a role of its own for it."""

    title, code = "没有属主账号", "no_owner"


def owner_url(settings: Settings) -> str:
    """The database as the owner of its tables. Raises NoOwner in production without a role of its own for that."""
    given = settings.database_owner_url
    if not settings.demo and (not given or role_of(given) == role_of(settings.database_url)):
        raise NoOwner(MISSING)
    if given or settings.database_url:
        return given or settings.database_url
    return embedded.prepare(embedded.start(settings.var / "postgres"))[0]


def role_of(url: str) -> str | None:
    """Whom an address logs in as, wherever in it that stands."""
    parts = make_url(url)
    named = parts.username or parts.query.get("user")
    return named if isinstance(named, str) else None


@dataclass
class Locks:
    """Whether the locks hold this process's role: asked until the answer is yes, which is kept."""

    _hold: bool = False

    def hold(self, ask: Callable[[str], bool]) -> bool:
        """The answer; `ask` puts the question to the database."""
        self._hold = self._hold or ask(HELD)
        return self._hold


def locks_hold() -> bool:
    """Whether the locks hold the running application, asked on the session where nobody knows yet."""
    locks: Locks = current_app.extensions["locks"]
    return locks.hold(lambda question: bool(wire.rows(question, {})[0][0]))
