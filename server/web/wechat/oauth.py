"""The H5 login: out to WeChat at the moment somebody wants it, and back to the page where he was."""

from datetime import datetime

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from server.accounts import sessions
from server.accounts.guards import actor, cookie_name
from server.accounts.invitations import WECHAT, invited, use_invitation
from server.core import clock
from server.core.entry import PUBLIC, STAFF, entry
from server.core.errors import Forbidden
from server.core.http import commit_now
from server.notices.addresses import bind
from server.reports.tying import tie_reports
from server.web.wechat.asking import ask_address
from server.web.wechat.trips import COOKIE, depart, leave, returned, take
from server.wechat import login, plug, residents
from server.wechat.errands import ODD, Errand, Goal, own_path
from server.wechat.once import first_time

blueprint = Blueprint("wechat_oauth", __name__)
SNAPSHOT = "微信现在用“快照”打开这个页面，认不出您。请点页面底部的“使用完整服务”，再绑定一次。"


@blueprint.app_template_global("wechat_bindable")
def wechat_bindable() -> bool:
    """For `staff/_bind.html`: whether there is a service account to bind a WeChat at."""
    return bool(plug.config().mp_appid)


@blueprint.get("/wechat/oauth/start")
@entry(PUBLIC)
def start() -> Response:
    """Log in by WeChat, then on to `next`."""
    return depart(Goal.LOGIN, own_path(request.args.get("next", "")))


@blueprint.get("/account/wechat/bind")
@entry(STAFF)
def begin_binding() -> Response:
    """A member of staff binds the WeChat that he is reading this in."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("请从“我的”页面点“绑定微信”。")
    return depart(Goal.BIND, "/account?done=bound")


@blueprint.get("/wechat/oauth/callback")
@entry(PUBLIC)
def callback() -> Response:
    """Back from WeChat with a code, good for the browser that left and for one time."""
    now = clock.now()
    errand = returned(request.cookies.get(cookie_name(COOKIE), ""), request.args.get("state", ""))
    if not first_time("oauth", errand.state, now=now):
        raise Forbidden(ODD, code="foreign_state")
    commit_now()  # the state is spent whatever comes of it, and nothing stays locked while WeChat answers
    visitor = login.visitor_of(request.args.get("code", ""))
    if errand.goal is Goal.BIND:
        answer = _bound(errand, visitor.openid, now=now)
    elif errand.goal is Goal.LINK:
        answer = _linked(errand, visitor.openid, now=now)
    elif visitor.anonymous:
        answer = redirect(errand.back)
    else:
        answer = _welcomed(errand, visitor.openid, now=now)
    take(answer, COOKIE)
    return answer


def _welcomed(errand: Errand, openid: str, *, now: datetime) -> Response:
    """A resident is known from now on; in a browser of staff only his reports are tied, the login stays."""
    asking = actor()
    resident_id = residents.welcome(login.service_account().appid, openid, residents.MP, now=now)
    if asking.device_hash:
        tie_reports(asking.device_hash, resident_id)
    answer = redirect(ask_address(errand.back) if errand.goal is Goal.NEWS else errand.back)
    if asking.person_id is None:
        if asking.session_id is not None:
            sessions.close(asking.session_id, now=now)
        token, _ = sessions.open_for_resident(resident_id, device=request.user_agent.string, now=now)
        leave(answer, "session", token, seconds=int(sessions.RESIDENT_MOST.total_seconds()))
    return answer


def _bound(errand: Errand, openid: str, *, now: datetime) -> Response:
    """The WeChat becomes the address of the member of staff who left for it, if he is still logged in."""
    asking = actor()
    if not openid:
        raise Forbidden(SNAPSHOT, code="snapshot")
    if asking.county_id is None or asking.person_id is None or asking.person_id != errand.person_id:
        raise Forbidden("登录已经变了，请重新登录后再绑定一次。", code="other_login")
    bind(asking.county_id, asking.person_id, "mp_template", openid, rank=1, now=now)
    return redirect(errand.back)


def _linked(errand: Errand, openid: str, *, now: datetime) -> Response:
    """The WeChat becomes the address of whoever made the link; the link is spent, and nobody is logged in by it."""
    if not openid:
        raise Forbidden(SNAPSHOT, code="snapshot")
    person = invited(errand.link, purpose=WECHAT, now=now)
    use_invitation(errand.link, now=now)
    bind(person.county_id, person.id, "mp_template", openid, rank=1, now=now)
    return redirect(errand.back)
