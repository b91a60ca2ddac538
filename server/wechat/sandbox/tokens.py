"""Tokens as the sandbox issues them: two separate families for WeChat, one for WeCom, and the JS-SDK ticket."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request

from server.wechat.sandbox.model import Account, Family, Kind, State, Token
from server.wechat.sandbox.wire import WireError, answer, body_json, caller, locked, ok

LIFE = timedelta(seconds=7200)
HAND_OVER = timedelta(seconds=300)
NAMES, CORP_NAMES = ("appid", "secret"), ("corpid", "corpsecret")
FORCED_A_DAY = 20
FORCED_APART = timedelta(seconds=30)

wire = Blueprint("sandbox_tokens", __name__)


def issue(state: State, account: Account, family: Family) -> Token:
    """A new current token of a family."""
    token = Token(secrets.token_urlsafe(96), account.appid, family, state.now() + LIFE)
    state.tokens[token.value] = token
    state.current[account.appid, family] = token.value
    return token


def current(state: State, account: Account, family: Family) -> Token | None:
    """The family's current token, expired ones included."""
    return state.tokens.get(state.current.get((account.appid, family), ""))


def plain(state: State, account: Account) -> Token:
    """Every call issues a new token; the former stays usable for five minutes at most."""
    former = current(state, account, Family.PLAIN)
    if former:
        former.expires_at = min(former.expires_at, state.now() + HAND_OVER)
    return issue(state, account, Family.PLAIN)


def stable(state: State, account: Account, *, force: bool) -> Token:
    """The same token while more than five minutes remain; a forced one ends the former at once."""
    kept = current(state, account, Family.STABLE)
    if force and _may_force(state, account):
        if kept:
            del state.tokens[kept.value]
        return issue(state, account, Family.STABLE)
    if kept and kept.expires_at - state.now() >= HAND_OVER:
        return kept
    return issue(state, account, Family.STABLE)


def _may_force(state: State, account: Account) -> bool:
    now = state.now()
    past = [at for at in state.forced.get(account.appid, []) if now - at < timedelta(days=1)]
    allowed = len(past) < FORCED_A_DAY and (not past or now - past[-1] >= FORCED_APART)
    state.forced[account.appid] = [*past, now] if allowed else past
    return allowed


def account_of(state: State, given: Mapping[str, Any], *, names: tuple[str, str] = NAMES) -> Account:
    """The account named with its secret; 41002, 41004, 40013 or 40125 otherwise."""
    appid, secret = names
    if not given.get(appid):
        raise WireError(41002)
    if not given.get(secret):
        raise WireError(41004)
    account = state.accounts.get(str(given[appid]))
    if account is None:
        raise WireError(40013)
    if not secrets.compare_digest(account.secret, str(given[secret])):
        raise WireError(40001 if account.kind is Kind.CORP else 40125)
    return account


def _granted(token: Token, now: datetime) -> dict[str, Any]:
    return {"access_token": token.value, "expires_in": int((token.expires_at - now).total_seconds())}


@wire.get("/cgi-bin/token")
@locked
def plain_token(state: State) -> Response:
    """The old way to a token."""
    if request.args.get("grant_type") != "client_credential":
        raise WireError(40002)
    return answer(_granted(plain(state, account_of(state, request.args)), state.now()))


@wire.route("/cgi-bin/stable_token", methods=["GET", "POST"])
@locked
def stable_token(state: State) -> Response:
    """The stable way to a token."""
    given = body_json()
    if given.get("grant_type") != "client_credential":
        raise WireError(40002)
    token = stable(state, account_of(state, given), force=given.get("force_refresh") is True)
    return answer(_granted(token, state.now()))


@wire.get("/cgi-bin/gettoken")
@locked
def corp_token(state: State) -> Response:
    """WeCom's token: the same while it lasts."""
    account = account_of(state, request.args, names=CORP_NAMES)
    kept = current(state, account, Family.CORP)
    token = kept if kept and kept.expires_at > state.now() else issue(state, account, Family.CORP)
    return ok(**_granted(token, state.now()))


@wire.get("/cgi-bin/ticket/getticket")
@locked
def ticket(state: State) -> Response:
    """The JS-SDK ticket: the same while it lasts."""
    account = caller(state, Kind.MP)
    value, until = state.tickets.get(account.appid, ("", state.now()))
    if until <= state.now():
        value, until = secrets.token_urlsafe(64), state.now() + LIFE
        state.tickets[account.appid] = (value, until)
    return ok(ticket=value, expires_in=int((until - state.now()).total_seconds()))
