"""What of the reports must not count, or not twice: judged by rules alone (pure; semantics.md, threats D10 to D12)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.core.workdays import ZONE
from server.policy.terms import Guard


class Flag(StrEnum):
    """What was noticed about a report."""

    STAFF_OWN = "staff_own"
    DUPLICATE = "duplicate"
    AGAIN = "again"
    MANY = "many"
    BULK = "bulk"
    CANNED = "canned"


EXCLUDES = frozenset({Flag.STAFF_OWN, Flag.DUPLICATE})
"""A report with one of these counts as no complaint."""
NO_UNIT = EXCLUDES | {Flag.AGAIN}
"""A report with one of these adds no reporter to an estate's month."""
DOUBTS = frozenset({Flag.BULK})
"""Until the reporter confirms, such a resolution counts as none."""
LISTED = frozenset(Flag) - {Flag.AGAIN}
"""What the bureau gets to look at: a second report of one person is nothing odd in itself."""


@dataclass(frozen=True)
class Seen:
    """What the rules need of a report whose reporter is known by a mark; the mark itself goes nowhere."""

    report_id: int
    kind: str
    spot: tuple[object, ...]
    submitted_at: datetime
    ended_at: datetime | None


def judge(one: Seen, before: Sequence[Seen], *, staff: bool, guard: Guard) -> dict[Flag, str]:
    """The flags of a report with their reasons; `before` are the same person's earlier ones at the estate."""
    found: dict[Flag, str] = {}
    if staff:
        found[Flag.STAFF_OWN] = "工作人员上报自己负责的小区，不计入统计。"
    if any(_same_open(one, other) for other in before):
        found[Flag.DUPLICATE] = "同一人就同一处同一类问题重复上报，前一件还没有办结，只算一件。"
    if any(month(other.submitted_at) == month(one.submitted_at) for other in before):
        found[Flag.AGAIN] = "同一人本月在本小区已有上报，报告人数只算一人。"
    since = one.submitted_at - timedelta(days=guard.repeat_days)
    count = 1 + sum(other.submitted_at > since for other in before)
    if count >= guard.repeat_from:
        found[Flag.MANY] = f"同一人 {guard.repeat_days} 天内在本小区的第 {count} 件，报告人数只算一人。"
    return found


def _same_open(one: Seen, other: Seen) -> bool:
    still = other.ended_at is None or other.ended_at > one.submitted_at
    return still and (other.kind, other.spot) == (one.kind, one.spot)


def month(at: datetime) -> tuple[int, int]:
    """The month on the wall clock in which a person counts once."""
    local = at.astimezone(ZONE)
    return local.year, local.month


@dataclass(frozen=True)
class Resolution:
    """One report marked as resolved by a member of staff."""

    event_id: int
    report_id: int
    at: datetime


def bulks(done: Collection[Resolution], *, guard: Guard) -> list[list[Resolution]]:
    """The runs in which one person resolved too many within the book's minutes to have looked at each."""
    window, most = timedelta(minutes=guard.bulk_minutes), guard.bulk_from
    rows = sorted(done, key=lambda one: (one.at, one.event_id))
    odd: set[int] = set()
    for first, last in zip(range(len(rows)), range(most - 1, len(rows)), strict=False):
        if rows[last].at - rows[first].at <= window:
            odd |= set(range(first, last + 1))
    runs: list[list[Resolution]] = []
    for place in sorted(odd):
        if runs and place - 1 in odd:
            runs[-1].append(rows[place])
        else:
            runs.append([rows[place]])
    return runs


def bulk_words(run: Sequence[Resolution], *, guard: Guard) -> str:
    """Why a run is doubted."""
    return f"{guard.bulk_minutes} 分钟内连续办结（共 {len(run)} 件），报告人确认前不计入已解决，请抽查回访。"
