"""`/my/logins/…`: a resident ends one of his WeChat logins, or all but this one; they are listed at `/my/data`."""

from datetime import datetime

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from server.accounts.guards import actor
from server.accounts.resident_logins import end_login, end_others, working_logins
from server.core import clock
from server.core.entry import entry
from server.web.times import stamp

blueprint = Blueprint("resident_logins", __name__)
HERE = "/my/data#logins"


def logins_here(*, now: datetime) -> list[dict[str, str]]:
    """The logins of whoever asks that still work; empty for somebody without one."""
    asking = actor()
    if asking.resident_id is None:
        return []
    return [
        {
            "device": one.device or "微信",
            "seen": stamp(one.seen_at, now=now),
            "end": "" if one.id == asking.session_id else f"/my/logins/{one.id}/end",
        }
        for one in working_logins(asking.resident_id, now=now)
    ]


@blueprint.post("/my/logins/<int:session_id>/end")
@entry("resident")
def end(session_id: int) -> Response:
    """End one of one's own logins."""
    end_login(_me(), session_id, now=clock.now())
    return redirect(HERE, 303)


@blueprint.post("/my/logins/end-others")
@entry("resident")
def others() -> Response:
    """End every login but this one."""
    end_others(_me(), but=actor().session_id, now=clock.now())
    return redirect(HERE, 303)


def _me() -> int:
    """The resident who asks; the guard has let no other in."""
    return actor().resident_id or 0
