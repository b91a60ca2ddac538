"""The words of the feed: what happened, in plain Chinese (pure)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from server.escalation.rules import Reason
from server.policy.clocks import Clock
from server.policy.terms import Level
from server.reports.part_clocks import PartClock
from server.reports.sides import Side

TITLES = {
    Reason.NOT_ACCEPTED: "超时未受理",
    Reason.NOT_RESOLVED: "超时未办结",
    Reason.BAD_RATING: "居民评价差",
    Reason.REOPENED: "居民要求重办",
    Reason.REOPENED_OFTEN: "多次重办，请主管部门处理",
    Reason.UNDELIVERED: "推送没有送达",
    Reason.HAND_BACKS: "多次退回，请主管部门指定",
    Reason.SAFETY: "安全类报告",
    Reason.VACANT: "无人接收",
    Reason.HOLIDAYS: "放假安排缺失",
    Reason.BULK_CLOSED: "集中办结，请抽查",
    Reason.NOT_REPORTED_IN: "吹哨后未报到",
    Reason.PART_LATE: "被叫来的单位超时未答复",
    Reason.NEIGHBOURS: "邻居说没解决",
    Reason.CONTACT_LATE: "社区没有联系报告人",
    Reason.CHECK_LATE: "答复没有核对",
    Reason.MEASURE_LATE: "隐患没有写明措施",
    Reason.RECTIFY_LATE: "隐患整改超期",
    Reason.REINSPECT_LATE: "隐患没有复查",
    Reason.MEDIATION_LATE: "调解没有结果",
    Reason.CHECK_FOUND: "自动检查发现问题",
    Reason.DRILL_LATE: "每日演练没有完成",
    Reason.CHANNEL_DOWN: "通知渠道不通",
}
LEVELS = {Level.COMMUNITY: "社区", Level.TOWNSHIP: "镇街", Level.BUREAU: "主管部门"}
LEFT_SILENT = {PartClock.REPORT_IN: "未报到", PartClock.ANSWER: "未答复"}
LEFT_UNDONE = {Clock.ACCEPT: "未受理", Clock.RESOLVE: "未办结"}
LEFT_BESIDE = {
    Side.CONTACT: "社区未联系报告人",
    Side.CHECK: "未核对答复",
    Side.MEASURE: "未写明整改措施、期限和责任人",
    Side.RECTIFY: "未完成隐患整改",
    Side.REINSPECT: "未复查隐患",
    Side.MEDIATE: "没有调解结果",
}
MOST = 400
SHORT = 110
"""The longest that one party's reason may be, so that three stand side by side."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def span(length: timedelta) -> str:
    """A length of time in its two largest units, as people say it: `3 小时`, `1 天 4 小时`."""
    days, hours, minutes = length // DAY, length % DAY // HOUR, length % HOUR // MINUTE
    if days:
        return f"{days} 天" + (f" {hours} 小时" if hours else "")
    if hours:
        return f"{hours} 小时" + (f" {minutes} 分钟" if minutes else "")
    return f"{minutes} 分钟"


def overrun(clock: Clock, level: Level, *, due_at: datetime, at: datetime) -> str:
    """`超时 3 小时未受理，已通知镇街`, counted from the deadline to this instant."""
    late = at - due_at
    begins = f"超时 {span(late)}{LEFT_UNDONE[clock]}" if late >= MINUTE else f"到时限仍{LEFT_UNDONE[clock]}"
    return f"{begins}，已通知{LEVELS[level]}"


def beside(side: Side, level: Level, *, due_at: datetime, at: datetime) -> str:
    """What was left undone beside the answer; a check that nobody made has passed on by itself."""
    late = at - due_at
    begins = f"超时 {span(late)}{LEFT_BESIDE[side]}" if late >= MINUTE else f"到时限仍{LEFT_BESIDE[side]}"
    return f"{begins}，{'已直接请报告人确认' if side is Side.CHECK else f'已通知{LEVELS[level]}'}"


def silent(body: str, clock: PartClock, level: Level, *, due_at: datetime, at: datetime) -> str:
    """`县消防大队超时 2 小时未报到，已通知镇街`."""
    late, undone = at - due_at, LEFT_SILENT[clock]
    begins = f"超时 {span(late)}{undone}" if late >= MINUTE else f"到时限仍{undone}"
    return f"{body}{begins}，已通知{LEVELS[level]}"


def bad_rating(score: int, reasons: Sequence[str]) -> str:
    """The stars and what the resident tapped."""
    return cut(f"评价 {score} 星" + (f"：{'、'.join(reasons)}" if reasons else ""))


def reopened(count: int, text: str) -> str:
    """Which time it is, and why."""
    return cut(f"第 {count} 次要求重办：{text}")


def again(detail: str, text: str) -> str:
    """The entry of a reopening with other words for why."""
    which, colon, _ = detail.partition("：")
    return cut(f"{which}{colon}{text}")


def hand_backs(given: Sequence[tuple[str, str]]) -> str:
    """Who handed the report back and with which reason, side by side."""
    return cut("；".join(f"{who}：{text[:SHORT]}" for who, text in given))


def bulk_closed(who: str, why: str) -> str:
    """Who resolved too many at once."""
    return cut(f"{who} {why}")


def neighbours(households: int) -> str:
    """How many say that it is not solved for them."""
    return f"{households} 户也遇到的邻居说没有解决，请核实"


def vacant(body: str) -> str:
    """A body in which nobody holds the post."""
    return f"{body}目前没有人在岗接收，已转上一级"


def undelivered(whom: str, channel: str, code: str) -> str:
    """A push that no channel took."""
    return cut(f"{whom}没有收到推送（{channel}，代码 {code}），请电话通知")


def no_address(whom: str) -> str:
    """Somebody who has bound no channel at all."""
    return f"{whom}还没有绑定微信或企业微信，收不到推送"


def holidays(year: int) -> str:
    """A year whose holidays are not known yet."""
    return f"{year} 年的放假调休安排还没有录入，工作时间暂按周一至周五计算"


def channel_down(channel: str, code: str) -> str:
    """A channel that has rested for long."""
    return (
        f"{channel}暂时发不出（代码 {code}）。报告照常受理；绑定了其他方式的人已改用其他方式，"
        "其余的恢复后自动补发。请信息化管理员查看渠道状态"
    )


def channel_silent(channel: str) -> str:
    """A channel that takes messages and never says what became of them."""
    return f"{channel}收下了消息，但一直没有送达回执。请信息化管理员核对公众平台的服务器配置"


def cut(text: str) -> str:
    """The text, shortened to what an entry holds."""
    return text if len(text) <= MOST else text[: MOST - 1] + "…"


SAFETY = "已同时通知职责部门"
