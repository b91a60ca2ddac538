"""The lights of the page 系统是否正常, from the facts alone (pure): what is so, in a sentence, and what to do if it is not."""

from collections.abc import Callable
from datetime import timedelta

from server.seeing.known import Facts
from server.seeing.light import ALARM, INFO, OK, WARN, Light, moment
from server.seeing.lights_kept import backup, check, drill, key, role, room
from server.seeing.rules import LAG_MOST


def lights(facts: Facts, *, stuck_after: timedelta) -> list[Light]:
    """All lights, in the order in which somebody should look at them."""
    own = (clocks, times, duties, channels, room, role)
    whole: tuple[Callable[[Facts], Light], ...] = (*own, backup, check, drill, key)
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
        return Light(
            title,
            ALARM,
            f"有 {len(facts.late)} 项一直没有做成。",
            "报告照常收下。请信息化管理员运行 flask --app wsgi alarms 看是哪几项，再看后台进程日志里的原因。",
        )
    return Light(title, OK, "都按时做了。")


def times(facts: Facts) -> Light:
    """Whether this machine's clock is right."""
    title = "机器时钟"
    if not facts.apart:
        return Light(title, OK, "和数据库一致。")
    return Light(
        title,
        ALARM,
        f"机器 {facts.apart} 的时钟和数据库相差 30 秒以上。",
        "收到的时间和时限会跟着错。请信息化管理员检查这台机器的自动对时（chrony），对好后自己恢复。",
    )


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
