"""The clocks beside acceptance and answer in words, and a danger's measure and second look."""

from collections.abc import Sequence
from datetime import datetime

from server.reports.eyes import Eyes
from server.reports.facts import sides_of
from server.reports.hazards import hazards_of
from server.reports.models import Event, Report
from server.reports.side_changes import NOT_REACHED, RESULTS, SENT_BACK
from server.reports.sides import Side, running_sides
from server.reports.workflow import Act
from server.web.desk.clocks import Clock, clock_of
from server.web.times import day_time, stamp

NAMES = {
    Side.CONTACT: "社区联系报告人",
    Side.CHECK: "核对答复",
    Side.MEASURE: "写明整改措施",
    Side.RECTIFY: "隐患整改",
    Side.REINSPECT: "复查隐患",
    Side.MEDIATE: "调解时限",
}
OF_ACT = {Act.CONTACT: Side.CONTACT, Act.CHECK: Side.CHECK, Act.REINSPECT: Side.REINSPECT}


def beside_clocks(report: Report, events: Sequence[Event], *, now: datetime) -> list[Clock]:
    """What was done in its time or late, then what still runs."""
    done = [
        clock_of(NAMES[OF_ACT[Act(event.act)]], datetime.fromisoformat(due), event.at, running=True, now=now)
        for event in events
        if event.act in OF_ACT and (due := event.data.get("due")) and event.data.get("result") != NOT_REACHED
    ]
    still = running_sides(sides_of(report), report.state)
    return done + [clock_of(NAMES[side], at, None, running=True, now=now) for side, at in still.items()]


def first_answer(events: Sequence[Event]) -> datetime | None:
    """When the reporter first got an answer; one that a second body sent back is none."""
    found = None
    for event in events:
        if event.act == Act.RESOLVE and found is None:
            found = event.at
        elif event.act == Act.CHECK and event.data.get("result") == SENT_BACK:
            found = None
        elif event.act in (Act.CONFIRM, Act.REOPEN, Act.CLOSE):
            break
    return found


def hazard_facts(report: Report, eyes: Eyes, *, now: datetime) -> list[tuple[str, str]]:
    """The last measure with its post and deadline, and what the second looks found; empty for what is no danger."""
    if report.hazard_step is None:
        return []
    shown = "提交前，页面已显示先打的电话" if report.called_first else "没有显示号码的记录"
    found = [("先打电话", shown)]
    rows = hazards_of([report.id])[report.id]
    last = next((row for row in reversed(rows) if row.step == "measure"), None)
    if last is None:
        return [*found, ("整改措施", "还没有写明")]
    found += [("整改措施", eyes.words(last.text)), ("责任人", last.person)]
    found += [("整改期限", day_time(last.until_at))] if last.until_at else []
    looks = [row for row in rows if row.step == "reinspect"]
    return found + [
        (
            "复查",
            f"{RESULTS[Act.REINSPECT][row.result]}：{eyes.words(row.text)}（{row.by_label}，{stamp(row.at, now=now)}）",
        )
        for row in looks
    ]
