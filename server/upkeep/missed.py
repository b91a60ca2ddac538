"""The alarm for a drill that did not take place or did not come to its end."""

from datetime import datetime

from server.core import clock
from server.escalation.feed import close_others, open_entries
from server.escalation.rules import Entry, Reason
from server.upkeep.drilling import FROM_HOUR, UNDONE_AFTER, DrillTimes, last_drill
from server.upkeep.stage import stages

STANDS = {
    "begun": "没有报上去",
    "filed": "报上去以后没有进收件箱",
    "inbox": "推送没有送出",
    "push": "没有受理",
    "accept": "没有办结",
    "resolve": "没有确认",
    "confirm": "确认的推送没有送出",
}


def watch_drills(now: datetime) -> int:
    """An entry on the county's own feed for a drill that is missing or stands still; gone with the next good one."""
    late = 0
    for county_id in stages():
        words = _wrong(last_drill(county_id), now=now)
        occasion = f"{Reason.DRILL_LATE}:{clock.today(now)}"
        if words:
            open_entries([Entry(county_id, Reason.DRILL_LATE, occasion, words)], now=now)
            late += 1
        elif _whole_today(county_id, now=now):
            close_others(county_id, Reason.DRILL_LATE, (), now=now)
    return late


def _whole_today(county_id: str, *, now: datetime) -> bool:
    run = last_drill(county_id)
    return run is not None and run.whole and run.drill_on == clock.today(now)


def _wrong(run: DrillTimes | None, *, now: datetime) -> str:
    """What is wrong with today's drill, in words; empty while nothing is."""
    today, hour = clock.today(now), clock.local(now)
    if run is None or run.drill_on != today:
        late = hour >= hour.replace(hour=FROM_HOUR, minute=0, second=0, microsecond=0) + UNDONE_AFTER
        return "今天的每日演练没有开始，后台进程可能没有运行。" if late else ""
    if run.whole or now - run.started_at < UNDONE_AFTER:
        return ""
    return f"今天的每日演练停在一步：{STANDS[run.step]}。请检查后台进程和消息渠道。"
