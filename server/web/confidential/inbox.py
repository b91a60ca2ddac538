"""`/c/`: the confidential reports of one's body; no word of what they say stands in the list."""

from typing import Any

from flask import Blueprint, render_template, request

from server.accounts.guards import actor
from server.accounts.roles import Role
from server.confidential.bodies import holders
from server.confidential.clocks import is_late
from server.confidential.keys import present_key
from server.confidential.messages import STATES
from server.confidential.models import SealedReport
from server.confidential.queries import counts, inbox
from server.core import clock
from server.core.entry import entry
from server.core.paging import LIMIT
from server.web.times import stamp
from server.web.wording import Tag, left

pages = Blueprint("sealed_inbox", __name__, url_prefix="/c")


@pages.get("/")
@entry(Role.CONFIDENTIAL)
def show() -> str:
    """What must be done, the most urgent first; with `over=1` what is done."""
    now, asking, over = clock.now(), actor(), request.args.get("over") == "1"
    page = inbox(asking, over=over, after=request.args.get("after"), limit=LIMIT)
    still, done = counts(asking)
    bodies = asking.bodies(Role.CONFIDENTIAL)
    return render_template(
        "confidential/inbox.html",
        rows=[_row(one, now=now) for one in page.items],
        tabs=[
            {"href": "/c/", "word": "待办", "count": still, "here": not over},
            {"href": "/c/?over=1", "word": "已结束", "count": done, "here": over},
        ],
        next=page.next,
        over=over,
        keyed=all(present_key(body) for body in bodies),
        readers=[(one.name, stamp(one.since_at, now=now)) for one in holders(bodies, now=now)],
    )


def _row(report: SealedReport, *, now: Any) -> dict[str, Any]:
    return {
        "no": report.no,
        "note": f"{stamp(report.submitted_at, now=now)}提交 · {sealed_words(report.kid)}",
        "tag": state_tag(report, now=now),
    }


def state_tag(report: SealedReport, *, now: Any) -> Tag:
    """How it stands: its clock while it runs, else how it ended."""
    if report.state in {"submitted", "accepted"}:
        found = left(report.due_at, now=now)
        late = is_late(report.state, report.due_at, now=now)
        return found if late else Tag(f"{STATES[report.state]}，{found.words}", found.tone, found.shape)
    return Tag(STATES[report.state], "ok" if report.state == "closed" else "", "tick")


def sealed_words(kid: str | None) -> str:
    """Under which key it lies."""
    return f"本单位密钥 {kid}" if kid else "系统密钥"
