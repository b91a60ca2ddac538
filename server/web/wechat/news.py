"""Agreeing to messages about one's report: log in if needed, ask, go back."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.core import clock
from server.core.entry import PUBLIC, entry
from server.core.errors import NotFound
from server.core.headers import WECHAT_SDK
from server.web.wechat.asking import ask_address, offer, template
from server.web.wechat.trips import depart
from server.wechat import plug
from server.wechat.errands import Goal, own_path
from server.wechat.login import asked, service_account

blueprint = Blueprint("wechat_news", __name__)
# WeChat's button evaluates text and makes frames of its own, which the house's policy forbids everywhere else;
# so it has a page to itself that shows nothing of anybody and takes nothing in.
ASKING_POLICY = (
    f"script-src 'self' 'unsafe-eval' {WECHAT_SDK}; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
NO_NEWS = "这里还没有开通微信通知，请保存本页链接随时查看进展。"


@blueprint.app_template_global("wechat_offer")
def wechat_offer() -> Any:
    """For `resident/_subscribe.html`: the way to agree to messages, or None."""
    return offer()


@blueprint.get("/wechat/news")
@entry(PUBLIC)
def news() -> Response:
    """Ask whether messages may come; whom WeChat has not told us yet logs in first."""
    back = own_path(request.args.get("next", ""))
    if not template():
        raise NotFound(NO_NEWS)
    return redirect(ask_address(back)) if actor().resident_id else depart(Goal.NEWS, back)


@blueprint.get("/wechat/ask")
@entry(PUBLIC)
def ask() -> Response:
    """The page with WeChat's own button; what is agreed to there we learn from WeChat alone."""
    back = own_path(request.args.get("next", ""))
    if not template():
        raise NotFound(NO_NEWS)
    if not (actor().resident_id or actor().person_id):
        return depart(Goal.NEWS, back)
    answer = make_response(render_template("wechat/ask.html", back=back, template=template()))
    answer.headers["Content-Security-Policy"] = ASKING_POLICY
    return answer


@blueprint.get("/wechat/jssdk")
@entry(PUBLIC)
def jssdk() -> Any:
    """What wx.config needs for a page of ours; for any other page 403."""
    account, now = service_account(), clock.now()
    own_host = urlsplit(plug.here(request.host_url)).netloc
    signed = asked(lambda: account.sign_url(request.args.get("url", ""), own_host, now=now))
    return jsonify(
        appId=signed.appid, timestamp=signed.timestamp, nonceStr=signed.nonce, signature=signed.signature
    )
