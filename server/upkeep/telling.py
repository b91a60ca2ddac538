"""What the checker found stands on the feed of the county that it concerns: what was mended, and what was not."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from server.core import clock
from server.escalation.feed import open_entries
from server.escalation.rules import Entry, Reason
from server.upkeep.faults import WORDS, Fault, Finding


def tell_bureaus(findings: Sequence[Finding], *, more: bool = False, now: datetime) -> None:
    """An entry a county and fault: one a run for what was mended, one a day for what nobody can mend.

    With `more` the run goes on: its first round's number is said to be the least.
    """
    counted = Counter((one.county_id, one.fault) for one in findings if one.county_id)
    open_entries(
        [
            _entry(*key, f"{number} 处以上" if more else f"{number} 处", now=now)
            for key, number in sorted(counted.items())
        ],
        now=now,
    )


def _entry(county_id: str, fault: Fault, number: str, *, now: datetime) -> Entry:
    mended = Finding(fault, county_id).repaired
    when = f"{now.timestamp():.0f}" if mended else f"{clock.today(now)}"
    done = "系统已自动补上，请留意" if mended else "不能自动补上，请技术人员尽快处理"
    detail = f"自动检查发现 {number}：{WORDS[fault]}。{done}。"
    return Entry(county_id, Reason.CHECK_FOUND, f"{Reason.CHECK_FOUND}:{fault}:{when}", detail)
