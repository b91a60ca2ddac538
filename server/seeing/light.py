"""One light of the page 系统是否正常, and instants in the words of its sentences (pure)."""

from dataclasses import dataclass
from datetime import datetime

from server.core.workdays import ZONE

OK, WARN, ALARM, INFO = "ok", "warn", "alarm", "info"


@dataclass(frozen=True)
class Light:
    """One light: what it is about, its tone, a plain sentence, and what to do where it is not well."""

    title: str
    tone: str
    words: str
    remedy: str = ""


def moment(at: datetime, now: datetime) -> str:
    """An instant as people say it: minutes and hours back, else the day."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return "刚刚"
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} 分钟前"
    if minutes < 24 * 60:
        return f"{minutes // 60} 小时前"
    there = at.astimezone(ZONE)
    return f"{there.year}年{there.month}月{there.day}日"
