"""A report's clock in words, colour and shape: how much is left, how much is over (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.web.times import span

SOON = timedelta(hours=4)
"""Half a working day: what runs out within it is shown as urgent."""
OPEN = frozenset({"submitted", "accepted", "whistled"})
ENDED = {"void": "无效", "rejected": "不予受理"}
"""How a report ended that nobody withdrew."""


@dataclass(frozen=True)
class Tag:
    """A word with its colour and its shape."""

    words: str
    tone: str
    shape: str


def left(until: datetime, *, now: datetime) -> Tag:
    """还剩 3 小时, or 超时 2 天."""
    if now > until:
        return Tag(f"超时 {span(now - until)}", "alarm", "triangle")
    if until - now <= SOON:
        return Tag(f"还剩 {span(until - now)}", "warn", "triangle")
    return Tag(f"还剩 {span(until - now)}", "info", "half")


def clock(
    state: str, due_at: datetime, *, closed_as: str | None = None, checking: bool = False, now: datetime
) -> Tag:
    """What a list says of a report: its clock while it runs, else how it ended."""
    if state in OPEN:
        return left(due_at, now=now)
    if state == "referred":
        return Tag("调解中", "info", "half")
    if state == "resolved":
        return Tag("答复核对中", "info", "half") if checking else Tag("待报告人确认", "info", "square")
    if state == "closed" and closed_as == "unconfirmed":
        return Tag("未确认办结", "warn", "square")
    if state == "closed":
        return Tag("已确认解决", "ok", "tick")
    return Tag(ENDED.get(state, "已撤回"), "", "cross")
