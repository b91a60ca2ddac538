"""`/login` and `/logout`."""

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug import Response

from server.accounts.guards import actor, cookie_name
from server.accounts.login import check_code, check_login, waiting_for_code
from server.accounts.sessions import close
from server.core import clock, http
from server.core.entry import PUBLIC, entry
from server.core.errors import TooMany
from server.web.navigation import home_of
from server.web.staff.entrance import let_in, own_path, proceed, waiting
from server.web.typed import secret, typed

pages = Blueprint("login", __name__)

WRONG = "用户名或密码不对，请检查后再试。忘记密码请联系管理员重发邀请链接。"
WRONG_CODE = "验证码不对，或者已经用过。请等验证器出现新的六位数字再填。"
SAID = {"out": ("ok", "已退出登录。"), "late": ("info", "等得太久了，请重新登录。")}
NAME_MOST, CODE_MOST = 60, 20
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
    name, password = typed("username", most=NAME_MOST), secret("password")
    try:
        person = check_login(name, password, now=now)
    except TooMany as refused:
        return _form(refused.message), refused.status
    if person is None:
        http.keep()
        return _form(WRONG), 401
    settings = current_app.extensions["settings"]
    return proceed(person, own_path(request.form.get("next", "")), settings=settings, now=now)


@pages.get("/login/code")
@entry(PUBLIC)
def ask_code() -> Answer:
    """The second step, for whoever has set up an authenticator."""
    return _code_form() if waiting(now=clock.now()) else _again()


@pages.post("/login/code")
@entry(PUBLIC)
def check_second() -> Answer:
    """Check the code, or a recovery code; failures count like wrong passwords."""
    now = clock.now()
    found = waiting(now=now)
    person = waiting_for_code(found[0]) if found else None
    if found is None or person is None:
        return _again()
    code = typed("totp", most=CODE_MOST) or typed("recovery", most=CODE_MOST)
    try:
        right = check_code(person, code, now=now)
    except TooMany as refused:
        return _code_form(refused.message), refused.status
    if not right:
        http.keep()
        return _code_form(WRONG_CODE), 401
    return let_in(person, found[1], settings=current_app.extensions["settings"], now=now)


def _again() -> Response:
    return redirect("/login?late=1", 303)


def _code_form(message: str = "") -> str:
    return render_template("staff/code.html", message=message)


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
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _form(message: str = "") -> str:
    said = next((words for name, words in SAID.items() if name in request.args), None)
    return render_template(
        "staff/login.html",
        message=message,
        username=typed("username", most=NAME_MOST),
        way=own_path(request.values.get("next", "")),
        flashes=[said] if said else [],
    )
