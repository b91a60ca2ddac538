"""The acts as staff are offered them: title, button, what to fill in; one table (pure)."""

from collections.abc import Sequence

from server.reports.workflow import Act
from server.web.desk.calling import CALLING
from server.web.desk.court_offers import COURT
from server.web.desk.offer import Offer, asks
from server.web.desk.side_offers import BESIDE

OFFERS = (
    Offer(Act.ACCEPT, "受理", "受理", tone="", drawing="check", said="已受理，报告人会收到消息。"),
    Offer(
        Act.RESOLVE,
        "办结",
        "提交办结",
        "",
        asks("outcome", "photos", "text", "basis"),
        phrases="resolve",
        tone="",
        said="已提交办结，等报告人确认。",
    ),
    Offer(
        Act.REPLY,
        "答复",
        "发给报告人",
        "报告人会看到这段话和照片。需要几天的，写上预计完成的日期。",
        asks("text", "photos", "day"),
        "答复内容",
        "reply",
        said="已答复，报告人会看到。",
    ),
    Offer(
        Act.ASK,
        "询问报告人",
        "发出询问",
        "时限照常计算，请同时安排处理。",
        asks("text"),
        "想问什么",
        "ask",
        drawing="chat",
        said="已发给报告人，等他回答。",
    ),
    Offer(
        Act.EXTEND,
        "申请延期",
        "提交申请",
        "每件最多延期 {limits.extension_times} 次，同意之前原时限不变。",
        asks("until", "text"),
        "延期原因",
        "extend",
        drawing="clock",
        said="已提交延期申请。",
    ),
    Offer(
        Act.TRANSFER,
        "转给其他单位",
        "转办",
        "转办不改变时限；说明为什么应由对方办。",
        asks("body", "joint", "text"),
        "转办原因",
        "hand_back",
        drawing="next",
        short="转办",
        said="已转办，对方会收到消息。",
    ),
    Offer(
        Act.HAND_BACK,
        "退回上一级",
        "退回",
        "退回不改变时限；第 {limits.hand_back_to_bureau_at} 次退回直接到主管部门。",
        asks("text"),
        "退回原因",
        "hand_back",
        tone="danger",
        drawing="back",
        said="已退回上一级。",
    ),
    Offer(Act.REMIND, "催办", "催办", drawing="bell", said="已催办，对方会收到消息。"),
    Offer(
        Act.SUPERVISE,
        "督办",
        "发出督办",
        "办理单位会立即收到，督办内容记入办理过程。",
        asks("text"),
        "督办要求",
        tone="danger",
        drawing="alert",
        said="已督办，对方会收到消息。",
    ),
    Offer(Act.GRANT, "同意延期", "同意延期", tone="", drawing="check", said="已同意延期。"),
    Offer(
        Act.DENY,
        "不同意延期",
        "不同意延期",
        "原时限不变，请写明理由。",
        asks("text"),
        "理由",
        tone="danger",
        drawing="close",
        said="未同意延期，原时限不变。",
    ),
    Offer(
        Act.VOID,
        "认定无效",
        "认定无效",
        "虚假、恶意或不属于物业管理的，写明理由。报告人和办理单位会看到理由；不再计入统计，记入审计，不能恢复。",
        asks("text"),
        "理由",
        tone="danger",
        drawing="close",
        said="已认定无效，不计入统计。",
    ),
    Offer(
        Act.MERGE,
        "并入同一件",
        "合并",
        "确认是同一件才合并：这一件记为已并入，由主件继续办，时限取早的；两个编号都有效，报告人在自己的页面看主件的进度。{duplicates.split_days} 天内可以拆开。",
        asks("lead", "text"),
        drawing="list",
        said="已合并，两边都能看到对方的编号。",
    ),
    Offer(
        Act.SPLIT,
        "拆开，单独办理",
        "拆开",
        "恢复合并前的状态，时限从来没有停过。",
        asks("text"),
        "拆开的原因",
        drawing="back",
        said="已拆开，单独办理。",
    ),
    *BESIDE,
    *CALLING,
    *COURT,
)
BY_ACT = {offer.act: offer for offer in OFFERS}
FIRST = (
    Act.TAKE,
    Act.APPOINT,
    Act.SETTLE,
    Act.CONTACT,
    Act.CHECK,
    Act.REINSPECT,
    Act.GRANT,
    Act.DENY,
    Act.REPORT_IN,
    Act.ACCEPT,
    Act.RESOLVE,
    Act.REPLY,
    Act.WHISTLE,
    Act.REMIND,
    Act.SUPERVISE,
    Act.TRANSFER,
)
"""What stands in the bar, in this order, as far as there is room."""
ROOM = 3


def in_bar(allowed: Sequence[Act]) -> list[Offer]:
    """The offers in the sticky bar: the next steps, no more than a thumb can tell apart."""
    return [BY_ACT[act] for act in FIRST if act in allowed][:ROOM]


def beside_bar(allowed: Sequence[Act]) -> list[Offer]:
    """The other offers, listed on the page."""
    shown = {offer.act for offer in in_bar(allowed)}
    return [offer for offer in OFFERS if offer.act in allowed and offer.act not in shown]
