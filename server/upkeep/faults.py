"""What can be wrong with what was acknowledged, and what a run of the checker found (pure)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Fault(StrEnum):
    """What is missing or stands still; the definition of "nothing lost" turned round."""

    REPORT = "report"
    EVENT = "event"
    INBOX = "inbox"
    PUSH = "push"
    JOB = "job"
    NEXT = "next"
    ALARM = "alarm"
    CLOCK = "clock"
    STUCK = "stuck"


LOST = frozenset({Fault.REPORT, Fault.EVENT, Fault.STUCK})
"""What nobody may make up again, or only a worker can get going."""
WORDS = {
    Fault.REPORT: "报告不见了，收件箱或推送里还有它",
    Fault.EVENT: "报告没有“提交”这一步记录",
    Fault.INBOX: "收件人的收件箱里没有",
    Fault.PUSH: "应通知的人没有推送",
    Fault.JOB: "待发的推送没有任务",
    Fault.NEXT: "该转下一渠道的推送没有转",
    Fault.ALARM: "未送达的推送没有提醒",
    Fault.CLOCK: "时限已经到了，没有按时提醒，也没有安排再看",
    Fault.STUCK: "推送到时间超过十分钟还没处理，后台进程可能没有运行",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: what, in which county, with which report or push."""

    fault: Fault
    county_id: str
    report_id: int | None = None
    push_id: int | None = None
    no: str = ""
    """What a client was told, where that is all that is left."""

    @property
    def repaired(self) -> bool:
        """Whether the checker has made it good."""
        return self.fault not in LOST


def full(findings: Iterable[Finding], most: int) -> bool:
    """Whether one round mended as much of something as it may."""
    return max(Counter(one.fault for one in findings if one.repaired).values(), default=0) >= most


@dataclass(frozen=True)
class Outcome:
    """What one run found; `whole`: it looked at everything."""

    whole: bool
    findings: tuple[Finding, ...]
    report_id: int
    event_id: int
    took_ms: int
    oldest_push_s: int
    """For how many seconds the longest-waiting push has been due; 0 when none is."""
    more: bool = False
    """Whether it mended as much as one round may of something: the next round goes on."""

    @property
    def found(self) -> dict[str, int]:
        """Fault → how many, in the order of `Fault`."""
        counted = Counter(one.fault for one in self.findings)
        return {fault.value: counted[fault] for fault in Fault if counted[fault]}

    def after(self, earlier: "Outcome") -> "Outcome":
        """Both rounds in one: what the earlier one mended stays mended, what nobody can mend is counted once."""
        mended = tuple(one for one in earlier.findings if one.repaired)
        took = earlier.took_ms + self.took_ms
        return replace(self, findings=(*mended, *self.findings), took_ms=took)

    @property
    def repaired(self) -> int:
        """How many were made good."""
        return sum(one.repaired for one in self.findings)

    @property
    def lost(self) -> int:
        """How many could not be."""
        return len(self.findings) - self.repaired
