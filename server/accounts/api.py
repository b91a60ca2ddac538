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
WRONG = "用户名或密码不对，请检查后再试。"


@calls.post("/sessions/staff")
@entry(PUBLIC)
@calls.arguments(StaffLogin)
@calls.response(201, Token)
@calls.alt_response(401, description="wrong name or password")
@calls.alt_response(429, description="too many failures")
def staff(body: dict[str, Any]) -> Any:
    """Log a member of staff in."""
    now = clock.now()
    person = login.check_login(body["username"], body["password"][:128], now=now)
    if person is None:
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
