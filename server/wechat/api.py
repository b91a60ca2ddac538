"""The call by which the mini-program logs a resident in (contract.md, JSON API)."""

from datetime import timedelta
from typing import Any

from flask import request

from server.accounts.schemas import Token
from server.core import clock
from server.core.addresses import from_network
from server.core.entry import PUBLIC, entry
from server.core.http import commit_now
from server.core.limits import hit
from server.core.schemas import Calls
from server.wechat.login import mini_login, mini_program
from server.wechat.schemas import WeChatLogin

calls = Calls("wechat", __name__, description="微信登录")
MOST, WINDOW = 120, timedelta(minutes=1)
"""Logins from one address; a whole village may share one behind its carrier."""


@calls.post("/sessions/wechat")
@entry(PUBLIC)
@calls.arguments(WeChatLogin)
@calls.response(201, Token)
@calls.alt_response(401, description="WeChat does not take the code: used, too old, or never given")
@calls.alt_response(429, description="too many logins from this address")
@calls.alt_response(503, description="WeChat does not answer; try again after Retry-After seconds")
def login(body: dict[str, Any]) -> Any:
    """Log a resident in by a mini-program's login code."""
    now = clock.now()
    mini_program()
    hit(
        "wechat-login",
        from_network(),
        most=MOST,
        window=WINDOW,
        sentence="登录太频繁了，请一分钟后再试；不登录也可以上报。",
        now=now,
    )
    commit_now()  # WeChat may take seconds, and the tally's row must not stay locked meanwhile
    token, session = mini_login(body["code"], device=request.user_agent.string, now=now)
    return {"token": token, "expires_at": session.expires_at}
