"""Login codes in the sandbox: the mini-program's and the H5 page's, each good once for five minutes."""

import secrets
from base64 import b64encode
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from server.wechat.sandbox.demo import made
from server.wechat.sandbox.model import Account, Code, Kind, State
from server.wechat.sandbox.tokens import LIFE, account_of
from server.wechat.sandbox.wire import WireError, answer, locked

CODE_LIFE = timedelta(minutes=5)
VISIT_LIFE = timedelta(hours=2)
SCOPES = ("snsapi_base", "snsapi_userinfo")

wire = Blueprint("sandbox_login", __name__)


def new_code(
    state: State, appid: str, address: str, *, scope: str = "snsapi_base", snapshot: bool = False
) -> str:
    """A login code for somebody at an account; raises KeyError when there is no such person."""
    if state.person(appid, address) is None:
        raise KeyError(address)
    code = secrets.token_hex(16)
    state.codes[code] = Code(appid, address, state.now() + CODE_LIFE, scope=scope, snapshot=snapshot)
    return code


def spend(state: State, account: Account, text: str) -> Code:
    """Use up a code; 40029 for an unknown, foreign or old one, 40163 for a second use."""
    code = state.codes.get(text)
    if code is None or code.appid != account.appid or code.expires_at <= state.now():
        raise WireError(40029)
    if code.used:
        raise WireError(40163)
    code.used = True
    return code


def visited(state: State, appid: str, openid: str) -> bool:
    """Whether somebody opened the mini-program so lately that what he wrote may be checked."""
    at = state.visits.get((appid, openid))
    return at is not None and state.now() - at <= VISIT_LIFE


@wire.get("/sns/jscode2session")
@locked
def code2session(state: State) -> Response:
    """Who opened the mini-program."""
    account = _asked(state, Kind.MINI)
    code = spend(state, account, request.args.get("js_code", ""))
    state.visits[account.appid, code.address] = state.now()
    return answer({"openid": code.address, "session_key": b64encode(secrets.token_bytes(16)).decode()})


@wire.get("/sns/oauth2/access_token")
@locked
def oauth_token(state: State) -> Response:
    """Who came back from the login page; a snapshot visitor has an openid that means nobody."""
    account = _asked(state, Kind.MP)
    code = spend(state, account, request.args.get("code", ""))
    granted: dict[str, Any] = {
        "access_token": secrets.token_urlsafe(64),
        "expires_in": int(LIFE.total_seconds()),
        "refresh_token": secrets.token_urlsafe(64),
        "openid": code.address,
        "scope": code.scope,
    }
    if code.snapshot:
        granted |= {"openid": "o" + made(f"snapshot:{code.address}", length=27), "is_snapshotuser": 1}
    return answer(granted)


def _asked(state: State, kind: Kind) -> Account:
    if request.args.get("grant_type") != "authorization_code":
        raise WireError(40002)
    account = account_of(state, request.args)
    if account.kind is not kind:
        raise WireError(48001)
    return account
