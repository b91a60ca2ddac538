"""What a browser goes to WeChat's login for: kept in its own signed cookie, bound to a random state."""

import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from server.core.errors import Forbidden

LASTS = timedelta(minutes=10)
LONGEST = 500
ODD = "这次微信登录不是从这台手机的这个页面开始的，或者等得太久了。请回到原来的页面再点一次。"


class Goal(StrEnum):
    """What comes after the login."""

    LOGIN = "login"
    NEWS = "news"
    BIND = "bind"
    LINK = "link"
    """Bind by a personal link, in a WeChat where nobody is logged in."""


@dataclass(frozen=True)
class Errand:
    """One trip to the login page; `person_id` or the personal `link` says who binds his WeChat."""

    goal: Goal
    back: str
    state: str
    begun: int
    person_id: int | None = None
    link: str = ""


def begin(goal: Goal, back: str, *, person_id: int | None = None, link: str = "", now: datetime) -> Errand:
    """An errand with a state that nobody can guess."""
    return Errand(goal, own_path(back), secrets.token_hex(16), int(now.timestamp()), person_id, link)


def sealed(errand: Errand) -> str:
    """The cookie's value."""
    return str(_signer().dumps(asdict(errand)))


def opened(cookie: str, state: str, *, now: datetime) -> Errand:
    """The errand that this browser began with this state; raises Forbidden for a forged, foreign or old one."""
    try:
        given: dict[str, Any] = _signer().loads(cookie)
        errand = Errand(**given | {"goal": Goal(given["goal"])})
    except (BadData, TypeError, KeyError, ValueError):
        raise Forbidden(ODD, code="foreign_state") from None
    late = now.timestamp() - errand.begun > LASTS.total_seconds()
    if late or not hmac.compare_digest(errand.state.encode(), state.encode("utf-8", "replace")):
        raise Forbidden(ODD, code="foreign_state")
    return errand


def own_path(text: str, *, otherwise: str = "/my") -> str:
    """A path on this site as it was given, or `otherwise` for anything that could lead elsewhere."""
    plain = text.isascii() and text.isprintable() and " " not in text and "\\" not in text
    ours = text.startswith("/") and not text.startswith("//")
    return text if plain and ours and len(text) <= LONGEST else otherwise


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.extensions["settings"].secret_key, salt="wechat-errand")
