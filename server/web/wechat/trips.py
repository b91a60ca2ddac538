"""Sending a browser to WeChat's login, and what its cookies look like."""

from typing import Any

from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from server.accounts.guards import actor, cookie_name
from server.core import clock
from server.wechat import errands, plug
from server.wechat.errands import Errand, Goal
from server.wechat.login import service_account

CALLBACK = "/wechat/oauth/callback"
COOKIE = "wechat"


def depart(goal: Goal, back: str, *, link: str = "") -> Response:
    """Off to WeChat's silent login; the browser's cookie holds what it goes for."""
    account = service_account()
    person_id = actor().person_id if goal is Goal.BIND else None
    errand = errands.begin(goal, back, person_id=person_id, link=link, now=clock.now())
    base = plug.here(request.host_url)
    answer = redirect(account.authorize_url(f"{base}{CALLBACK}", state=errand.state))
    leave(answer, COOKIE, errands.sealed(errand), seconds=int(errands.LASTS.total_seconds()))
    return answer


def returned(cookie: str, state: str) -> Errand:
    """The errand of a browser that came back. Raises Forbidden."""
    return errands.opened(cookie, state, now=clock.now())


def leave(answer: Response, name: str, value: str, *, seconds: int) -> None:
    """Leave a cookie that no script can read; WeChat's way back is a plain navigation, which Lax lets through."""
    answer.set_cookie(cookie_name(name), value, max_age=seconds, **_marks())


def take(answer: Response, name: str) -> None:
    """Take a cookie away."""
    answer.delete_cookie(cookie_name(name), **_marks())


def _marks() -> dict[str, Any]:
    secure = current_app.extensions["settings"].secure
    return {"path": "/", "httponly": True, "samesite": "Lax", "secure": secure}
