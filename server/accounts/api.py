"""The calls about sessions (contract.md, JSON API)."""

from typing import Any

from flask import request

from server.accounts import login, sessions
from server.accounts.guards import actor
from server.accounts.roles import STAFF as STAFF_ROLES
from server.accounts.schemas import StaffLogin, Token
from server.core import clock
from server.core.entry import PUBLIC, entry
from server.core.errors import NotLoggedIn
from server.core.http import commit_now
from server.core.schemas import Calls

calls = Calls("sessions", __name__, description="登录")
WRONG = "用户名、密码或验证码不对，请检查后再试。"
CODE_NEEDED = "请再填写验证器里的六位验证码。"


@calls.post("/sessions/staff")
@entry(PUBLIC)
@calls.arguments(StaffLogin)
@calls.response(201, Token)
@calls.alt_response(401, description="wrong name, password or code; `totp_needed` when the code is missing")
@calls.alt_response(429, description="too many failures")
def staff(body: dict[str, Any]) -> Any:
    """Log a member of staff in."""
    now = clock.now()
    person = login.check_login(body["username"], body["password"][:128], now=now)
    code = body.get("totp", "")
    if person and person.totp_since_at and not code:
        raise NotLoggedIn(CODE_NEEDED, code="totp_needed")
    if person is None or (person.totp_since_at and not login.check_code(person, code, now=now)):
        commit_now()
        raise NotLoggedIn(WRONG, code="wrong_login")
    token, session = sessions.open_for_person(person, device=request.user_agent.string, now=now)
    return {"token": token, "expires_at": session.expires_at}


@calls.delete("/sessions/current")
@entry("resident", *sorted(STAFF_ROLES))
@calls.response(204)
@calls.alt_response(401, description="no session")
def end() -> None:
    """Log out."""
    session_id = actor().session_id
    if session_id is not None:
        sessions.close(session_id, now=clock.now())
