"""`/account`: one's posts, logins, password, and where messages arrive."""

from flask import Blueprint, redirect, render_template, request
from werkzeug import Response

from server.accounts.guards import actor
from server.accounts.own import change_password, end_login, logins_of
from server.accounts.passwords import SHORTEST
from server.accounts.roles import ROLE_NAMES, Actor
from server.accounts.sessions import close_all
from server.core import clock, http
from server.core.entry import STAFF, entry
from server.core.errors import Invalid
from server.notices.addresses import TARGET_MOST, addresses_of, bind, unbind
from server.notices.trial import send_trial, trials_of
from server.web.times import stamp
from server.web.typed import said, secret, typed

pages = Blueprint("account", __name__)

SAID = {
    "welcome": "密码已设置，您已登录。请绑定接收消息的方式，再发一条测试消息。",
    "password": "密码已修改，其他地方的登录已退出。",
    "others": "其他地方的登录已全部退出。",
    "ended": "已退出那次登录。",
    "bound": "已绑定。请发一条测试消息，看手机上能不能收到。",
    "unbound": "已解除绑定。",
    "test": "测试消息已提交，请看手机；结果在下面，稍后刷新可见。",
}
UNEQUAL = "两次输入的新密码不一样。"
WECOM = "wecom_app"
Answer = str | Response | tuple[str, int]


@pages.get("/account")
@entry(STAFF)
def show() -> str:
    """Everything about the own account."""
    return _page({})


@pages.post("/account/password")
@entry(STAFF)
def password() -> Answer:
    """Change the password; other logins end."""
    old, new = secret("old"), secret("new")
    if new != secret("again"):
        return _page({"again": UNEQUAL}), 422
    try:
        keep = actor().session_id
        change_password(_me(actor()), old=old, new=new, keep_session=keep, now=clock.now())
    except Invalid as refused:
        http.keep()
        fields = {"new" if name == "password" else name: words for name, words in refused.fields.items()}
        return _page(fields), refused.status
    return _done("password")


@pages.post("/account/logins/<int:session_id>/end")
@entry(STAFF)
def end(session_id: int) -> Answer:
    """End one of one's own logins."""
    end_login(_me(actor()), session_id, now=clock.now())
    return _done("ended")


@pages.post("/account/logins/end-others")
@entry(STAFF)
def end_others() -> Answer:
    """End every login but this one."""
    close_all(_me(actor()), but=actor().session_id, now=clock.now())
    return _done("others")


@pages.post("/account/wecom")
@entry(STAFF)
def wecom() -> Answer:
    """Bind a WeCom user id."""
    me = actor()
    try:
        bind(me.county_id or "", _me(me), WECOM, said("target", most=TARGET_MOST), now=clock.now())
    except Invalid as refused:
        return _page(refused.fields), refused.status
    return _done("bound")


@pages.post("/account/addresses/<int:address_id>/end")
@entry(STAFF)
def release(address_id: int) -> Answer:
    """Stop using one of one's own addresses."""
    unbind(_me(actor()), address_id, now=clock.now())
    return _done("unbound")


@pages.post("/account/test")
@entry(STAFF)
def test() -> Answer:
    """Send oneself a message on every bound channel."""
    me = actor()
    try:
        send_trial(me.county_id or "", _me(me), now=clock.now())
    except Invalid as refused:
        return _page({"target": refused.message}), refused.status
    return _done("test")


def _me(me: Actor) -> int:
    """The person who asks; the guard has let no other in."""
    return me.person_id or 0


def _done(what: str) -> Response:
    return redirect(f"/account?done={what}", 303)


def _page(errors: dict[str, str]) -> str:
    now, me = clock.now(), actor()
    said = SAID.get(request.args.get("done", "")) if request.method == "GET" else None
    return render_template(
        "staff/account.html",
        me=me,
        roles=ROLE_NAMES,
        logins=[(one, stamp(one.seen_at, now=now)) for one in logins_of(_me(me), now=now)],
        addresses=[(one, stamp(one.since_at, now=now)) for one in addresses_of(_me(me))],
        trials=[(one, stamp(one.at, now=now)) for one in trials_of(_me(me))],
        errors=errors,
        target=typed("target", most=TARGET_MOST),
        shortest=SHORTEST,
        flashes=[("ok", said)] if said else [],
    )
