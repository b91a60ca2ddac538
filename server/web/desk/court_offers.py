"""The steps of a mediation as staff are offered them (pure; A12)."""

from server.reports.workflow import Act
from server.web.desk.offer import Offer, asks

COURT = (
    Offer(
        Act.TAKE,
        "收案",
        "收案",
        tone="",
        drawing="check",
        said="已收案，报告人和物业会收到消息。",
    ),
    Offer(
        Act.APPOINT,
        "约定调解时间",
        "通知双方",
        "报告人和物业会收到时间和地点。改时间的，再填一次。",
        asks("until", "text"),
        "地点和要带的材料",
        tone="",
        drawing="clock",
        said="已通知双方。",
        short="约时间",
    ),
    Offer(
        Act.SETTLE,
        "登记调解结果",
        "提交结果",
        "达成协议的，接着请报告人确认；没有达成或终止的，退回原来的单位继续办理。报告人和物业都会看到这段话。",
        asks("result", "text"),
        "结果说明",
        drawing="service",
        said="已登记，双方会收到消息。",
        short="登记结果",
    ),
    Offer(
        Act.REFER,
        "转法院调解",
        "询问报告人",
        "先问报告人同不同意，他同意后才转调解中心；这段时间照常办理，时限照常计算。写明为什么适合调解，报告人会看到。",
        asks("text"),
        "为什么转调解",
        drawing="service",
        said="已询问报告人，等他回答。",
    ),
    Offer(
        Act.UNREFER,
        "不转调解",
        "不转调解",
        "调解中心收案前可以撤回。写明原因，报告人会看到；由原来的单位继续办理。",
        asks("text"),
        "原因",
        tone="danger",
        drawing="back",
        said="已撤回，由原来的单位继续办理。",
    ),
)
