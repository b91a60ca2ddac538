"""Times as people say them, on the wall clock of Asia/Shanghai (pure)."""

from datetime import datetime, timedelta

from server.core import clock

WEEKDAYS = "一二三四五六日"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def day_time(at: datetime) -> str:
    """`11月18日（周三）16:00`: a deadline as a date with its weekday."""
    local = clock.local(at)
    return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def stamp(at: datetime, *, now: datetime) -> str:
    """When something happened: without the date today, without the year this year."""
    local, today = clock.local(at), clock.today(now)
    if local.date() == today:
        return f"今天 {local:%H:%M}"
    if local.year == today.year:
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.year}年{local.month}月{local.day}日"


def span(length: timedelta) -> str:
    """A length of time in its largest unit, rounded down: `3 天`, `5 小时`, `20 分钟`."""
    length = abs(length)
    if length >= DAY:
        return f"{length // DAY} 天"
    if length >= HOUR:
        return f"{length // HOUR} 小时"
    return f"{max(1, length // timedelta(minutes=1))} 分钟"
