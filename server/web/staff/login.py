"""`/login` and `/logout`."""

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug import Response

from server.accounts.guards import actor, cookie_name
from server.accounts.login import check_login
from server.accounts.passwords import LONGEST
from server.accounts.sessions import close
from server.core import clock, http
from server.core.entry import PUBLIC, entry
from server.core.errors import TooMany
from server.web.navigation import home_of
from server.web.staff.entrance import let_in, own_path
from server.web.typed import typed

pages = Blueprint("login", __name__)

WRONG = "用户名或密码不对，请检查后再试。忘记密码请联系管理员重发邀请链接。"
NAME_MOST = 60
Answer = str | Response | tuple[str, int]


@pages.get("/login")
@entry(PUBLIC)
def ask() -> Answer:
    """The form; whoever is logged in already goes on."""
    if actor().is_staff:
        return redirect(own_path(request.args.get("next", "")) or home_of(actor()), 303)
    return _form()


@pages.post("/login")
@entry(PUBLIC)
def log_in() -> Answer:
    """Check name and password; failures are counted and told in one sentence, whatever was wrong."""
    now = clock.now()
    name, password = typed("username", most=NAME_MOST), request.form.get("password", "")
    try:
        person = check_login(name, password[:LONGEST], now=now)
    except TooMany as refused:
        return _form(refused.message), refused.status
    if person is None:
        http.keep()
        return _form(WRONG), 401
    settings = current_app.extensions["settings"]
    return let_in(person, request.form.get("next", ""), settings=settings, now=now)


@pages.post("/logout")
@entry(PUBLIC)
def log_out() -> Response:
    """End this login at once."""
    session_id = actor().session_id
    if session_id is not None:
        close(session_id, now=clock.now())
    answer = redirect("/login?out=1", 303)
    settings = current_app.extensions["settings"]
    answer.delete_cookie(
        cookie_name("session"), path="/", secure=settings.secure, httponly=True, samesite="Lax"
    )
    return answer


def _form(message: str = "") -> str:
    return render_template(
        "staff/login.html",
        message=message,
        username=typed("username", most=NAME_MOST),
        way=own_path(request.values.get("next", "")),
        flashes=[("ok", "已退出登录。")] if request.args.get("out") else [],
    )
