"""The lights of the page 系统是否正常, from the facts alone (pure): what is so, in a sentence, and what to do if it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.core.workdays import ZONE
from server.seeing.rules import BACKUP_AFTER, CHECK_AFTER, DRILL_AFTER, LAG_MOST, Facts

OK, WARN, ALARM, INFO = "ok", "warn", "alarm", "info"
GIGABYTE = 1024**3
SHOWN = 5
"""How many duties are named."""


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


def lights(facts: Facts, *, stuck_after: timedelta) -> list[Light]:
    """All lights, in the order in which somebody should look at them."""
    whole: tuple[Callable[[Facts], Light], ...] = (clocks, duties, channels, room, backup, check, drill, key)
    return [workers(facts), pushes(facts, stuck_after=stuck_after), *(one(facts) for one in whole)]


def workers(facts: Facts) -> Light:
    """Whether duties leave their signs of life."""
    title = "后台进程"
    if facts.heart_at is None:
        return Light(title, ALARM, "还没有运行过。", "请信息化管理员启动 work 进程。")
    at = moment(facts.heart_at, facts.now)
    if facts.silent:
        return Light(
            title,
            ALARM,
            f"最后一次动静是{at}，时限和推送都停着。",
            "报告照常收下，不会丢。请信息化管理员重启 work 进程，停着的会自己补上。",
        )
    return Light(title, OK, f"在运行，最后一次动静是{at}。")


def pushes(facts: Facts, *, stuck_after: timedelta) -> Light:
    """When the last push went, and what waits."""
    title = "推送"
    sent = f"最近一条{moment(facts.last_sent_at, facts.now)}送出" if facts.last_sent_at else "还没有送出过"
    if not facts.waiting:
        return Light(title, OK, f"{sent}，没有等着的。")
    minutes = int(facts.oldest_seconds // 60)
    words = f"{sent}；有 {facts.waiting} 条在等，最早的等了 {minutes} 分钟。"
    if facts.stuck(stuck_after):
        return Light(
            title, ALARM, words, "收件箱里都看得到，可以先打电话。请信息化管理员看后台进程、渠道和网络。"
        )
    if facts.oldest_seconds >= stuck_after.total_seconds():
        return Light(title, WARN, words, "正在重试；着急的请先打电话。")
    return Light(title, OK, words)


def clocks(facts: Facts) -> Light:
    """Whether what is due is dealt with."""
    title = "时限和逐级上报"
    minutes = int(facts.lag_seconds // 60)
    if timedelta(seconds=facts.lag_seconds) > LAG_MOST:
        return Light(
            title,
            ALARM,
            f"有到点的没有处理，最早的晚了 {minutes} 分钟。",
            "请信息化管理员看后台进程是否停了或太忙；恢复后会按原来的时间补上。",
        )
    return Light(title, OK, "到点的都处理了。")


def duties(facts: Facts) -> Light:
    """Whether each duty goes well, beside the clocks."""
    title = "定时任务"
    if facts.silent:
        return Light(title, INFO, "后台进程停着，都没有做。", "后台进程恢复后会自己补做。")
    if facts.late:
        names = "、".join(facts.late[:SHOWN]) + ("等" if len(facts.late) > SHOWN else "")
        return Light(
            title,
            ALARM,
            f"有 {len(facts.late)} 项一直没有做成：{names}。",
            "报告照常收下。请信息化管理员看后台进程日志里这些名字的错误。",
        )
    return Light(title, OK, "都按时做了。")


def channels(facts: Facts) -> Light:
    """Whether a channel rests."""
    title = "微信和企业微信"
    if not facts.resting and not facts.dead:
        return Light(title, OK, "各个渠道都能用。")
    rests = [f"{name}停发（代码 {code}）" for name, code, _ in facts.resting]
    lost = [f"最近半小时有 {facts.dead} 条没有送达"] if facts.dead else []
    return Light(
        title,
        ALARM if facts.resting else WARN,
        "；".join(rests + lost) + "。",
        "能走别的渠道的会自动改走；没送达的在「动态」里逐条列出，请打电话。代码的意思见运行文档 pushes.md。",
    )


def room(facts: Facts) -> Light:
    """Whether photos can be kept, and how much room there is."""
    title = "照片空间"
    if facts.photos_away:
        return Light(
            title,
            ALARM,
            "照片存不进去，试了几次都不成。",
            "报告照收，但带不上照片。请信息化管理员看磁盘、目录权限或对象存储；好了以后几分钟内自动恢复。",
        )
    if facts.free_bytes is None:
        return Light(title, OK, "照片存在对象存储，没有上限。")
    words = f"还剩 {facts.free_bytes // GIGABYTE} GB。"
    if facts.tight:
        return Light(
            title, ALARM, words, "满了以后报告照收，但带不上照片。请信息化管理员扩容或清理这台机器的磁盘。"
        )
    return Light(title, OK, words)


def backup(facts: Facts) -> Light:
    """When the last whole backup was made."""
    title = "备份"
    if facts.backup_at is None:
        tone = ALARM if facts.backup_wanted else INFO
        return Light(title, tone, "还没有备份过。", "请信息化管理员按运行文档 backup.md 设好每天备份。")
    at = moment(facts.backup_at, facts.now)
    if facts.now - facts.backup_at > BACKUP_AFTER:
        return Light(title, ALARM, f"最近一次是{at}。", "请信息化管理员看每天的备份为什么没有做。")
    if facts.backup_faults:
        return Light(
            title,
            WARN,
            f"最近一次是{at}，有 {facts.backup_faults} 张照片缺失或损坏。",
            "请信息化管理员核对。",
        )
    return Light(title, OK, f"最近一次是{at}，完整。")


def check(facts: Facts) -> Light:
    """What the last look for anything lost found."""
    title = "有没有遗漏"
    if facts.checked is None and facts.unchecked:
        return Light(title, ALARM, "一直没有核对成。", "请信息化管理员看后台进程日志里 check 的错误。")
    if facts.checked is None:
        return Light(title, INFO, "还没有核对过。", "后台进程每五分钟核对一次。")
    found = facts.checked
    at = moment(found.at, facts.now)
    if found.lost:
        return Light(
            title,
            ALARM,
            f"{at}核对，有 {found.lost} 处补不上。",
            "请信息化管理员运行 flask --app wsgi check，按它说的做。",
        )
    if facts.now - found.at > CHECK_AFTER:
        tone = ALARM if facts.unchecked else WARN
        remedy = "平时每五分钟一次，请信息化管理员看后台进程日志里 check 的错误。"
        return Light(title, tone, f"上次核对是{at}。", remedy)
    if found.repaired:
        return Light(
            title, WARN, f"{at}核对，发现并补上了 {found.repaired} 处。", "请信息化管理员看日志里的原因。"
        )
    return Light(title, OK, f"{at}核对过，收下的报告和推送都在。")


def drill(facts: Facts) -> Light:
    """How the daily drill went."""
    title = "每日演练"
    if facts.drill_on is None:
        return Light(title, INFO, "没有开启。", "开启后每天用一件演练报告走完全程，见运行文档。")
    day = f"{facts.drill_on.month}月{facts.drill_on.day}日"
    late = facts.now.astimezone(ZONE).date() - facts.drill_on > DRILL_AFTER
    if late:
        return Light(title, WARN, f"最近一次是{day}。", "请信息化管理员看演练为什么停了。")
    if not facts.drill_whole:
        return Light(title, WARN, f"{day}的还没有走完。", "过一小时还没有走完，请信息化管理员查看。")
    return Light(title, OK, f"{day}的走完了全程。")


def key(facts: Facts) -> Light:
    """When the key of encryption was last changed."""
    title = "加密密钥"
    if facts.key_at is None:
        return Light(
            title,
            INFO,
            "启用以来没有更换过。",
            "怎么更换见运行文档 keys.md；证书到期请看证书所在的反向代理。",
        )
    return Light(title, OK, f"上次更换是{moment(facts.key_at, facts.now)}。")
