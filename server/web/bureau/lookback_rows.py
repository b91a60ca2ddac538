"""A campaign and its items in words: for pages as typed, for files masked."""

from datetime import datetime
from typing import Any

from server.core.spreadsheet import Cell
from server.policy.loader import books
from server.reports.eyes import MASKED
from server.reports.rechecking import FAILED, PASSED
from server.reports.words import STAFF_STATES
from server.supervision.checking import Tally
from server.supervision.models import Campaign
from server.web.desk.rows import kind_of, place_words
from server.web.times import day_time, stamp
from server.web.wording import Tag, left

WORDS = {PASSED: "合格", FAILED: "不合格，已退回重办", None: "未检查"}
TAGS = {
    PASSED: Tag("合格", "ok", "tick"),
    FAILED: Tag("不合格", "alarm", "triangle"),
    None: Tag("待检查", "info", "ring"),
}
HEADERS = (
    *(
        "序号",
        "编号",
        "小区",
        "位置",
        "类别",
        "办结时间",
        "检查单位",
        "检查岗位",
        "结果",
        "现场情况",
        "检查时间",
    ),
    "现在的状态",
)


def summary(row: Campaign, tally: Tally, *, now: datetime) -> dict[str, Any]:
    """One campaign in a list."""
    done = tally.passed + tally.failed
    note = f"办结日期 {row.begins_on} 至 {row.ends_on} · 已查 {done}/{tally.drawn}"
    note += f"，不合格 {tally.failed}" if tally.failed else ""
    tag = Tag("已结束", "", "square") if row.closed_at else left(row.due_at, now=now)
    return {"href": f"/b/lookback/{row.id}", "title": row.name, "note": note, "tag": tag}


def facts_of(row: Campaign, tally: Tally) -> list[tuple[str, str]]:
    """What was drawn, how, and what came of it."""
    return [
        ("办结日期", f"{row.begins_on} 至 {row.ends_on}"),
        ("范围", _filters(row)),
        ("抽取", f"从 {row.drawn_from} 件里按 {_how(row)}抽，本页 {tally.drawn} 件"),
        ("随机种子", row.seed),
        ("检查期限", day_time(row.due_at)),
        ("结果", f"合格 {tally.passed}，不合格 {tally.failed}，未检查 {tally.left}"),
    ]


def _how(row: Campaign) -> str:
    return f"{row.number} 件" if row.number else f"{row.share_percent}%"


def _filters(row: Campaign) -> str:
    kind = books()[row.county_id].kinds.get(row.filters.get("kind", ""))
    found = [kind.label if kind else "", "指定小区" if row.filters.get("estate") else ""]
    found.append("指定企业" if row.filters.get("company") else "")
    return "、".join(part for part in found if part) or "全部"


def row_of(item: Any, campaign_id: int, *, now: datetime) -> dict[str, Any]:
    """One report of a campaign in a list."""
    done = f"{stamp(item.checked_at, now=now)} {item.by_label}" if item.checked_at else _who(item)
    return {
        "href": f"/b/lookback/{campaign_id}/{item.no}",
        "title": f"{_kind(item)} · {item.estate}",
        "note": " · ".join(part for part in (_place(item), item.no, done) if part),
        "tag": TAGS[item.result],
    }


def cells(item: Any) -> tuple[Cell, ...]:
    """The same report in the results' table, which may be passed on: what was typed stands there masked."""
    return (
        item.rank,
        item.no,
        item.estate,
        MASKED.place(item),
        _kind(item),
        item.closed_at,
        item.inspector,
        item.duty,
        WORDS[item.result],
        MASKED.words(item.text),
        item.checked_at,
        STAFF_STATES.get(item.state, item.state),
    )


def _who(item: Any) -> str:
    return f"{item.inspector} {item.duty}"


def _kind(item: Any) -> str:
    kind = kind_of(item.county_id, item.kind)
    return kind.label if kind else str(item.kind)


def _place(item: Any) -> str:
    return place_words(item.building, item.unit, item.where_text)
