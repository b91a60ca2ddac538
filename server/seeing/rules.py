"""What is wrong, from the facts alone (pure): the alarms there are now, and when the group hears of them."""

from datetime import datetime, timedelta

from server.seeing import expected
from server.seeing.known import Facts

LAG_MOST = timedelta(minutes=5)
DEAD_WITHIN = timedelta(minutes=30)
REPAIRED_WITHIN = timedelta(hours=1)
CLOCKS_APART = timedelta(seconds=30)
"""How far a machine's clock may be from the database's."""
BACKUP_AFTER = timedelta(hours=36)
DRILL_AFTER = timedelta(days=2)
OWN = ("disk:", "clock:", "role:")
"""Alarms about one machine, which it alone sees."""
NOBODY = frozenset({"no_address"})
"""Ends of pushes that are the feed's business: somebody has bound no channel."""
CLEAR_AFTER = timedelta(minutes=2)
"""How long a thing must be well before it is called well, so that nothing flaps."""
LASTS = timedelta(seconds=20)
"""What is gone at the second look was a restart, and is not worth a word."""
SAY_APART = timedelta(minutes=1)
SAY_AGAIN = timedelta(hours=6)
FORGET_AFTER = timedelta(days=7)


def wrong(facts: Facts, *, stuck_after: timedelta) -> dict[str, str]:
    """What is wrong now: key → words for the operators' group."""
    found: dict[str, str] = {}
    if facts.silent:
        found["silent"] = "后台进程已超过 2 分钟没有动静，时限和推送都停了。请检查 work 进程。"
    if facts.stuck(stuck_after):
        minutes = int(stuck_after.total_seconds() // 60)
        found["stuck"] = f"有 {facts.waiting} 条推送在等，{minutes} 分钟内一条也没有送出。请看渠道和网络。"
    if timedelta(seconds=facts.lag_seconds) > LAG_MOST and not facts.silent:
        found["lag"] = "到点的时限超过 5 分钟没有处理。请看后台进程是否太忙。"
    if facts.dead:
        found["dead"] = f"最近半小时有 {facts.dead} 条给工作人员的推送没有送达。请看 flask pushes --dead。"
    for channel, code, _ in facts.resting:
        found[f"channel:{channel}"] = f"渠道 {channel} 停发（代码 {code}）。请按 wechat-outages.md 处理。"
    return found | _undone(facts) | _kept(facts)


def _undone(facts: Facts) -> dict[str, str]:
    found = {
        f"duty:{name}": f"定时任务 {name} 一直没有做成（超过{_span(expected.limit(facts.periods[name]))}）。"
        "请看后台进程日志里这个名字的错误。"
        for name in facts.late
    }
    if facts.unchecked:
        found["check"] = "超过 20 分钟没有核对有没有遗漏。请看后台进程日志里 check 的错误。"
    if facts.photos_away:
        found["photos"] = "照片仓库试存不成，报告照收但带不上照片。请看磁盘、目录权限或对象存储。"
    return found


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f" {minutes} 分钟" if minutes < 60 else f" {minutes // 60} 小时"  # noqa: PLR2004 - an hour


def _kept(facts: Facts) -> dict[str, str]:
    found: dict[str, str] = {}
    run = facts.checked
    if facts.unheld:
        found[f"role:{facts.unheld}"] = (
            f"机器 {facts.unheld} 用表的属主或超级用户连接数据库，区县隔离和审计不起作用。请换成应用账号。"
        )
    if run and run.repaired and facts.now - run.at <= REPAIRED_WITHIN:
        found["repaired"] = f"核对发现并补上了 {run.repaired} 处遗漏。请看日志里的原因。"
    if run and run.lost:
        found["lost"] = f"核对发现 {run.lost} 处无法自动补上。请运行 flask check 查看。"
    if facts.tight:
        found[f"disk:{facts.tight}"] = f"机器 {facts.tight} 存照片的磁盘快满了。请清理或扩容。"
    if facts.apart:
        found[f"clock:{facts.apart}"] = f"机器 {facts.apart} 的时钟和数据库相差 30 秒以上。请检查自动对时。"
    if facts.backup_wanted and (facts.backup_at is None or facts.now - facts.backup_at > BACKUP_AFTER):
        found["backup"] = "超过 36 小时没有完整备份。请看 backup.md。"
    return found


def is_mine(key: str, host: str) -> bool:
    """Whether a machine of this name can tell that the thing is well again: of disk, clock and role its own alone."""
    return not key.startswith(OWN) or key.partition(":")[2] == host


def stuck_span(minutes: int) -> timedelta:
    """How long nothing may have gone while pushes wait; at least two minutes."""
    return max(timedelta(minutes=minutes), timedelta(minutes=2))


def unsaid(
    *,
    is_open: bool,
    lasted: timedelta,
    said: str,
    said_at: datetime | None,
    tried_at: datetime | None,
    now: datetime,
) -> bool:
    """Whether the group must hear of an alarm: one that was seen twice, one that goes on, or the end of one it knows."""
    if tried_at is not None and now - tried_at < SAY_APART:
        return False
    if is_open:
        return (said != "open" and lasted >= LASTS) or (
            said == "open" and said_at is not None and now - said_at >= SAY_AGAIN
        )
    return said == "open"


def text_of(opened: list[str], mended: list[str], *, where: str) -> str:
    """One message for everything there is to say, each in a line; at most a dozen lines, so that it is read."""
    lines = [f"【码上办告警】{words}" for words in opened] + [f"【已恢复】{words}" for words in mended]
    rest = len(lines) - 12
    more = [f"还有 {rest} 项"] if rest > 0 else []
    return "\n".join([*lines[:12], *more, f"详情：{where}/b/status"])
