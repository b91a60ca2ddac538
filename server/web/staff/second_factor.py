"""`/account/second-factor`: setting up an authenticator, its recovery codes, turning it off."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug import Response

from server.accounts import second_factor, totp
from server.accounts.guards import ENROLMENT, ENROLMENT_PAGE, actor
from server.accounts.login import check_code, check_first_code, check_login
from server.accounts.models import Person
from server.accounts.own import myself
from server.accounts.roles import TWO_FACTORS, Actor
from server.accounts.sessions import posts_of
from server.core import clock, http
from server.core.entry import STAFF, entry
from server.core.errors import TooMany
from server.web.bureau.marks import qr_mark
from server.web.navigation import home_of
from server.web.times import stamp
from server.web.typed import secret, typed

pages = Blueprint(ENROLMENT, __name__, url_prefix=ENROLMENT_PAGE)
SAID = {"off": "两步验证已关闭，其他地方的登录已退出。"}
WRONG_PASSWORD = "密码不对，请再试一次。"  # noqa: S105 - a sentence
WRONG_CODE = "验证码不对，或者已经用过。请等验证器出现新的六位数字再填。"
CODE_MOST = 20
Answer = str | Response | tuple[str, int]


@pages.get("")
@entry(STAFF)
def show() -> Answer:
    """Whether it is on; where it is being set up, the code to scan."""
    return _page({})


@pages.post("/begin")
@entry(STAFF)
def begin() -> Answer:
    """A new secret for whoever knows his password; a stolen session alone sets up nothing."""
    me, password = _me(), secret("password")
    try:
        known = check_login(me.username, password, now=clock.now())
    except TooMany as refused:
        return _page({"password": refused.message}), refused.status
    if known is None:
        http.keep()
        return _page({"password": WRONG_PASSWORD}), 422
    second_factor.begin(me)
    return redirect(ENROLMENT_PAGE, 303)


@pages.post("/confirm")
@entry(STAFF)
def confirm() -> Answer:
    """The first code turns it on; the recovery codes are shown this once."""
    try:
        codes = check_first_code(
            _me(), typed("totp", most=CODE_MOST), session_id=actor().session_id, now=clock.now()
        )
    except TooMany as refused:
        return _page({"totp": refused.message}), refused.status
    if codes is None:
        http.keep()
        return _page({"totp": WRONG_CODE}), 422
    return _codes(codes, begun=True)


@pages.post("/codes")
@entry(STAFF)
def codes() -> Answer:
    """Ten new recovery codes; the old ones stop."""
    refused = _refused("codes_totp")
    return refused or _codes(second_factor.renew_codes(_me(), now=clock.now()))


@pages.post("/off")
@entry(STAFF)
def off() -> Answer:
    """Turn it off, as before a new phone."""
    refused = _refused("off_totp")
    if refused:
        return refused
    second_factor.turn_off(_me(), session_id=actor().session_id, now=clock.now())
    return redirect(f"{ENROLMENT_PAGE}?done=off", 303)


def _refused(field: str) -> Answer | None:
    """The page with what is wrong about the code in a field; None where the code is right."""
    try:
        if check_code(_me(), typed(field, most=CODE_MOST), now=clock.now()):
            return None
    except TooMany as refused:
        return _page({field: refused.message}), refused.status
    http.keep()
    return _page({field: WRONG_CODE}), 422


def _me() -> Person:
    """The person who asks; the guard has let no other in."""
    return myself(actor().person_id)


def _codes(codes: list[str], *, begun: bool = False) -> str:
    return render_template("staff/recovery_codes.html", codes=codes, begun=begun, home=_home())


def _home() -> str:
    return home_of(Actor(posts=posts_of(_me().id, now=clock.now())))


def _page(errors: dict[str, str]) -> str:
    me, now = _me(), clock.now()
    secret = second_factor.waiting_secret(me)
    said = SAID.get(request.args.get("done", "")) if request.method == "GET" else None
    given: dict[str, Any] = {}
    if secret:
        given = {
            "secret": totp.in_groups(secret),
            "mark": qr_mark(totp.address(secret, me.username), "给验证器扫的二维码"),
        }
    return render_template(
        "staff/second_factor.html",
        since=stamp(me.totp_since_at, now=now) if me.totp_since_at else "",
        left=second_factor.codes_left(me) if me.totp_since_at else 0,
        demanded=_demanded(me),
        home=_home(),
        errors=errors,
        flashes=[("ok", said)] if said else [],
        **given,
    )


def _demanded(me: Person) -> bool:
    roles = {post.role for post in posts_of(me.id, now=clock.now())}
    return bool(roles & TWO_FACTORS) and bool(current_app.extensions["settings"].totp_demanded)
