"""Everything that is held about a reporter, in parts of names and values: one content for the page and the file."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from server.core import clock
from server.notices.addresses import CHANNEL_NAMES
from server.notices.residents import pushes_to_reporter, reachable_at
from server.reports.models import Report
from server.reports.own import own_logins, own_phone, own_wechat
from server.web.resident.looks import looks_of
from server.web.resident.track_view import Tracked, tracked

PUSHED = {
    "pending": "待发",
    "sent": "已发",
    "passed": "改用别的方式",
    "dead": "没有送到",
    "cancelled": "已取消",
}


@dataclass(frozen=True)
class Part:
    """One part: what it is about, and pairs of name and value."""

    title: str
    items: list[tuple[str, str]]
    links: bool = False
    """Whether the values are addresses of ours."""


def of_report(report: Report, *, now: datetime) -> list[Part]:
    """What is held about one report's reporter; for himself alone."""
    view, looks = tracked(report, now=now), looks_of(report, now=now)
    sent = pushes_to_reporter(report.id)
    return [
        Part(f"上报 {report.no}", _report(view)),
        Part("怎样联系到您", _contact(report)),
        Part("经过", [(step["when"], _line(step)) for step in view.events]),
        Part(
            "照片（链接短时间内有效）",
            [(f"第 {n} 张", url) for n, url in enumerate(_photos(view), start=1)],
            True,
        ),
        Part("谁看过我的信息", [(step["when"], f"{step['by']}：{step['text']}") for step in looks.steps]),
        Part("发给您的消息", [(shown_at(row.created_at), _push(row)) for row in sent]),
    ]


def of_account(resident_id: int) -> list[Part]:
    """What is held about a WeChat identity."""
    wechat = own_wechat(resident_id)
    if wechat is None:
        return []
    logins = [
        (
            shown_at(row.created_at),
            f"{row.device}，最近使用 {shown_at(row.seen_at)}" + ("，已退出" if row.ended_at else ""),
        )
        for row in own_logins(resident_id)
    ]
    reached = [
        (CHANNEL_NAMES.get(row.channel, row.channel), _reach(row)) for row in reachable_at(resident_id)
    ]
    return [
        Part("微信身份", [("应用编号（appid）", wechat[0]), ("您的编号（openid）", wechat[1])]),
        Part("微信登录", logins),
        Part("同意接收的微信消息", reached),
    ]


def of_joins(rows: Sequence[Any]) -> list[Part]:
    """What is held about somebody who joined neighbours' reports."""
    return [Part(f"我也遇到 {row.no}", _join(row)) for row in rows]


def _join(row: Any) -> list[tuple[str, str]]:
    said = {"solved": "已解决", "not_solved": "没解决"}.get(row.answer or "", "没有回答")
    home = " ".join(part for part in (row.own_building, row.own_unit) if part)
    return [
        ("时间", shown_at(row.joined_at)),
        ("楼栋单元", home or "没有填"),
        ("门牌", "填过，只存它的指纹" if row.door_hash else "没有填"),
        ("是否解决", said),
        ("由来", "您的一件和这一件合并办理" if row.merged_id else "点过“我也遇到”"),
    ]


def as_json(parts: list[Part], *, now: datetime) -> dict[str, Any]:
    """The same as a file that a program can read."""
    return {
        "made_at": clock.local(now).isoformat(timespec="seconds"),
        "parts": [asdict(part) for part in parts],
    }


def _report(view: Tracked) -> list[tuple[str, str]]:
    report = view.report
    times = (
        ("提交时间", report.submitted_at),
        ("受理时间", report.accepted_at),
        ("答复时间", report.resolved_at),
        ("办结时间", report.closed_at),
    )
    return [
        ("小区", view.estate),
        ("位置", view.place),
        ("类别", view.kind),
        ("内容", view.text),
        ("状态", view.state),
        ("谁在办", view.handler),
        *((name, shown_at(at)) for name, at in times if at),
        ("评分", str(report.score) if report.score else "没有打分"),
        ("同意公开", "是" if report.public else "否"),
        ("由谁登记", "工作人员代为登记" if report.filed_by else "本人"),
    ]


def _contact(report: Report) -> list[tuple[str, str]]:
    phone = own_phone(report)
    return [
        ("手机号", phone or "没有留，或已删除"),
        ("同意接听电话", "是" if report.contact_ok else "否"),
        ("浏览器标记", "有，只存它的指纹" if report.device_hash else "没有"),
        ("微信身份", "有" if report.resident_id else "没有"),
    ]


def _photos(view: Tracked) -> list[str]:
    steps = (photo["url"] for step in view.events for photo in step.get("photos", ()))
    return list(dict.fromkeys([photo["url"] for photo in (*view.before, *view.after)] + list(steps)))


def _line(step: dict[str, Any]) -> str:
    return "：".join(part for part in (f"{step['by']} {step['title']}", step.get("text", "")) if part)


def _push(row: Any) -> str:
    return f"{CHANNEL_NAMES.get(row.channel, row.channel)}，{PUSHED.get(row.state, row.state)}"


def _reach(row: Any) -> str:
    left = f"，还可以发 {row.left} 条" if row.left is not None else ""
    return f"{shown_at(row.created_at)} 起{left}" + ("，已停用" if row.ended_at else "")


def shown_at(at: datetime) -> str:
    """An instant as these pages show it: Shanghai, to the minute."""
    return f"{clock.local(at):%Y-%m-%d %H:%M}"
